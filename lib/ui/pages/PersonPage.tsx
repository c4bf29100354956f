/**
 * A person: what they are called, may do and reach, and what an administrator can do for or against them.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { Facts } from "../Data.tsx";
import { countText } from "../format.ts";
import { Button, LinkButton, PostButton } from "../Input.tsx";
import { Dialog } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { PersonFields } from "../PersonFields.tsx";
import { type Standing, StandingBadge } from "../PersonWords.tsx";
import type { ReachChoice } from "../ReachFields.tsx";
import { type Told, ToldNotice } from "../Told.tsx";

/** What is known about a person besides what can be changed. */
export interface PersonFacts {
  /** Their address. */
  readonly email: string;
  /** When they were invited or made. */
  readonly sinceLabel: string;
  /** How long ago they signed in; `null`: never. */
  readonly lastSignIn: string | null;
  /** The instant of it. */
  readonly lastSignInLabel: string | null;
  /** Their second factors in words; `null`: none. */
  readonly secondFactor: string | null;
  /** Whether there is one, which can be removed here. */
  readonly hasSecondFactor: boolean;
  /** Browsers in which they are signed in now. */
  readonly sessions: number;
}

/** What the page needs. */
export interface PersonPageProps {
  /** Their id. */
  readonly id: number;
  /** What people call them. */
  readonly name: string;
  /** Whether they may come in. */
  readonly standing: Standing;
  /** Whether it is who looks. */
  readonly own: boolean;
  /** Whether who looks may change people. */
  readonly mayChange: boolean;
  /** Says how they stood when they were looked at; sent back with the form. */
  readonly version: string;
  /** What was typed or is stored. */
  readonly values: { readonly name: string; readonly role: string };
  /** Which sites they reach. */
  readonly reach: ReachChoice;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** What is known besides. */
  readonly facts: PersonFacts;
  /** What was just done or refused; `null`: nothing. */
  readonly notice: Told | null;
}

const PEOPLE = { label: "People", href: "/admin/people" };

/** The page. */
export function PersonPage(props: PersonPageProps): JSX.Element {
  const { name, standing, own, notice, mayChange } = props;
  return (
    <>
      <PageHead
        title={name}
        crumbs={[PEOPLE, { label: name }]}
        badges={<StandingBadge standing={standing} />}
        summary={own ? "This is you." : undefined}
      />
      <ToldNotice told={notice} />
      <Split cut="2-1">
        <Details {...props} />
        <Column>
          <SignIn {...props} />
          {mayChange && <ComingIn {...props} />}
        </Column>
      </Split>
    </>
  );
}

function Details({ id, version, values, reach, faults, mayChange }: PersonPageProps): JSX.Element {
  const { "": other, ...beside } = faults;
  return (
    <Panel
      title="Role and reach"
      id="details"
      summary="Another role or reach ends all their sessions: they sign in again."
    >
      <form class="form" method="post" action={`/admin/people/${id}`}>
        <input type="hidden" name="version" value={version} />
        <FaultsNotice faults={beside} other={other} />
        <PersonFields values={values} reach={reach} faults={faults} disabled={!mayChange} />
        {mayChange && (
          <div class="actions">
            <Button kind="primary" name="do" value="save">Save</Button>
            <LinkButton href="/admin/people" kind="quiet">Cancel</LinkButton>
          </div>
        )}
      </form>
    </Panel>
  );
}

function SignIn({ id, standing, facts, mayChange }: PersonPageProps): JSX.Element {
  const { email, sinceLabel, lastSignIn, lastSignInLabel, secondFactor, hasSecondFactor, sessions } = facts;
  const signedIn = sessions > 0 && mayChange;
  return (
    <Panel
      title="Signing in"
      id="sign-in"
      foot={mayChange && (signedIn || hasSecondFactor) && (
        <div class="actions">
          {signedIn && <LinkButton href={actHref(id, "end-sessions")} row>Sign out everywhere</LinkButton>}
          {hasSecondFactor && (
            <LinkButton href={actHref(id, "remove-second-factor")} row>Remove second factor</LinkButton>
          )}
        </div>
      )}
    >
      <Facts
        facts={[
          { label: "E-mail", value: email },
          { label: standing === "invited" ? "Invited" : "Here since", value: sinceLabel },
          {
            label: "Last sign-in",
            value: lastSignIn === null ? "never" : <span title={lastSignInLabel ?? ""}>{lastSignIn}</span>,
          },
          { label: "Second factor", value: secondFactor ?? "none" },
          {
            label: "Signed in now",
            value: sessions === 0 ? "nowhere" : `in ${countText(sessions, "browser")}`,
          },
        ]}
      />
    </Panel>
  );
}

/** Address of something to do with a person. */
function actHref(id: number, act: string): string {
  return `/admin/people/${id}/${act}`;
}

function ComingIn({ id, standing }: PersonPageProps): JSX.Element {
  switch (standing) {
    case "active":
      return (
        <Act title="Lock out" words="They are signed out at once and cannot come in until you unlock them.">
          <LinkButton href={actHref(id, "lock")} kind="danger" icon="forbidden">Lock</LinkButton>
        </Act>
      );
    case "locked":
      return (
        <Act title="Locked out" words="They cannot come in. Nothing of theirs is lost.">
          <PostButton action={actHref(id, "unlock")}>Unlock</PostButton>
        </Act>
      );
    case "invited":
      return (
        <Act
          title="Invitation"
          words="They have not chosen a password yet. A new link makes older ones useless."
        >
          <PostButton action={actHref(id, "resend")} icon="mail">Send again</PostButton>
          <LinkButton href={actHref(id, "withdraw")} kind="danger">Withdraw</LinkButton>
        </Act>
      );
  }
}

function Act(
  { title, words, children }: {
    readonly title: string;
    readonly words: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <Panel title={title} summary={words}>
      <div class="actions">{children}</div>
    </Panel>
  );
}

/** What the page of a question needs. */
export interface PersonQuestionProps {
  /** Whose. */
  readonly name: string;
  /** Their page. */
  readonly href: string;
  /** Where the answer is posted. */
  readonly action: string;
  /** The question. */
  readonly title: string;
  /** What follows from yes. */
  readonly words: string;
  /** The button for yes. */
  readonly yes: string;
}

/** Asks before something is done that a person will feel. */
export function PersonQuestion({ name, href, action, title, words, yes }: PersonQuestionProps): JSX.Element {
  return (
    <>
      <PageHead title={name} crumbs={[PEOPLE, { label: name, href }, { label: yes }]} />
      <Dialog
        id="question"
        title={title}
        inline
        actions={
          <>
            <LinkButton href={href}>Cancel</LinkButton>
            <PostButton action={action} kind="danger">{yes}</PostButton>
          </>
        }
      >
        <p>{words}</p>
      </Dialog>
    </>
  );
}
