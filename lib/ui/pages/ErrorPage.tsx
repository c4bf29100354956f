/**
 * Pages for what did not work: not there, not yours, not now. They say the request's id and nothing else of the
 * inside.
 *
 * @module
 */

import type { JSX } from "preact";
import { Facts } from "../Data.tsx";
import { LinkButton } from "../Input.tsx";
import { Brand } from "../Shell.tsx";
import { ForbiddenNotice } from "../States.tsx";
import { StateWord } from "../Words.tsx";

/** What went wrong, by what the reader can do. */
export type ErrorKind =
  | "bad-request"
  | "sign-in-needed"
  | "forbidden"
  | "not-found"
  | "too-many"
  | "not-ready"
  | "broken";

/** What the page needs. */
export interface ErrorPageProps {
  /** What went wrong. */
  readonly kind: ErrorKind;
  /** The same id as in the log line. */
  readonly requestId: string;
  /** Local time of the request, such as `10:47:02`. */
  readonly atLabel: string;
  /** Seconds to wait, where that helps; `null`: unknown. */
  readonly retryAfterS: number | null;
  /** What was refused and why; absent and `null`: not by a role. */
  readonly refused?: RefusedWords | null;
}

/** Why something was refused. */
export interface RefusedWords {
  /** What was asked for, such as `Read a meter now`. */
  readonly what: string;
  /** Who may, such as `an operator or an administrator`. */
  readonly needed: string;
  /** What the reader is, such as `a viewer`. */
  readonly yours: string;
}

interface Wording {
  readonly state: "critical" | "warn" | "missing" | "forbidden" | "loading";
  readonly word: string;
  readonly title: string;
  readonly text: string;
  readonly link: { readonly label: string; readonly href: string };
}

const TODAY = { label: "Go to Today", href: "/" } as const;

/** Which error a status code is. */
export function errorKindOf(status: number): ErrorKind {
  if (status === 401) return "sign-in-needed";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 405) return "not-found";
  if (status === 429) return "too-many";
  if (status === 503) return "not-ready";
  return status >= 400 && status < 500 ? "bad-request" : "broken";
}

const WORDINGS: Readonly<Record<ErrorKind, Wording>> = {
  "bad-request": {
    state: "warn",
    word: "Not understood",
    title: "This request could not be read",
    text: "The address or the form was not complete. Go back and try again; nothing was changed.",
    link: TODAY,
  },
  "sign-in-needed": {
    state: "forbidden",
    word: "Signed out",
    title: "Please sign in",
    text: "You were signed out, or have not signed in here yet. Nothing was changed.",
    link: { label: "Sign in", href: "/sign-in" },
  },
  "forbidden": {
    state: "forbidden",
    word: "Not yours",
    title: "You may not do this",
    text:
      "Nothing was changed. A form that was sent from another page is refused too: open ours and try again.",
    link: TODAY,
  },
  "not-found": {
    state: "missing",
    word: "Not found",
    title: "There is nothing here",
    text: "The page has moved, was never there, or is not among the sites that you can see.",
    link: { label: "Go to Sites", href: "/sites" },
  },
  "too-many": {
    state: "warn",
    word: "Too many",
    title: "Too many requests at once",
    text: "Nothing is lost. Wait a moment and try again.",
    link: TODAY,
  },
  "not-ready": {
    state: "loading",
    word: "Not ready",
    title: "Wattpost is not ready",
    text: "It is starting, or its database is away. Readings go on and are stored when the database is back.",
    link: { label: "Try again", href: "" },
  },
  "broken": {
    state: "critical",
    word: "Error",
    title: "Something broke on our side",
    text:
      "It is in the log under the id below. Readings go on; only this page failed. Trying again does no harm.",
    link: { label: "Try again", href: "" },
  },
};

/** What went wrong, what goes on meanwhile, and what you can do. */
export function ErrorPage({ kind, requestId, atLabel, retryAfterS, refused }: ErrorPageProps): JSX.Element {
  const { state, word, title, text, link } = WORDINGS[kind];
  return (
    <main class="alone" id="page">
      <section class="panel" data-size="wide">
        <Brand href="/" />
        <div class="problem">
          <StateWord state={state}>{word}</StateWord>
          <h1>{title}</h1>
          {refused && (
            <ForbiddenNotice title={`${refused.what}: this needs ${refused.needed}`}>
              You are {refused.yours}. An administrator can change your role, or do it for you.
            </ForbiddenNotice>
          )}
          <p>{text}{retryAfterS !== null && ` Try again in ${Math.max(1, Math.ceil(retryAfterS))} s.`}</p>
          <div class="actions">
            <LinkButton href={link.href} kind="primary">{link.label}</LinkButton>
            {link !== TODAY && <LinkButton href={TODAY.href}>{TODAY.label}</LinkButton>}
          </div>
          <Facts
            facts={[{ label: "Request", value: <code>{requestId}</code> }, { label: "At", value: atLabel }]}
          />
        </div>
      </section>
    </main>
  );
}
