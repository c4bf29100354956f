/**
 * Passkeys of one's own account: made by whoever is signed in, removed again; the owner is told by e-mail each time,
 * because either changes the ways into the account.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import type { Mailer } from "../notify/transport.ts";
import type { Result } from "../result.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import {
  addPasskey,
  type OwnPasskey,
  type Passkey,
  type PasskeyTrouble as NotAdded,
  type RemovalTrouble,
  removePasskey,
} from "../store/passkeys.ts";
import type { User } from "../store/users.ts";
import { tellOwner } from "./owner_notice.ts";
import { type AddingAnswer, credentialHashOf, type PasskeyTrouble, verifyAdded } from "./passkey.ts";
import type { RelyingParty } from "./relying_party.ts";

/** What changing them works with. */
export interface OwnPasskeyServices {
  /** The account. */
  readonly db: Database;
  /** Challenges. */
  readonly kv: Kv;
  /** Tells the owner. */
  readonly mailer: Mailer;
  /** Where the product answers. */
  readonly publicUrl: string;
}

/** A passkey as a browser has just made it. */
export interface AddedPasskey extends AddingAnswer {
  /** Whose it will be. */
  readonly user: User;
  /** What its owner calls it, at most 80 characters. */
  readonly name: string;
  /** Who asked for it. */
  readonly party: RelyingParty;
}

/** Adds a passkey, once it is proven that it was made for us just now. */
export async function addOwnPasskey(
  services: OwnPasskeyServices,
  by: Author,
  { user, name, party, ...answer }: AddedPasskey,
): Promise<Result<Passkey, PasskeyTrouble | NotAdded>> {
  const made = await verifyAdded(services.kv, party, answer);
  if (!made.ok) {
    const after = { why: made.error.kind };
    await appendAudit(services.db, by, { action: "passkey-refused", subject: `user ${user.id}`, after });
    return made;
  }
  const credentialHash = await credentialHashOf(made.value.credential);
  const added = await addPasskey(services.db, by, {
    ...made.value,
    credentialHash,
    userId: user.id,
    name,
    epoch: user.sessionEpoch,
  });
  if (added.ok) tellOwner(services, by, { user, change: "passkey-added" });
  return added;
}

/** A passkey that is to go. */
export interface RemovedPasskey extends Pick<OwnPasskey, "credentialHash"> {
  /** Whose it is. */
  readonly user: User;
  /** Whether their role must have a second factor. */
  readonly needed: boolean;
}

/** Removes a passkey; the last second factor of somebody who must have one stays. */
export async function removeOwnPasskey(
  services: OwnPasskeyServices,
  by: Author,
  { user, credentialHash, needed }: RemovedPasskey,
): Promise<Result<void, RemovalTrouble>> {
  const removed = await removePasskey(services.db, by, { credentialHash, userId: user.id, needed });
  if (removed.ok) tellOwner(services, by, { user, change: "passkey-removed" });
  return removed;
}
