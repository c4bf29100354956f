/**
 * What is typed about a passkey, and what is said when one is not added.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { PasskeyTrouble } from "../../auth/passkey.ts";
import { looksLikeToken } from "../../auth/token.ts";
import type { Result } from "../../result.ts";
import { findPasskey, type Passkey, type PasskeyTrouble as NotAdded } from "../../store/passkeys.ts";
import type { User } from "../../store/users.ts";
import type { PasskeyPageProps } from "../../ui/pages/AccountPasskeys.tsx";
import { line } from "../form.ts";
import { problemAnswer } from "../json.ts";
import type { Services, State } from "../state.ts";
import { ownOf } from "./account_page.ts";
import { PASSKEY_NAME_MAX, passkeyRow } from "./account_view.ts";
import { fleetZone } from "./zone.ts";

/** Said where there is no room for another one. */
export const TEN_ARE_THERE = "Ten passkeys are as many as there may be. Remove one first.";

/** Judges the name of a passkey as a form sends it. */
export const passkeyNameField = line({ min: 1, max: PASSKEY_NAME_MAX });

/** Judges the name of a passkey as a script sends it; what is wrong with it is a sentence. */
export function passkeyName(sent: unknown): Result<string, string> {
  const judged = passkeyNameField(typeof sent === "string" ? sent : undefined);
  return judged.ok ? judged : { ok: false, error: `The name of the passkey: ${judged.error}.` };
}

/** The answer that a passkey was not added. */
export function notAdded(trouble: PasskeyTrouble | NotAdded): Response {
  switch (trouble.kind) {
    case "known":
      return problemAnswer(409, "This passkey has been added already.");
    case "too-many":
      return problemAnswer(409, TEN_ARE_THERE);
    case "unknown":
      throw new HttpError(401);
    case "challenge":
      return problemAnswer(422, "This passkey was not added: it took too long. Try again.");
    case "not-verified":
    case "copied":
      return problemAnswer(422, "This passkey was not added: the browser's answer does not fit. Try again.");
  }
}

/** A passkey of whoever is signed in, as a page of it begins. */
export interface OwnPasskeyPage {
  /** What the page works with. */
  readonly services: Services;
  /** Whose it is. */
  readonly user: User;
  /** The passkey. */
  readonly passkey: Passkey;
  /** What its page shows while nothing is wrong. */
  readonly shown: PasskeyPageProps;
}

/** The passkey in the path; 404 when there is none or it is somebody else's. */
export async function requireOwnPasskey(
  { state, params }: { readonly state: State; readonly params: Readonly<Record<string, string>> },
): Promise<OwnPasskeyPage> {
  const { user, services, nowMs } = ownOf(state);
  const hash = params["passkey"] ?? "";
  const passkey = looksLikeToken(hash) ? await findPasskey(services.db, hash) : null;
  if (passkey?.userId !== user.id) throw new HttpError(404);
  state.title = passkey.name;
  const zone = await fleetZone(services.db, { reaches: [user.reach], nowMs });
  const { name } = passkey;
  const shown = {
    passkey: passkeyRow(passkey, zone),
    name,
    nameMax: PASSKEY_NAME_MAX,
    fault: null,
    last: false,
  };
  return { services, user, passkey, shown };
}
