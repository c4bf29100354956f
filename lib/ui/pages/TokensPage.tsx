/**
 * API tokens of a person: those they have, the form for another one, and the one time that a token is shown.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../format.ts";
import { Button, Csrf, Field, LinkButton, PostButton, Tick } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { PageHead, Panel, Part } from "../Page.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { StateWord } from "../Words.tsx";

/** A token as its list shows it. */
export interface TokenRow {
  /** Its id. */
  readonly id: number;
  /** What it is for. */
  readonly name: string;
  /** Whether it may change anything. */
  readonly mayWrite: boolean;
  /** What it reaches, in words. */
  readonly reachWords: string;
  /** How it stands. */
  readonly standing: "good" | "over" | "revoked";
  /** When it is or was over, in words. */
  readonly expiresLabel: string;
  /** When it was last used, in words; `null`: never. */
  readonly lastUsedLabel: string | null;
  /** From which address; `null`: never, or not known. */
  readonly lastUsedFrom: string | null;
}

/** What the list needs. */
export interface TokensPageProps {
  /** Tokens: those in use, then the others, each the newest first. */
  readonly tokens: readonly TokenRow[];
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

const PATH = "/account/tokens";

const CRUMBS = [{ label: "API tokens", href: PATH }];

/** The tokens of a person. */
export function TokensPage({ tokens, csrf }: TokensPageProps): JSX.Element {
  const alive = tokens.filter(({ standing }) => standing === "good").length;
  return (
    <>
      <PageHead
        title="API tokens"
        summary="A token lets a program in without your password. It can do what you can do now, never more."
        actions={tokens.length > 0 && (
          <LinkButton href={`${PATH}/new`} kind="primary" icon="plus">Make a token</LinkButton>
        )}
      />
      {tokens.length === 0
        ? (
          <Panel>
            <Empty
              icon="forbidden"
              title="No tokens"
              action={<LinkButton href={`${PATH}/new`} kind="primary">Make a token</LinkButton>}
            >
              A token lets a program ask for your sites' half-hours without your password.
            </Empty>
          </Panel>
        )
        : (
          <Panel title={`${countText(alive, "token")} in use`} id="tokens" flush>
            <DataTable
              caption="Your API tokens"
              columns={columnsOf(csrf)}
              rows={tokens}
              keyOf={({ id }) => id}
            />
          </Panel>
        )}
      <p class="muted">
        What a program can ask for stands in <a href="/api/v1/openapi.json">the description of the API</a>
        {" "}
        (OpenAPI 3.1), which any client generator reads.
      </p>
    </>
  );
}

function columnsOf(csrf: string | undefined): readonly TableColumn<TokenRow>[] {
  return [
    { id: "name", head: "Name", place: "name", cell: ({ name }) => name },
    {
      id: "standing",
      head: "State",
      place: "state",
      cell: ({ standing }) => <Standing standing={standing} />,
    },
    {
      id: "scope",
      head: "Can",
      place: "detail",
      detailName: "Can",
      cell: ({ mayWrite }) => mayWrite ? "read and change" : "read",
    },
    {
      id: "reach",
      head: "Reaches",
      place: "detail",
      detailName: "Reaches",
      spare: 2,
      cell: ({ reachWords }) => reachWords,
    },
    {
      id: "expires",
      head: "Expires",
      place: "detail",
      detailName: "Expires",
      cell: ({ expiresLabel }) => expiresLabel,
    },
    {
      id: "used",
      head: "Last used",
      place: "detail",
      detailName: "Last used",
      spare: 1,
      cell: ({ lastUsedLabel, lastUsedFrom }) =>
        lastUsedLabel === null ? "never" : `${lastUsedLabel}${lastUsedFrom ? ` from ${lastUsedFrom}` : ""}`,
    },
    {
      id: "do",
      head: "What can be done",
      headUnseen: true,
      place: "do",
      cell: ({ id, name, standing }) =>
        standing === "good" && (
          <PostButton
            action={PATH}
            csrf={csrf}
            name="revoke"
            value={String(id)}
            kind="danger"
            row
            label={`Revoke ${name}`}
          >
            Revoke
          </PostButton>
        ),
    },
  ];
}

function Standing({ standing }: { readonly standing: TokenRow["standing"] }): JSX.Element {
  switch (standing) {
    case "good":
      return <StateWord state="good">In use</StateWord>;
    case "over":
      return <StateWord state="stale">Over</StateWord>;
    case "revoked":
      return <StateWord state="forbidden">Revoked</StateWord>;
  }
}

/** A group of sites that a token can be cut to. */
export interface TokenGroup {
  /** Its id. */
  readonly id: number;
  /** What people call it. */
  readonly name: string;
  /** Whether it is ticked. */
  readonly chosen: boolean;
}

/** What the form needs. */
export interface NewTokenPageProps {
  /** Name as typed. */
  readonly name: string;
  /** What it may, as chosen. */
  readonly scope: string;
  /** Days as typed. */
  readonly days: string;
  /** Groups that can be chosen; none ticked: all that its owner reaches. */
  readonly groups: readonly TokenGroup[];
  /** What was wrong, by field; `""` is the whole. */
  readonly faults: Readonly<Record<string, string>>;
  /** Sent back with the form, so that sending it twice makes one token. */
  readonly once: string;
  /** Whether its owner may change anything that a token could. */
  readonly canWrite: boolean;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

const SCOPES = [
  { value: "read", label: "Read" },
  { value: "write", label: "Read and change" },
];

/** The form for a token. */
export function NewTokenPage(props: NewTokenPageProps): JSX.Element {
  const { name, scope, days, groups, faults, once, canWrite, csrf } = props;
  const wrong = Object.keys(faults).length;
  return (
    <>
      <PageHead title="Make an API token" crumbs={[...CRUMBS, { label: "New" }]} />
      {wrong > 0 && (
        <Notice
          state="critical"
          title={faults[""] ?? `${countText(wrong, "thing")} to put right`}
          live="assertive"
        >
          Nothing was made; everything is as you typed it.
        </Notice>
      )}
      <Panel>
        <form class="form" method="post" action={`${PATH}/new`}>
          <Csrf token={csrf} />
          <input type="hidden" name="once" value={once} />
          <Field
            name="name"
            label="Name"
            hint="What it is for, such as the program that uses it."
            value={name}
            fault={faults.name}
            maxLength={80}
            span={6}
            required
          />
          <Field
            name="scope"
            label="It can"
            value={scope}
            fault={faults.scope}
            options={canWrite ? SCOPES : SCOPES.slice(0, 1)}
            span={3}
          />
          <Field
            name="days"
            label="Expires in"
            type="number"
            value={days}
            fault={faults.days}
            hint="1 to 365."
            suffix="days"
            span={3}
            required
          />
          {groups.length > 0 && <GroupTicks groups={groups} />}
          <div class="actions">
            <Button kind="primary">Make token</Button>
            <LinkButton href={PATH} kind="quiet">Cancel</LinkButton>
          </div>
        </form>
      </Panel>
    </>
  );
}

function GroupTicks({ groups }: { readonly groups: readonly TokenGroup[] }): JSX.Element {
  return (
    <fieldset class="field" data-span={12}>
      <legend>Groups of sites</legend>
      {groups.map(({ id, name, chosen }) => <Tick key={id} name={`group-${id}`} checked={chosen}>{name}
      </Tick>)}
      <span class="hint">None ticked: every site you reach, also those you will reach later.</span>
    </fieldset>
  );
}

/** What the page of a new token needs. */
export interface MadeTokenPageProps {
  /** What it is called. */
  readonly name: string;
  /** The token, shown this once. */
  readonly text: string;
  /** When it is over, in words. */
  readonly expiresLabel: string;
  /** Where the product answers. */
  readonly origin: string;
}

/** The one time that a token is shown. */
export function MadeTokenPage({ name, text, expiresLabel, origin }: MadeTokenPageProps): JSX.Element {
  return (
    <>
      <PageHead
        title="Your new token"
        crumbs={[...CRUMBS, { label: name }]}
        actions={<LinkButton href={PATH} kind="primary">I have kept it</LinkButton>}
      />
      <Notice state="warn" title="Shown this once">
        Copy it now and keep it like a password. We keep only what proves it; a lost token is replaced.
      </Notice>
      <Panel>
        <Part title={name} beside={`expires ${expiresLabel}`}>
          <p>
            <label class="unseen" for="token">Token</label>
            <input
              class="input"
              id="token"
              readonly
              size={56}
              value={text}
              autocomplete="off"
              spellcheck={false}
            />
          </p>
        </Part>
        <Part title="Try it">
          <p>
            <code>{`curl -H "Authorization: Bearer $WATTPOST_TOKEN" ${origin}/api/v1/sites`}</code>
          </p>
        </Part>
      </Panel>
    </>
  );
}
