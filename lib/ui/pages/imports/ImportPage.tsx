/**
 * One import: what was judged, what can be done with it, and its rows.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { ImportState, OutcomeCounts, RowCounts } from "../../../domain/site_import.ts";
import { countText, numberText } from "../../format.ts";
import { Button, LinkButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateBadge } from "../../Words.tsx";
import { Readout } from "../../Data.tsx";
import { ImportRows, type ImportRowsProps } from "./ImportRows.tsx";
import { importStateWord } from "./ImportsPage.tsx";

/** What the page needs. */
export interface ImportPageProps {
  /** As the file is called. */
  readonly fileName: string;
  /** How it stands. */
  readonly state: ImportState;
  /** When it was uploaded. */
  readonly whenLabel: string;
  /** Sites in it. */
  readonly sites: number;
  /** Rows by how they were judged. */
  readonly counts: RowCounts;
  /** Sites by what became of them. */
  readonly outcomes: OutcomeCounts;
  /** What is being done, as an island where there are scripts; `null`: nothing. */
  readonly work: ComponentChildren;
  /** How the last work ended; `null`: well, or there was none. */
  readonly ended: Told | null;
  /** What was just done or refused; `null`: nothing. */
  readonly told: Told | null;
  /** What can be done; each `null`: not now. */
  readonly actions: {
    readonly registerHref: string | null;
    readonly testAllAction: string | null;
    readonly refusedHref: string | null;
    readonly undoHref: string | null;
  };
  /** The rows; `null`: they are being judged. */
  readonly rows: ImportRowsProps | null;
}

/** The page. */
export function ImportPage(props: ImportPageProps): JSX.Element {
  const { fileName, state, whenLabel, work, ended, told, rows } = props;
  const badge = importStateWord(state);
  return (
    <>
      <PageHead
        title={fileName}
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Import", href: "/sites/import" },
          { label: fileName },
        ]}
        badges={<StateBadge state={badge.state} icon={badge.icon}>{badge.words}</StateBadge>}
        summary={`Uploaded ${whenLabel}. ${summaryOf(props)}`}
        actions={<Actions {...props} />}
      />
      <ToldNotice told={told} />
      {work}
      <ToldNotice told={ended} />
      <Outcome {...props} />
      {rows && <Verdicts {...props} />}
      {rows && <ImportRows {...rows} />}
    </>
  );
}

function summaryOf({ counts, sites, state }: ImportPageProps): string {
  const rows = counts.good + counts.warn + counts.refused + counts.held;
  if (state === "judging") return "Its rows are being judged.";
  return `${countText(rows, "row")} of ${countText(sites, "site")}.`;
}

function Actions({ actions, counts, state }: ImportPageProps): JSX.Element {
  const { registerHref, testAllAction, refusedHref, undoHref } = actions;
  const good = counts.good + counts.warn;
  return (
    <>
      {undoHref !== null && <LinkButton href={undoHref}>Take it back</LinkButton>}
      {refusedHref !== null && (
        <LinkButton icon="download" href={refusedHref}>
          {`${numberText(counts.refused + counts.held)} refused rows`}
        </LinkButton>
      )}
      {testAllAction !== null && (
        <form method="post" action={testAllAction}>
          <Button icon="read" name="which" value="all">Test all good rows</Button>
        </form>
      )}
      {registerHref !== null && (
        <LinkButton kind="primary" icon="check" href={registerHref}>
          {state === "committing" ? "Go on registering" : `Register the ${numberText(good)} good rows`}
        </LinkButton>
      )}
    </>
  );
}

function Verdicts({ counts, state }: ImportPageProps): JSX.Element {
  const { good, warn, refused, held } = counts;
  // Once it was taken back, nothing may sound as if its sites stood.
  const past = state === "undone" || state === "undoing" ? "judged so before it was taken back" : null;
  const figure = (count: number) => ({ text: numberText(count), unit: "" });
  return (
    <Panel flush>
      <Readout
        figures={[
          { label: "Good", figure: figure(good), note: past ?? "nothing to say about them" },
          {
            label: "Good, worth a look",
            figure: figure(warn),
            note: past ?? "registered with the good ones",
          },
          { label: "Refused", figure: figure(refused), note: "what is wrong stands beside each cell" },
          { label: "Held back", figure: figure(held), note: "another row of their site is refused" },
        ]}
      />
    </Panel>
  );
}

/** What became of the sites, where anything has. */
function Outcome({ state, outcomes }: ImportPageProps): JSX.Element | null {
  const { registered, refused, removed, stopped, changed, read } = outcomes;
  const left = [
    refused > 0 &&
    `${countText(refused, "site")} could not be registered: a name was taken meanwhile, or a group is gone`,
    changed > 0 && `${countText(changed, "site")} stayed, because somebody has changed them since`,
    read > 0 && `${countText(read, "site")} stayed, because they have readings`,
    stopped > 0 && `${countText(stopped, "site")} with readings stayed and are collected no more`,
  ].filter((words) => words !== false);
  const more = left.length === 0 ? null : `${left.join(". ")}.`;
  if (state === "committed") {
    return (
      <Notice
        state={refused > 0 ? "warn" : "good"}
        title={`${countText(registered, "site")} registered`}
        live="polite"
        actions={<LinkButton href="/sites">Look at the sites</LinkButton>}
      >
        {more ?? "Each is collected from its next half-hour on."}
      </Notice>
    );
  }
  if (state !== "undone") return null;
  return (
    <Notice
      state={left.length > 0 ? "warn" : "good"}
      title={`${countText(removed, "site")} removed`}
      live="polite"
    >
      {more ?? "Nothing of this import is left."}
    </Notice>
  );
}
