/**
 * Backups of this host: how old the newest is, when one was last restored on trial and proven, what was compared then,
 * and what to do.
 *
 * @module
 */

import type { JSX } from "preact";
import { Facts } from "../Data.tsx";
import { Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { DataTable, type TableColumn } from "../Table.tsx";
import { StateBadge, StateWord } from "../Words.tsx";

/** What is wrong or under way, and what to do. */
export interface BackupsNotice {
  /** Icon and colour. */
  readonly state: State;
  /** What it is, a few words. */
  readonly title: string;
  /** What is known of it, a sentence without a full stop; words of programs among it. */
  readonly words: string;
  /** What to do, a sentence without a full stop; `null`: nothing. */
  readonly todo: string | null;
  /** A command of the host that does it or says more; `null`: none. */
  readonly command: string | null;
}

/** A fact in words. */
export interface BackupsFact {
  /** Its name. */
  readonly label: string;
  /** Its value. */
  readonly value: string;
}

/** How backups or trial restores stand. */
export interface BackupsPart {
  /** Icon and colour of the word. */
  readonly state: State;
  /** How it stands, one or two words. */
  readonly word: string;
  /** The newest in one line: `2 days ago, 4 min 10 s`; `null`: there is none. */
  readonly line: string | null;
  /** What is wrong or under way; `null`: nothing. */
  readonly notice: BackupsNotice | null;
  /** What is known of the newest; empty: there is none. */
  readonly facts: readonly BackupsFact[];
}

/** A thing that was compared. */
export interface ComparisonRow {
  /** What. */
  readonly what: string;
  /** As the backup says it. */
  readonly backup: string;
  /** As it was found after the restore. */
  readonly restored: string;
}

/** What the page shows. */
export interface BackupsPageProps {
  /** The newest backup. */
  readonly backup: BackupsPart;
  /** The last proven restore. */
  readonly restore: BackupsPart;
  /** What was compared by the last proven restore; empty: there is none. */
  readonly compared: readonly ComparisonRow[];
  /** What differed at the last try; empty: nothing did, or it did not come to that. */
  readonly differing: readonly ComparisonRow[];
}

/** What to do when it matters; commands are the operators' tasks. */
const WAYS = [
  {
    label: "Make one now",
    value: (
      <>
        <code>deno task db:backup</code> on the host; a deploy makes one by itself
      </>
    ),
  },
  {
    label: "Prove the newest",
    value: (
      <>
        <code>deno task restore:drill</code>{" "}
        restores it into a scratch database beside the running one and compares; nothing that runs is touched
      </>
    ),
  },
  {
    label: "Restore",
    value: (
      <>
        <code>deno task db:restore</code>{" "}
        on a new host, into an empty database; it never writes over one that holds anything
      </>
    ),
  },
  {
    label: "Without the key",
    value: "Nobody can: keep the key that backups are encrypted to apart from this host",
  },
];

/** The newest backup, the last proven restore, what was compared, and the ways back. */
export function BackupsPage({ backup, restore, compared, differing }: BackupsPageProps): JSX.Element {
  const notices = [backup.notice, restore.notice].filter((notice) => notice !== null);
  return (
    <>
      <PageHead
        title="Backups"
        summary="What this host can start again from, and when that was last tried and proven."
      />
      <Column>
        {notices.map((notice) => <PartNotice key={notice.title} notice={notice} />)}
        {differing.length > 0 && (
          <ComparisonPanel
            title="What differed"
            id="differing"
            rows={differing}
            summary="Of the last try. What is not listed was equal."
          />
        )}
        <Split cut="1-1" even>
          <PartPanel title="Newest backup" id="backup" part={backup}>
            A backup is made each night and before each deploy, once the host is described with{" "}
            <code>backups</code>.
          </PartPanel>
          <PartPanel title="Last proven restore" id="restore" part={restore}>
            A backup counts once it was restored: a timer tries the newest each week.
          </PartPanel>
        </Split>
        {compared.length > 0 && (
          <ComparisonPanel
            title="What was compared"
            id="compared"
            rows={compared}
            summary="By the last proven restore: what the backup says of itself, and what was found after it was restored."
          />
        )}
        <Panel title="What to do" id="ways">
          <Facts kind="words" facts={WAYS} />
        </Panel>
      </Column>
    </>
  );
}

function PartNotice({ notice }: { readonly notice: BackupsNotice }): JSX.Element {
  const { state, title, words, todo, command } = notice;
  return (
    <Notice state={state} title={title}>
      <bdi class="foreign-words">{words}</bdi>.{todo !== null && (
        <>
          {" "}
          <bdi class="foreign-words">{todo}</bdi>.
        </>
      )}
      {command !== null && (
        <>
          {" "}On the host: <code>{command}</code>
        </>
      )}
    </Notice>
  );
}

function PartPanel({ title, id, part, children }: {
  readonly title: string;
  readonly id: string;
  readonly part: BackupsPart;
  /** What is said while there is none. */
  readonly children: JSX.Element | (JSX.Element | string)[] | string;
}): JSX.Element {
  const { state, word, line, facts } = part;
  return (
    <Panel title={title} id={id} beside={<StateBadge state={state}>{word}</StateBadge>} summary={line}>
      {facts.length > 0
        ? <Facts facts={facts.map(({ label, value }) => ({ label, value: <bdi>{value}</bdi> }))} />
        : <Empty icon="missing" title={word}>{children}</Empty>}
    </Panel>
  );
}

function ComparisonPanel({ title, id, rows, summary }: {
  readonly title: string;
  readonly id: string;
  readonly rows: readonly ComparisonRow[];
  readonly summary: string;
}): JSX.Element {
  return (
    <Panel title={title} id={id} summary={summary} flush>
      <DataTable caption={title} columns={COLUMNS} rows={rows} keyOf={({ what }) => what} />
    </Panel>
  );
}

const COLUMNS: readonly TableColumn<ComparisonRow>[] = [
  { id: "what", head: "What", place: "name", cell: ({ what }) => <bdi class="foreign-words">{what}</bdi> },
  {
    id: "same",
    head: "Verdict",
    place: "state",
    cell: ({ backup, restored }) =>
      backup === restored
        ? <StateWord state="good">Equal</StateWord>
        : <StateWord state="critical">Differs</StateWord>,
  },
  {
    id: "backup",
    head: "In the backup",
    number: true,
    place: "detail",
    detailName: "In the backup",
    cell: ({ backup }) => <bdi class="foreign-words">{backup}</bdi>,
  },
  {
    id: "restored",
    head: "Restored",
    number: true,
    place: "detail",
    detailName: "Restored",
    cell: ({ restored }) => <bdi class="foreign-words">{restored}</bdi>,
  },
];
