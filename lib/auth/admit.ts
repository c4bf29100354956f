/**
 * The one door: whoever has shown who they are comes in here, whatever by, and whoever owes a second step is sent to
 * it instead. Nobody comes in unseen: a session begins after its row in the audit trail.
 *
 * @module
 */

import type { Kv } from "../kv/mod.ts";
import type { SignedInBy } from "../kv/sessions.ts";
import { appendAudit, type Author } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import { setLastSignIn, type User } from "../store/users.ts";
import { knownDevice, newDevice } from "./device.ts";
import { PENDING_MS, type SecondStep, startPending } from "./pending.ts";
import { secondStepOf } from "./second_factor.ts";
import { startSession } from "./session.ts";

/** What the door works with. */
export interface DoorServices {
  /** People and audit. */
  readonly db: Database;
  /** Sessions and half-done sign-ins. */
  readonly kv: Kv;
  /** Where the product answers. */
  readonly publicUrl: string;
}

/** Somebody at the door. */
export interface Arrival {
  /** Who, as just read: they may come in. */
  readonly user: User;
  /** What they have shown: the password alone may owe a second step, the others do not. */
  readonly how: SignedInBy;
  /** What the browser says it is. */
  readonly agent: string;
  /** What the browser keeps from an earlier sign-in; `undefined`: nothing. */
  readonly device: string | undefined;
  /** Path to go to. */
  readonly back: string;
}

/** What the door said. */
export type Admission =
  /** They are in. */
  | {
    readonly kind: "in";
    /** Who it is. */
    readonly user: User;
    /** For the cookie of the session. */
    readonly token: string;
    /** For the cookie by which the browser is known next time. */
    readonly device: string;
    /** Path to go to. */
    readonly back: string;
  }
  /** A second step is due. */
  | {
    readonly kind: "second-step";
    /** Which. */
    readonly step: SecondStep;
    /** For the cookie of the half-done sign-in. */
    readonly token: string;
    /** Milliseconds that it may take. */
    readonly lastsMs: number;
  };

/** Lets somebody in, or has them take the second step first; what cannot be written down is a `StoreError`. */
export async function admit(services: DoorServices, by: Author, arrival: Arrival): Promise<Admission> {
  const { db, kv, publicUrl } = services;
  const { user, how, agent, device, back } = arrival;
  const subject = `user ${user.id}`;
  const nowMs = by.atMs;
  const step = how === "password" ? await secondStepOf(db, { user, publicUrl }) : null;
  if (step !== null) {
    await appendAudit(db, by, { action: "second-factor-asked", subject, after: { step } });
    const token = await startPending(kv, { user, step, back, nowMs });
    return { kind: "second-step", step, token, lastsMs: PENDING_MS[step] };
  }
  await appendAudit(db, by, { action: "sign-in", subject, after: { by: how } });
  await setLastSignIn(db, { userId: user.id, nowMs });
  const token = await startSession(kv, { user, origin: by.origin, agent, by: how, nowMs });
  const known = await knownDevice(kv, { cookie: device, owner: user });
  const kept = known !== null && device !== undefined ? device : await newDevice(kv, user);
  return { kind: "in", user, token, device: kept, back };
}
