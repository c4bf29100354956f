/**
 * Where a person is signed in, with a way to end each.
 *
 * @module
 */

import type { JSX } from "preact";
import { PostButton } from "../Input.tsx";
import { Panel } from "../Page.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { Count, StateWord } from "../Words.tsx";

/** A session as its list shows it. */
export interface SessionRow {
  /** Names it without opening it. */
  readonly id: string;
  /** Whether it is the one that looks. */
  readonly current: boolean;
  /** Browser and system. */
  readonly browser: string;
  /** Address from which it was begun. */
  readonly address: string;
  /** When it was begun, in words. */
  readonly since: string;
  /** When it was last seen, in words. */
  readonly seen: string;
  /** By what it was begun, in words. */
  readonly by: string;
}

/** What the panel needs. */
export interface SessionsPanelProps {
  /** The sessions. */
  readonly sessions: readonly SessionRow[];
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** The list, and the way out everywhere else. */
export function SessionsPanel({ sessions, csrf }: SessionsPanelProps): JSX.Element {
  const elsewhere = sessions.filter(({ current }) => !current).length;
  return (
    <Panel
      title="Where you are signed in"
      id="sessions"
      beside={<Count>{sessions.length}</Count>}
      actions={elsewhere > 0 && (
        <PostButton action="/account/sessions" csrf={csrf} name="end" value="others">
          Sign out everywhere else
        </PostButton>
      )}
      flush
    >
      <DataTable
        caption="Where you are signed in"
        columns={columnsOf(csrf)}
        rows={sessions}
        keyOf={({ id }) => id}
      />
    </Panel>
  );
}

function columnsOf(csrf: string | undefined): readonly TableColumn<SessionRow>[] {
  return [
    { id: "browser", head: "Browser", place: "name", cell: ({ browser }) => browser },
    {
      id: "address",
      head: "From",
      place: "detail",
      detailName: "From",
      cell: ({ address }) => <code>{address}</code>,
    },
    {
      id: "by",
      head: "Signed in with",
      place: "detail",
      detailName: "Signed in with",
      spare: 1,
      cell: ({ by }) => by,
    },
    {
      id: "since",
      head: "Since",
      place: "detail",
      detailName: "Since",
      spare: 2,
      cell: ({ since }) => since,
    },
    { id: "seen", head: "Last seen", place: "detail", detailName: "Last seen", cell: ({ seen }) => seen },
    {
      id: "do",
      head: "What can be done",
      headUnseen: true,
      place: "do",
      cell: ({ id, current, browser }) =>
        current ? <StateWord state="good">This browser</StateWord> : (
          <PostButton
            action={`/account/sessions/${id}`}
            csrf={csrf}
            row
            label={`Sign out there: ${browser}`}
          >
            Sign out there
          </PostButton>
        ),
    },
  ];
}
