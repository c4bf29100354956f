/**
 * API tokens of a person as their pages show them, and the form for another one as it is read.
 *
 * @module
 */

import { TOKEN_DAYS_MAX, TOKEN_DAYS_MIN } from "../../auth/api_token.ts";
import { instantWords } from "../../domain/instant.ts";
import { ALL_SITES, type Reach } from "../../domain/permission.ts";
import { err, ok, type Result } from "../../result.ts";
import type { ApiToken } from "../../store/tokens.ts";
import { countText, durationText } from "../../ui/format.ts";
import type { NewTokenPageProps, TokenGroup, TokenRow } from "../../ui/pages/TokensPage.tsx";
import { choice, type Field, type FieldErrors, type Fields, line, readForm, typed } from "../form.ts";

const DAY_MS = 86_400_000;

/** Forms for a token that one person may send in an hour. */
export const TOKEN_FORMS_AN_HOUR = 60;

/** Days for which a token is made unless said. */
const DAYS = "90";

/** A group of sites. */
export interface NamedGroup {
  /** Its id. */
  readonly id: number;
  /** What people call it. */
  readonly name: string;
}

/** A token as its list shows it. */
export function tokenRow(token: ApiToken, nowMs: number): TokenRow {
  const { id, name, mayWrite, reach, expiresMs, revokedMs, lastUsedMs, lastUsedFrom } = token;
  return {
    id,
    name,
    mayWrite,
    reachWords: revokedMs === null ? reachWords(reach) : "nothing",
    standing: revokedMs !== null ? "revoked" : expiresMs <= nowMs ? "over" : "good",
    expiresLabel: instantWords(expiresMs),
    lastUsedLabel: lastUsedMs === null ? null : `${durationText((nowMs - lastUsedMs) / 1000)} ago`,
    lastUsedFrom,
  };
}

function reachWords(reach: Reach): string {
  switch (reach.kind) {
    case "all":
      return "all your sites";
    case "some":
      return countText(reach.groupIds.length, "group");
  }
}

/** The groups to which somebody may cut a token: those they reach themselves. */
export function groupsWithin<T extends NamedGroup>(groups: readonly T[], reach: Reach): readonly T[] {
  switch (reach.kind) {
    case "all":
      return groups;
    case "some":
      return groups.filter(({ id }) => reach.groupIds.includes(id));
  }
}

/** A token as its owner wants it. */
export interface TokenWish {
  /** What it is for. */
  readonly name: string;
  /** Whether it may change anything. */
  readonly mayWrite: boolean;
  /** What it reaches of what its owner reaches. */
  readonly reach: Reach;
  /** When it is over, epoch milliseconds. */
  readonly expiresMs: number;
  /** What the form was sent with. */
  readonly once: string;
}

/** Whole days of a token's life. */
const days: Field<number> = (text) => {
  const value = /^[1-9]\d{0,2}$/.test((text ?? "").trim()) ? Number(text) : 0;
  return value >= TOKEN_DAYS_MIN && value <= TOKEN_DAYS_MAX
    ? ok(value)
    : err(`Expected ${TOKEN_DAYS_MIN} to ${TOKEN_DAYS_MAX} days`);
};

const ticked: Field<boolean> = (text) =>
  text === undefined ? ok(false) : text === "on" ? ok(true) : err("Expected a tick");

const once: Field<string> = (text) =>
  /^[A-Za-z0-9_-]{43}$/.test(text ?? "") ? ok(text ?? "") : err("The form is not ours: load it again");

/** The id of the token to revoke. */
export const tokenId: Field<number> = (text) => {
  const id = /^[1-9]\d{0,9}$/.test(text ?? "") ? Number(text) : 0;
  return id > 0 ? ok(id) : err("Expected a token");
};

interface Draft {
  readonly name: string;
  readonly scope: "read" | "write";
  readonly days: number;
  readonly once: string;
  readonly [group: `group-${number}`]: boolean;
}

/** The form as it was sent, or what is wrong, by field. */
export function readTokenForm(
  form: URLSearchParams,
  groups: readonly NamedGroup[],
  nowMs: number,
): Result<TokenWish, FieldErrors> {
  const ticks = Object.fromEntries(groups.map(({ id }) => [`group-${id}`, ticked] as const));
  const fields = { name: line({ min: 1, max: 80 }), scope: choice(["read", "write"]), days, once, ...ticks };
  const read = readForm<Draft>(form, fields as Fields<Draft>);
  if (!read.ok) return err(read.error.once ? { ...read.error, "": read.error.once } : read.error);
  const draft = read.value;
  const groupIds = groups.map(({ id }) => id).filter((id) => draft[`group-${id}`]);
  return ok({
    name: draft.name,
    mayWrite: draft.scope === "write",
    reach: groupIds.length === 0 ? ALL_SITES : { kind: "some", groupIds, siteIds: [] },
    expiresMs: nowMs + draft.days * DAY_MS,
    once: draft.once,
  });
}

/** What a form shows: as typed, or fresh. */
export interface TokenForm {
  /** As it was sent; `null`: it is fresh. */
  readonly form: URLSearchParams | null;
  /** Groups that can be chosen. */
  readonly groups: readonly NamedGroup[];
  /** What was wrong, by field. */
  readonly faults: FieldErrors;
  /** Sent back with the form. */
  readonly once: string;
}

/** The form for a token. */
export function tokenForm({ form, groups, faults, once }: TokenForm): NewTokenPageProps {
  const shown = form ? typed(form, ["name", "scope", "days"]) : { name: "", scope: "read", days: DAYS };
  const { name = "", scope = "read", days = DAYS } = shown;
  const listed = groups.map(({ id, name }): TokenGroup => ({
    id,
    name,
    chosen: form?.get(`group-${id}`) === "on",
  }));
  return { name, scope, days, groups: listed, faults, once, canWrite: true };
}
