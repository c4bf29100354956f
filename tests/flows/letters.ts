/**
 * The product with a mail server beside it, and the hands that send its letters: for flows that begin in a mailbox.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import type { LetterServices } from "../../lib/auth/letters.ts";
import { createLinkSigner } from "../../lib/auth/links.ts";
import { openKv } from "../../lib/kv/mod.ts";
import { createLog } from "../../lib/log.ts";
import { createMailer } from "../../lib/notify/mailer.ts";
import { ok } from "../../lib/result.ts";
import type { Author } from "../../lib/store/audit.ts";
import { saveSender } from "../../lib/store/mail_settings.ts";
import { findUserByEmail, type User } from "../../lib/store/users.ts";
import type { Opened } from "../../product.ts";
import { authorAt } from "../fakes/author.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { type FakeSmtpServer, linkIn, type ReceivedMail, startSmtpServer } from "../fakes/smtp_server.ts";
import {
  type Answer,
  ask,
  createAccount,
  post,
  type RunningProduct,
  startProduct,
  withFolder,
} from "./running_product.ts";

/** When these flows begin: a Wednesday in November. */
export const START_MS = Date.UTC(2026, 10, 25, 9);

/** The product, its mail server, and what sends letters as its pages would. */
export interface LetterFlow extends RunningProduct {
  /** Keeps what is sent. */
  readonly smtp: FakeSmtpServer;
  /** Sends, keeps and signs. */
  readonly services: LetterServices;
  /** An author now. */
  author(more?: Partial<Author>): Author;
  /** Somebody by their address; fails if there is nobody. */
  person(email: string): Promise<User>;
}

const SERVER = {
  host: "127.0.0.1",
  security: "none",
  user: "",
  from: "wattpost@example.org",
  fromName: "",
} as const;

/** Runs a flow; `mail`: whether a mail server has been set. */
export async function withLetters(
  body: (flow: LetterFlow) => Promise<void>,
  { mail = true, env = {} }: {
    readonly mail?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<void> {
  const smtp = await startSmtpServer({ security: "none" });
  using kv = await openKv(":memory:");
  const clock = manualClock(START_MS);
  const server = { ...SERVER, port: smtp.port };
  const prepare = async (opened: Opened) => {
    await createAccount(opened, START_MS);
    if (!mail) return;
    const { box, seal } = opened.keys;
    const change = { box, name: "mail", value: server, version: 0, secret: { kind: "keep" } } as const;
    strictEqual((await saveSender(opened.db, authorAt(START_MS, { seal }), change)).ok, true);
  };
  const mailer = createMailer({
    account: () => Promise.resolve({ server, password: null }),
    addressesOf: () => Promise.resolve(ok(["127.0.0.1"])),
    clock,
    log: createLog({ clock, level: "error", write: () => {} }),
    name: "wattpost.example",
  });
  try {
    await withFolder(async (folder) => {
      const running = await startProduct({ folder, clock, prepare, env: { COLLECT: "off", ...env } });
      try {
        const { db, keys } = running.opened;
        await body({
          ...running,
          smtp,
          services: {
            db,
            kv,
            mailer,
            signLink: await createLinkSigner(keys.linkKey),
            publicUrl: running.origin,
          },
          author: (more = {}) => authorAt(clock.nowMs(), { seal: keys.seal, ...more }),
          async person(email) {
            const found = await findUserByEmail(db, email);
            if (!found) throw new Error(`Nobody is called ${email}`);
            return found.user;
          },
        });
      } finally {
        await running.stop();
      }
    });
  } finally {
    await mailer.close();
    await smtp.close();
  }
}

/** The token of the link in a message. */
export function tokenOf(mail: ReceivedMail): string {
  return linkIn(mail).searchParams.get("token") ?? "";
}

/** Opens the link in a message. */
export function open(flow: RunningProduct, mail: ReceivedMail): Promise<Answer> {
  const { pathname, search } = linkIn(mail);
  return ask(flow.origin, `${pathname}${search}`);
}

/** Signs in with a password; whether that was taken, a second factor apart. */
export async function comesIn(flow: RunningProduct, email: string, password: string): Promise<boolean> {
  const answer = await post(flow.origin, "/sign-in", { email, password, back: "/" });
  return answer.status === 303;
}

/** The cookies of an answer, as a browser sends them back. */
export function cookiesOf(answer: Answer): string {
  return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}
