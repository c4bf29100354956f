/**
 * A person's own account: who they are, how they sign in, and where they are signed in.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Facts } from "../Data.tsx";
import { countText } from "../format.ts";
import { Button, Csrf, Field, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { type PasskeyRow, PasskeysPanel } from "./AccountPasskeys.tsx";
import { type SessionRow, SessionsPanel } from "./AccountSessions.tsx";

/** How the second factor stands. */
export interface SecondFactorState {
  /** Whether codes of an app are set up. */
  readonly codes: boolean;
  /** Recovery codes that are left. */
  readonly codesLeft: number;
  /** Whether the person's role must have one. */
  readonly required: boolean;
}

/** What the page needs. */
export interface AccountPageProps {
  /** What people call them: as stored, or as typed. */
  readonly name: string;
  /** Longest name in characters. */
  readonly nameMax: number;
  /** Why the name was not taken; absent: it was. */
  readonly nameFault?: string | undefined;
  /** Address they sign in with. */
  readonly email: string;
  /** The address that is to take its place once both have agreed; `null`: none. */
  readonly newEmail: string | null;
  /** Their role, a word. */
  readonly role: string;
  /** What they reach, in words. */
  readonly reach: string;
  /** When the password was set, in words; `null`: not known. */
  readonly passwordSet: string | null;
  /** The second factor. */
  readonly secondFactor: SecondFactorState;
  /** Passkeys, the oldest first. */
  readonly passkeys: readonly PasskeyRow[];
  /** Why there can be none here; `null`: there can. */
  readonly noPasskeys: string | null;
  /** What adds another one; absent: as many as there may be. */
  readonly addPasskey?: ComponentChildren;
  /** Sessions, the newest first. */
  readonly sessions: readonly SessionRow[];
  /** The sign-in before this one, in words; `null`: this is the first. */
  readonly signInBefore: string | null;
  /** Whether they may have API tokens. */
  readonly tokens: boolean;
  /** What has just been done, a sentence; `null`: nothing. */
  readonly done: string | null;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** The whole account. */
export function AccountPage(props: AccountPageProps): JSX.Element {
  const { passkeys, noPasskeys, addPasskey, sessions, signInBefore, done, csrf } = props;
  return (
    <>
      <PageHead
        title="Account"
        summary={signInBefore === null
          ? "This is your first sign-in."
          : `Your sign-in before this one was on ${signInBefore}. If that was not you, change your password.`}
      />
      {done !== null && <Notice state="good" title={done} live="polite" />}
      <Split cut="1-1">
        <Column>
          <YouPanel {...props} />
        </Column>
        <Column>
          <SigningInPanel {...props} />
        </Column>
      </Split>
      <PasskeysPanel passkeys={passkeys} noPasskeys={noPasskeys} csrf={csrf}>{addPasskey}</PasskeysPanel>
      <SessionsPanel sessions={sessions} csrf={csrf} />
    </>
  );
}

function YouPanel({ name, nameMax, nameFault, role, reach, csrf }: AccountPageProps): JSX.Element {
  return (
    <Panel title="You" id="you">
      <form class="form" method="post" action="/account">
        <Csrf token={csrf} />
        <Field
          name="name"
          label="Name"
          autocomplete="name"
          value={name}
          fault={nameFault}
          maxLength={nameMax}
          required
          suffix={<button class="button" type="submit">Save name</button>}
        />
      </form>
      <Facts
        facts={[
          { label: "Role", value: role },
          { label: "Sites you reach", value: reach },
        ]}
      />
    </Panel>
  );
}

function SigningInPanel(props: AccountPageProps): JSX.Element {
  const { email, newEmail, passwordSet, secondFactor, passkeys, tokens } = props;
  return (
    <Panel title="Signing in" id="signing-in" flush>
      <ul class="rows ways-in">
        <Way
          label="E-mail"
          value={newEmail === null ? email : `${email}, soon ${newEmail}: both have to agree`}
          href="/account/email"
          action="Change"
        />
        <Way
          label="Password"
          value={passwordSet === null ? "Set" : `Set on ${passwordSet}`}
          href="/account/password"
          action="Change"
        />
        <Way
          label="Second factor"
          value={secondFactorWords(secondFactor, passkeys.length)}
          href="/account/second-factor"
          action={secondFactor.codes ? "Manage" : "Set up"}
        />
        {tokens && (
          <Way
            label="API tokens"
            value="For programs that ask for your sites"
            href="/account/tokens"
            action="Open"
          />
        )}
      </ul>
    </Panel>
  );
}

function secondFactorWords({ codes, codesLeft, required }: SecondFactorState, passkeys: number): string {
  if (codes) return `Codes of an app, ${countText(codesLeft, "recovery code")} left`;
  if (!required) return "None";
  return passkeys > 0 ? "A passkey" : "None yet; your role needs one";
}

interface WayProps {
  readonly label: string;
  readonly value: string;
  readonly href: string;
  readonly action: string;
}

function Way({ label, value, href, action }: WayProps): JSX.Element {
  return (
    <li>
      <span>
        <b>{label}</b>
        <span class="muted">{value}</span>
      </span>
      <LinkButton href={href} row label={`${action} ${label.toLowerCase()}`}>{action}</LinkButton>
    </li>
  );
}

/** What a page of one form around the account needs. */
export interface AccountFormProps {
  /** What it is about. */
  readonly title: string;
  /** A sentence under it. */
  readonly summary: string;
  /** Where the form is posted. */
  readonly action: string;
  /** The words of its button. */
  readonly submit: string;
  /** Whether what it does cannot be undone. */
  readonly danger?: boolean | undefined;
  /** Where the way back leads; the account unless said. */
  readonly cancelHref?: string | undefined;
  /** What was wrong with the whole; absent: nothing. */
  readonly fault?: string | undefined;
  /** What stands before the form; absent: nothing. */
  readonly before?: ComponentChildren;
  /** Its fields. */
  readonly children?: ComponentChildren;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** A page of one form. */
export function AccountForm(props: AccountFormProps): JSX.Element {
  const { title, summary, action, submit, danger, cancelHref = "/account", fault, before, children, csrf } =
    props;
  return (
    <>
      <PageHead
        title={title}
        crumbs={[{ label: "Account", href: "/account" }, { label: title }]}
        summary={summary}
      />
      {before}
      <Panel>
        <form class="form account-form" method="post" action={action}>
          <Csrf token={csrf} />
          {fault !== undefined && (
            <Notice state="critical" title={fault} live="assertive">Nothing was changed.</Notice>
          )}
          {children}
          <div class="actions">
            <Button kind={danger ? "danger" : "primary"}>{submit}</Button>
            <LinkButton href={cancelHref} kind="quiet">Cancel</LinkButton>
          </div>
        </form>
      </Panel>
    </>
  );
}
