/**
 * One finding of the nightly check: what was seen, how often, since when, what to do, and putting it aside with a
 * reason.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { type Fact, Facts } from "../Data.tsx";
import { Button, Field, LinkButton, PostButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Part, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { StateBadge } from "../Words.tsx";

/** What the page needs. */
export interface FindingPageProps {
  /** What it is: `CT reversed?`. */
  readonly title: string;
  /** Chooses icon and colour. */
  readonly state: State;
  /** How much it matters, in words. */
  readonly stateWord: string;
  /** What was seen, with the numbers. */
  readonly seen: string;
  /** What to do. */
  readonly advice: string;
  /** The rule in a sentence. */
  readonly rule: string;
  /** How often; `null`: it is so or it is not. */
  readonly often: string | null;
  /** The night in which it was found first. */
  readonly firstLabel: string;
  /** The night in which it was found last. */
  readonly lastLabel: string;
  /** Its site. */
  readonly site: { readonly name: string; readonly href: string };
  /** What the device is called, and which model it is. */
  readonly device: { readonly name: string; readonly model: string; readonly href: string };
  /** Its register map; `null`: there is none any more. */
  readonly profileHref: string | null;
  /** Where a reading is posted; `null`: it is not offered. */
  readonly readAction: string | null;
  /** Who put it aside, why and until when; `null`: nobody. */
  readonly aside: AsideShown | null;
  /** Where it is put aside; `null`: it may not be. */
  readonly asideAction: string | null;
  /** Where it is brought back. */
  readonly backAction: string;
  /** Names what is seen here, so that something else is not put aside. */
  readonly seenKey: string;
  /** What was typed. */
  readonly values: { readonly reason: string; readonly until: string };
  /** What was wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
}

/** That somebody put it aside. */
export interface AsideShown {
  /** Who; `null`: an account that is gone. */
  readonly by: string | null;
  /** When. */
  readonly atLabel: string;
  /** Why. */
  readonly reason: string;
  /** Until when; `null`: until it changes. */
  readonly untilLabel: string | null;
}

/** How long a finding may be put aside. */
export const ASIDE_SPANS = [
  { value: "changes", label: "until it changes" },
  { value: "week", label: "for a week" },
  { value: "month", label: "for a month" },
  { value: "quarter", label: "for three months" },
] as const;

/** The page. */
export function FindingPage(props: FindingPageProps): JSX.Element {
  const { title, state, stateWord, site, device, aside } = props;
  return (
    <>
      <PageHead
        title={title}
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: site.name, href: site.href },
          { label: "Checks", href: "/sites/checks" },
        ]}
        badges={<StateBadge state={state}>{stateWord}</StateBadge>}
        summary={
          <>
            <a href={device.href}>{device.name}</a>, {device.model}
          </>
        }
      />
      {aside && <AsideNotice {...props} aside={aside} />}
      <Split cut="2-1">
        <SeenPanel {...props} />
        <Column>{!aside && <AsidePanel {...props} />}</Column>
      </Split>
    </>
  );
}

function SeenPanel(props: FindingPageProps): JSX.Element {
  const { seen, often, firstLabel, lastLabel, advice, rule, profileHref, readAction } = props;
  const facts: Fact[] = [{ label: "Since", value: firstLabel }, {
    label: "Looked at last",
    value: lastLabel,
  }];
  if (often !== null) facts.unshift({ label: "How often", value: often });
  return (
    <Panel
      title="What was found"
      id="found"
      summary={seen}
      foot={(profileHref !== null || readAction !== null) && (
        <span class="actions">
          {readAction !== null && <PostButton row icon="read" action={readAction}>Read now</PostButton>}
          {profileHref !== null && <LinkButton row href={profileHref}>Register map</LinkButton>}
        </span>
      )}
    >
      <Part title="What to do">
        <p>{advice}</p>
      </Part>
      <Part title="The rule">
        <p>{rule}</p>
      </Part>
      <Part title="When">
        <Facts facts={facts} />
      </Part>
    </Panel>
  );
}

function AsideNotice(
  { aside, backAction, asideAction }: FindingPageProps & { readonly aside: AsideShown },
): JSX.Element {
  const { by, atLabel, reason, untilLabel } = aside;
  return (
    <Notice
      state="info"
      title={`Put aside ${untilLabel === null ? "until it changes" : `until ${untilLabel}`}`}
      actions={asideAction !== null && <PostButton action={backAction}>Bring it back</PostButton>}
    >
      <bdi>“{reason}”</bdi>
      {`, by ${by ?? "somebody whose account is gone"}, ${atLabel}`}
    </Notice>
  );
}

function AsidePanel({ asideAction, seenKey, values, faults }: FindingPageProps): JSX.Element {
  if (asideAction === null) {
    return (
      <Panel title="Put aside" id="aside">
        <p class="muted">Technicians, operators and administrators may put it aside with a reason.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title="Put aside"
      id="aside"
      summary="Where it is as it should be: it is not counted any more, and comes back when it changes."
    >
      <form method="post" action={asideAction} class="form">
        <FaultsNotice faults={{ reason: faults["reason"], until: faults["until"] }} other={faults[""]} />
        <input type="hidden" name="key" value={seenKey} />
        <Field
          name="reason"
          label="Why"
          required
          span={12}
          maxLength={200}
          value={values.reason}
          fault={faults["reason"]}
          hint="Such as: PV on the roof, 8 kW."
        />
        <Field
          name="until"
          label="How long"
          span={12}
          value={values.until}
          options={ASIDE_SPANS}
          fault={faults["until"]}
        />
        <div>
          <Button kind="primary">Put aside</Button>
        </div>
      </form>
    </Panel>
  );
}
