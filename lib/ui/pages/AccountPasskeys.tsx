/**
 * The passkeys of an account, each with its name, age and where copies of it lie.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Button, Csrf, Field, LinkButton, PostButton } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { Count, IconWord } from "../Words.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";

/** A passkey as its list shows it. */
export interface PasskeyRow {
  /** Names it in its link. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  /** Whether a copy lies with the maker of the device. */
  readonly backedUp: boolean;
  /** When it was added, in words. */
  readonly added: string;
  /** When it was last used, in words; `null`: never. */
  readonly lastUsed: string | null;
}

/** What the panel needs. */
export interface PasskeysPanelProps {
  /** The passkeys. */
  readonly passkeys: readonly PasskeyRow[];
  /** Why there can be none here; `null`: there can. */
  readonly noPasskeys: string | null;
  /** What adds another one; absent: as many as there may be. */
  readonly children?: ComponentChildren;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

const COLUMNS: readonly TableColumn<PasskeyRow>[] = [
  { id: "name", head: "Name", place: "name", cell: ({ name }) => name },
  {
    id: "copies",
    head: "Kept",
    place: "detail",
    detailName: "Kept",
    spare: 1,
    cell: ({ backedUp }) => (
      <IconWord icon={backedUp ? "backup" : "key"}>
        {backedUp ? "on all your devices that share it" : "on one device alone"}
      </IconWord>
    ),
  },
  { id: "added", head: "Added", place: "detail", detailName: "Added", spare: 2, cell: ({ added }) => added },
  {
    id: "used",
    head: "Last used",
    place: "detail",
    detailName: "Last used",
    cell: ({ lastUsed }) => lastUsed ?? "never",
  },
  {
    id: "do",
    head: "What can be done",
    headUnseen: true,
    place: "do",
    cell: ({ id, name }) => (
      <LinkButton href={`/account/passkeys/${id}`} row label={`Rename or remove ${name}`}>
        Rename or remove
      </LinkButton>
    ),
  },
];

/** The list, and what adds one. */
export function PasskeysPanel({ passkeys, noPasskeys, children }: PasskeysPanelProps): JSX.Element {
  const impossible = noPasskeys !== null && passkeys.length === 0;
  const foot = impossible
    ? undefined
    : noPasskeys !== null
    ? <p class="muted">{noPasskeys}</p>
    : children ?? <p class="muted">Ten passkeys are as many as there may be. Remove one to add another.</p>;
  return (
    <Panel
      title="Passkeys"
      id="passkeys"
      beside={passkeys.length > 0 && <Count>{passkeys.length}</Count>}
      summary="A passkey is a key in your phone, computer or security key. It signs you in without a password and cannot be guessed or given to a false page."
      foot={foot}
      flush={!impossible}
    >
      {passkeys.length > 0
        ? (
          <DataTable
            caption="Your passkeys"
            columns={COLUMNS}
            rows={passkeys}
            keyOf={({ id }) => id}
          />
        )
        : !impossible
        ? (
          <Empty icon="key" title="No passkeys">
            Add one on each device you sign in with.
          </Empty>
        )
        : <Notice state="info" title="Not possible here">{noPasskeys}</Notice>}
    </Panel>
  );
}

/** What the page of one passkey needs. */
export interface PasskeyPageProps {
  /** The passkey. */
  readonly passkey: PasskeyRow;
  /** Its name as stored, or as typed. */
  readonly name: string;
  /** Longest name in characters. */
  readonly nameMax: number;
  /** Why the name was not taken; `null`: it was. */
  readonly fault: string | null;
  /** Whether it was to be removed and is the last second factor, which the owner's role must have. */
  readonly last: boolean;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** One passkey: its name, and the way to remove it. */
export function PasskeyPage({ passkey, name, nameMax, fault, last, csrf }: PasskeyPageProps): JSX.Element {
  const { id, added, lastUsed, backedUp } = passkey;
  return (
    <>
      <PageHead
        title={passkey.name}
        crumbs={[{ label: "Account", href: "/account" }, { label: passkey.name }]}
        summary={`Added ${added}, ${lastUsed === null ? "never used" : `last used ${lastUsed}`}.`}
      />
      <Split cut="1-1">
        <Panel title="Name" id="name-title">
          <form class="form" method="post" action={`/account/passkeys/${id}`}>
            <Csrf token={csrf} />
            <Field
              name="name"
              label="Name"
              value={name}
              fault={fault ?? undefined}
              hint="By which you know it again, such as the device it lies on."
              maxLength={nameMax}
              required
            />
            <div class="actions">
              <Button kind="primary">Save name</Button>
              <LinkButton href="/account#passkeys" kind="quiet">Cancel</LinkButton>
            </div>
          </form>
        </Panel>
        <Panel title="Remove" id="remove-title">
          <Column>
            {last && (
              <Notice
                state="critical"
                title="Not removed: your role needs a second factor, and this is your last"
                live="assertive"
                actions={<LinkButton href="/account/second-factor">Set up codes of an app</LinkButton>}
              >
                Set up codes of an app or add another passkey first.
              </Notice>
            )}
            <p>
              It signs nobody in from then on. {backedUp
                ? "Delete it in the account that keeps its copies, too."
                : "Delete it on its device, too."}
            </p>
            <PostButton action={`/account/passkeys/${id}/remove`} csrf={csrf} kind="danger">
              Remove passkey
            </PostButton>
          </Column>
        </Panel>
      </Split>
    </>
  );
}
