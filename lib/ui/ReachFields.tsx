/**
 * Which sites somebody reaches, as fields of a form: all, or groups and sites to tick. Sites are looked for by name;
 * the button that looks sends the form, so that it needs no script and nothing typed is lost.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { countText, numberText } from "./format.ts";
import { Button, Field, Tick } from "./Input.tsx";

/** Something to tick. */
export interface ReachTick {
  /** Its id. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** More about it: its sites, or its town; may be empty. */
  readonly note: string;
}

/** What is chosen and what there is to choose from. */
export interface ReachChoice {
  /** `all`, `some`, or whatever was sent. */
  readonly kind: string;
  /** All groups. */
  readonly groups: readonly ReachTick[];
  /** Those of them that are ticked. */
  readonly groupIds: readonly number[];
  /** Sites that are ticked. */
  readonly sites: readonly ReachTick[];
  /** What was looked for. */
  readonly find: string;
  /** Sites found that are not ticked, and how many fit in all; `null`: nothing was looked for. */
  readonly found: { readonly sites: readonly ReachTick[]; readonly total: number } | null;
}

const KINDS = [
  { value: "all", label: "All sites" },
  { value: "some", label: "Only what is ticked below" },
];

/** The fields. */
export function ReachFields(
  { choice, faults, disabled }: {
    readonly choice: ReachChoice;
    readonly faults: Readonly<Record<string, string>>;
    readonly disabled?: boolean | undefined;
  },
): JSX.Element {
  const { kind, groups, groupIds, sites, find, found } = choice;
  return (
    <>
      <Field
        name="reach"
        label="Reaches"
        value={kind}
        options={KINDS}
        fault={faults["reach"]}
        disabled={disabled}
        span={6}
      />
      <Ticks legend="Groups of sites" empty={groups.length === 0 ? "There are no groups yet." : undefined}>
        {groups.map((group) => (
          <SomethingTick key={group.id} name="group" of={group} ticked={groupIds.includes(group.id)} />
        ))}
      </Ticks>
      <Ticks legend="Sites by name" empty={sites.length === 0 && !found ? "None is ticked." : undefined}>
        {sites.map((site) => <SomethingTick key={site.id} name="site" of={site} ticked />)}
        {found?.sites.map((site) => <SomethingTick key={site.id} name="site" of={site} ticked={false} />)}
      </Ticks>
      <Field
        name="find"
        label="Find sites to tick"
        type="search"
        value={find}
        hint={foundWords(choice)}
        fault={faults["find"]}
        maxLength={80}
        disabled={disabled}
        span={6}
        suffix={!disabled && <Button name="do" value="find">Find</Button>}
      />
    </>
  );
}

function foundWords({ found }: ReachChoice): string {
  if (!found) return "Part of a name or town. What you typed above is kept.";
  const { sites, total } = found;
  if (total === 0) return "No site fits.";
  if (sites.length === 0) return `${countText(total, "site")} found, all ticked already.`;
  return total > sites.length
    ? `${numberText(sites.length)} of ${
      countText(total, "site")
    } found are shown above: type more of the name.`
    : `${countText(total, "site")} found, shown above.`;
}

function SomethingTick(
  { name, of, ticked }: {
    readonly name: "group" | "site";
    readonly of: ReachTick;
    readonly ticked: boolean;
  },
): JSX.Element {
  return (
    <Tick name={`${name}-${of.id}`} checked={ticked}>
      <bdi>{of.name}</bdi>
      {of.note !== "" && <span class="muted">{` ${of.note}`}</span>}
    </Tick>
  );
}

/** Boxes to tick under one heading, side by side where there is room. */
export function Ticks(
  { legend, empty, children }: {
    /** What they are. */
    readonly legend: string;
    /** Said where there is none. */
    readonly empty?: string | undefined;
    /** The boxes. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <fieldset class="field">
      <legend>{legend}</legend>
      {empty === undefined ? <div class="ticks">{children}</div> : <p class="muted">{empty}</p>}
    </fieldset>
  );
}
