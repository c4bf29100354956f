/**
 * Between the page on security and what it shows: reads the form, judges who may ask for a second factor of whom, and
 * puts the rules that hold anyway into words.
 *
 * @module
 */

import { LINK_MS } from "../../auth/links.ts";
import { TRIES_BY_ACCOUNT, TRIES_BY_ADDRESS, TRIES_BY_DEVICE } from "../../auth/login.ts";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "../../auth/password.ts";
import { RESETS_BY_ACCOUNT } from "../../auth/reset.ts";
import { CODES_BY_ACCOUNT, CODES_BY_DEVICE } from "../../auth/second_factor.ts";
import { FRESH_MS, SESSION_AGE_MS, SESSION_IDLE_MS } from "../../auth/session.ts";
import { instantWords } from "../../domain/instant.ts";
import { ALL_ROLES, type Role } from "../../domain/permission.ts";
import type { Limit } from "../../kv/limits.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Checkpoint } from "../../store/checkpoints.ts";
import type { FactorStanding, RequiredRolesChange } from "../../store/second_factor_setting.ts";
import type { User } from "../../store/users.ts";
import { countText, durationText, numberText } from "../../ui/format.ts";
import type { RoleFactorRow, SecurityRule } from "../../ui/pages/SecurityPage.tsx";
import { roleName } from "../../ui/PersonWords.tsx";
import { type Field, type FieldErrors, readForm } from "../form.ts";
import { SENT_MAX, WINDOW_MS } from "../throttle.ts";
import { hasSecondFactor } from "./people_view.ts";

/** Said beside one's own role by whoever has no second factor. */
export const OWN_FIRST = "Set up your own second factor first";

/** The box of a role. */
export function roleField(role: Role): string {
  return `role-${role}`;
}

const ticked: Field<boolean> = (text) =>
  text === undefined ? ok(false) : text === "on" ? ok(true) : err("Expected a tick");

const version: Field<number> = (text) => /^\d{1,9}$/.test(text ?? "") ? ok(Number(text)) : err("Is missing");

/** Reads the form. */
export function readSecurityForm(form: URLSearchParams): Result<RequiredRolesChange, FieldErrors> {
  const ticks = Object.fromEntries(ALL_ROLES.map((role) => [roleField(role), ticked]));
  const read = readForm<Record<string, unknown>>(form, { ...ticks, version });
  if (!read.ok) return read;
  return ok({ roles: tickedRoles(form), version: Number(read.value["version"]) });
}

/** The roles that are ticked, however the rest was typed. */
export function tickedRoles(form: URLSearchParams): readonly Role[] {
  return ALL_ROLES.filter((role) => form.has(roleField(role)));
}

/** What is wrong with asking for a second factor of these roles, for whoever asks; `null`: nothing. */
export function ownRoleFault(
  user: Pick<User, "role" | "secondFactor" | "passkeys">,
  roles: readonly Role[],
): FieldErrors | null {
  const barred = roles.includes(user.role) && !hasSecondFactor(user);
  return barred ? { [roleField(user.role)]: OWN_FIRST } : null;
}

/** A role as the page shows it. */
export function roleFactorRow({ role, have, lack, lacking }: FactorStanding): RoleFactorRow {
  const named = lacking.map(({ id, name }) => ({ name, href: `/admin/people/${id}` }));
  return { role, field: roleField(role), label: roleName(role), have, lack, lacking: named };
}

/** How many were signed out, out of the address of the page; `null`: nothing was saved just now. */
export function savedCountOf(params: URLSearchParams): number | null {
  const saved = params.get("saved");
  return saved !== null && /^\d{1,7}$/.test(saved) ? Number(saved) : null;
}

/** What the rules are made of besides constants. */
export interface RuleFacts {
  /** Names the key that seals secrets. */
  readonly keyId: string;
  /** The newest signed state of the audit trail; `null`: none yet. */
  readonly checkpoint: Pick<Checkpoint, "seq" | "atMs" | "keyId"> | null;
}

/** The rules that hold anyway. */
export function securityRules({ keyId, checkpoint }: RuleFacts): readonly SecurityRule[] {
  const sent: Limit = { name: "sent", tries: SENT_MAX, windowMs: WINDOW_MS };
  return [
    { label: "Session, unused", value: `ends after ${timeText(SESSION_IDLE_MS)}` },
    { label: "Session, at the latest", value: `ends after ${timeText(SESSION_AGE_MS)}` },
    { label: "Password asked for again", value: `${timeText(FRESH_MS)} after sign-in, where it matters` },
    {
      label: "New password",
      value: `${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters, none that is guessed first`,
    },
    { label: "Link of an invitation", value: `works once, for ${timeText(LINK_MS.invite)}` },
    { label: "Link to a new password", value: `works once, for ${timeText(LINK_MS.reset)}` },
    { label: "Sign-in, by address", value: triesText(TRIES_BY_ADDRESS) },
    { label: "Sign-in, by account", value: triesText(TRIES_BY_ACCOUNT) },
    { label: "Sign-in, known browser", value: triesText(TRIES_BY_DEVICE) },
    { label: "Second step, by account", value: triesText(CODES_BY_ACCOUNT) },
    { label: "Second step, known browser", value: triesText(CODES_BY_DEVICE) },
    { label: "Forgotten password", value: triesText(RESETS_BY_ACCOUNT) },
    { label: "Anything sent, by address", value: triesText(sent, "request") },
    { label: "Key that seals secrets", value: keyId },
    {
      label: "Newest checkpoint",
      value: checkpoint ? checkpointText(checkpoint) : "none yet",
    },
    ...(checkpoint ? [{ label: "Key that signs it", value: checkpoint.keyId }] : []),
  ];
}

function timeText(ms: number): string {
  return durationText(ms / 1000);
}

function triesText({ tries, windowMs }: Limit, one = "try"): string {
  return `${countText(tries, one, one === "try" ? "tries" : undefined)} in ${timeText(windowMs)}`;
}

function checkpointText({ seq, atMs }: Pick<Checkpoint, "seq" | "atMs">): string {
  return `audit entry ${numberText(seq)}, ${instantWords(atMs)}`;
}
