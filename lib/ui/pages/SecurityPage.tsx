/**
 * Which roles must have a second factor, who has none yet, and the rules that hold anyway.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Role } from "../../domain/permission.ts";
import { FaultsNotice } from "../AlonePage.tsx";
import { Facts } from "../Data.tsx";
import { countText, numberText } from "../format.ts";
import { Icon } from "../Icon.tsx";
import { Button } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { PageHead, Panel, Split } from "../Page.tsx";

/** A role, and how its people who may come in stand. */
export interface RoleFactorRow {
  /** The role. */
  readonly role: Role;
  /** Name of its box in the form. */
  readonly field: string;
  /** Its name. */
  readonly label: string;
  /** People who have a second factor. */
  readonly have: number;
  /** People who have none. */
  readonly lack: number;
  /** The first of those who have none. */
  readonly lacking: readonly { readonly name: string; readonly href: string }[];
}

/** A rule that nobody changes here. */
export interface SecurityRule {
  /** What it is about. */
  readonly label: string;
  /** What holds, in words. */
  readonly value: string;
}

/** What the page shows. */
export interface SecurityPageProps {
  /** All roles. */
  readonly rows: readonly RoleFactorRow[];
  /** Roles that are ticked, as typed or stored. */
  readonly ticked: readonly Role[];
  /** Version of the setting. */
  readonly version: number;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** The role of who looks, if they have no second factor; `null`: they have one. */
  readonly ownLacking: Role | null;
  /** People who were signed out when it was saved just now; `null`: nothing was. */
  readonly saved: number | null;
  /** Whether who looks may change it. */
  readonly mayChange: boolean;
  /** What holds anyway. */
  readonly rules: readonly SecurityRule[];
}

/** The form, and the rules beside it. */
export function SecurityPage(props: SecurityPageProps): JSX.Element {
  return (
    <>
      <PageHead title="Security" summary="How people come in, and what holds besides." />
      <SavedNotice saved={props.saved} />
      <Split cut="1-1">
        <RolesPanel {...props} />
        <Panel
          title="What holds anyway"
          id="rules"
          summary="Part of the program: nobody changes it on a page."
        >
          <Facts facts={props.rules} />
        </Panel>
      </Split>
    </>
  );
}

function SavedNotice({ saved }: Pick<SecurityPageProps, "saved">): JSX.Element | null {
  if (saved === null) return null;
  return (
    <Notice state="good" title="Saved" live="polite">
      {saved === 0
        ? "Nobody had to be signed out."
        : `${countText(saved, "person is", "people are")} signed out and set one up at the next sign-in.`}
    </Notice>
  );
}

function RolesPanel(props: SecurityPageProps): JSX.Element {
  const { rows, faults, mayChange } = props;
  const { "": other, ...beside } = faults;
  return (
    <Panel
      title="Roles that must have a second factor"
      id="second-factor"
      summary="Codes of an app or a passkey. People of a newly ticked role who have neither are signed out at once and set one up at their next sign-in."
    >
      <form method="post" action="/admin/security" class="form">
        <FaultsNotice faults={beside} other={other} />
        <input type="hidden" name="version" value={props.version} />
        <fieldset class="form" disabled={!mayChange}>
          <legend class="unseen">Roles that must have a second factor</legend>
          {rows.map((row) => <RoleTick key={row.role} row={row} {...props} />)}
        </fieldset>
        {mayChange && (
          <div>
            <Button kind="primary">Save</Button>
          </div>
        )}
      </form>
    </Panel>
  );
}

function RoleTick(
  { row, ticked, faults, ownLacking }: SecurityPageProps & { readonly row: RoleFactorRow },
): JSX.Element {
  const { role, field, label } = row;
  const fault = faults[field];
  return (
    <div class="field">
      <label class="tick">
        <input
          type="checkbox"
          name={field}
          checked={ticked.includes(role)}
          aria-invalid={fault ? "true" : undefined}
          aria-describedby={fault ? `${field}-hint ${field}-fault` : `${field}-hint`}
        />
        <span>{label}</span>
      </label>
      <span class="hint" id={`${field}-hint`}>
        <Standing row={row} />
      </span>
      {fault && (
        <span class="fault" id={`${field}-fault`}>
          <Icon name="critical" />
          <span>
            {fault}
            {role === ownLacking && (
              <>
                {": "}
                <a href="/account/second-factor">set it up</a>
              </>
            )}
          </span>
        </span>
      )}
    </div>
  );
}

function allHave(people: number): string {
  if (people === 1) return "The one person has one.";
  return people === 2 ? "Both people have one." : `All ${numberText(people)} people have one.`;
}

/** The beginning of a sentence that goes on with who has none. */
function someHave(have: number, people: number): string {
  if (people === 1) return "The one person has none";
  const has = have === 1 ? "has" : "have";
  return have === 0
    ? `None of ${numberText(people)} people has one`
    : `${numberText(have)} of ${numberText(people)} people ${has} one. Without`;
}

/** How many have one, and who does not. */
function Standing({ row }: { readonly row: RoleFactorRow }): JSX.Element {
  const { have, lack, lacking } = row;
  if (have + lack === 0) return <>Nobody has this role.</>;
  if (lack === 0) return <>{allHave(have)}</>;
  const others = lack - lacking.length;
  return (
    <>
      {`${someHave(have, have + lack)}: `}
      {lacking.map(({ name, href }, i) => (
        <span key={href}>
          {i > 0 && ", "}
          <a href={href}>
            <bdi>{name}</bdi>
          </a>
        </span>
      ))}
      {others > 0 ? ` and ${countText(others, "other")}.` : "."}
    </>
  );
}
