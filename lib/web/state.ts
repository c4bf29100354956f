/**
 * What every request carries: who asks, from where, and the services that `main.ts` wired together.
 *
 * @module
 */

import { createDefine, HttpError } from "fresh";
import type { LinkSigner } from "../auth/links.ts";
import type { Mailer, Texter } from "../auth/messengers.ts";
import type { Passwords } from "../auth/password.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { LiveReader } from "../domain/live.ts";
import type { Action, Asker } from "../domain/permission.ts";
import type { Prober } from "../domain/probe.ts";
import type { Metric } from "../health/prometheus.ts";
import type { Missing } from "../health/report.ts";
import type { Verdict } from "../health/verdict.ts";
import type { Kv } from "../kv/mod.ts";
import type { Log } from "../log.ts";
import type { ProfileBook } from "../profiles/book.ts";
import type { AuditSeal } from "../store/audit.ts";
import type { Database } from "../store/db.ts";
import type { SecretBox } from "../store/secret_box.ts";
import type { User } from "../store/users.ts";
import type { Theme } from "./cookie.ts";
import type { EventHub } from "./events.ts";
import type { SignInLog } from "./sign_in_log.ts";

/** What pages work with, once the process is ready. */
export interface Services {
  /** The database. */
  readonly db: Database;
  /** Sessions and throttles. */
  readonly kv: Kv;
  /** Hashes and checks passwords. */
  readonly passwords: Passwords;
  /** Reads a meter now. */
  readonly reader: LiveReader;
  /** Tests devices that are not registered. */
  readonly prober: Prober;
  /** The library's device profiles and people's own. */
  readonly profiles: ProfileBook;
  /** Live pages. */
  readonly events: EventHub;
  /** Seals and opens secrets. */
  readonly box: SecretBox;
  /** Seals entries of the audit trail. */
  readonly seal: AuditSeal;
  /** Makes and checks tokens of links in e-mails. */
  readonly signLink: LinkSigner;
  /** Sends e-mails. */
  readonly mailer: Mailer;
  /** Sends short messages. */
  readonly texter: Texter;
}

/** What there is from the first moment. */
export interface Base {
  /** The configuration. */
  readonly config: Config;
  /** The time. */
  readonly clock: Clock;
  /** The log. */
  readonly log: Log;
  /** Refused sign-ins, for the host. */
  readonly signInLog: SignInLog;
  /** The services; `null` while the process is not ready. */
  services(): Services | null;
  /** What is missing for work; empty: ready. */
  missing(): Promise<readonly Missing[]>;
  /** All health checks. */
  verdicts(): Promise<readonly Verdict[]>;
  /** All metrics. */
  metrics(): Promise<readonly Metric[]>;
}

/** What was refused, for the page that says so and for the audit trail. */
export interface Refusal {
  /** What was asked for. */
  readonly action: Action;
  /** Where; `null`: at no site in particular. */
  readonly siteId: number | null;
}

/** Carried by each request. */
export interface State {
  /** Given by `main.ts`. */
  base: Base;
  /** Names the request on the page, in the log and in the `x-request-id` header. */
  requestId: string;
  /** Address of the client as far as it can be believed. */
  clientAddress: string;
  /** Who is signed in; `null`: nobody. */
  user: User | null;
  /** Who asks whether they may; `null`: nobody is signed in. */
  asker: Asker | null;
  /** Whether the route has asked; one behind the door that has not is answered with an error. */
  asked: boolean;
  /** What was refused; `null`: nothing so far. */
  refusal: Refusal | null;
  /** Seconds after which asking again helps, for the page that says that it was too much; `null`: nobody knows. */
  retryAfterS: number | null;
  /** Names the session inside; `null`: nobody is signed in. */
  sessionKey: string | null;
  /** Light, dark or the system's. */
  theme: Theme;
  /** What the document calls the page. */
  title: string;
}

/** Routes are defined by this, so that they know the state. */
export const define = createDefine<State>();

/** The services that a request works with; before they are there it answers 503. */
export function servicesOf({ base }: Pick<State, "base">): Services {
  const services = base.services();
  if (!services) throw new HttpError(503);
  return services;
}
