/**
 * A mail server on this machine is called where an administrator said so, at ports of mail, and never in place of a
 * service of the product.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { resolveHost } from "../../../collector/address.ts";
import { createMessengers, type MessengerOptions } from "../../../lib/auth/messengers.ts";
import { systemClock } from "../../../lib/clock.ts";
import type { MailServer } from "../../../lib/domain/messaging.ts";
import { createLog } from "../../../lib/log.ts";
import type { MailTrouble } from "../../../lib/notify/transport.ts";
import { type Result } from "../../../lib/result.ts";
import { openDatabase } from "../../../lib/store/db.ts";
import { saveSender } from "../../../lib/store/mail_settings.ts";
import { migrate } from "../../../lib/store/migrator.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { migrations } from "../../../migrations/mod.ts";
import { authorAt } from "../../fakes/author.ts";
import { type FakeSmtpServer, startSmtpServer } from "../../fakes/smtp_server.ts";

const MAIL = { to: "ana@example.org", subject: "Test", text: "You asked for this" };

interface Trial {
  /** How the server is set. */
  readonly server?: Partial<MailServer>;
  /** What the messengers are told besides. */
  readonly options?: Partial<MessengerOptions>;
}

/** Sends one message to a relay on this machine; what came of it and how many arrived. */
async function sent(
  { server, options = {} }: Trial,
  about: (smtp: FakeSmtpServer) => Partial<MessengerOptions> = () => ({}),
): Promise<readonly [Result<void, MailTrouble>, number]> {
  const smtp = await startSmtpServer({ security: "none" });
  const db = await openDatabase("sqlite::memory:");
  try {
    ok((await migrate(db, migrations, systemClock)).ok);
    const box = await createSecretBox([newRingKey()]);
    const relay = {
      host: "127.0.0.1",
      port: smtp.port,
      security: "none",
      user: "",
      from: "w@example.org",
    } as const;
    const value = { ...relay, fromName: "", ...server };
    const change = { box, name: "mail", value, version: 0, secret: { kind: "keep" } } as const;
    ok((await saveSender(db, authorAt(0), change)).ok);
    const { mailer } = createMessengers({
      db,
      box,
      clock: systemClock,
      log: createLog({ clock: systemClock, level: "error", write: () => {} }),
      resolve: resolveHost,
      loopbackAllowed: false,
      services: [],
      publicUrl: "https://wattpost.example",
      ...options,
      ...about(smtp),
    });
    const result = await mailer.send(MAIL);
    await mailer.close();
    return [result, smtp.mails.length];
  } finally {
    await db.close();
    await smtp.close();
  }
}

const atItsPort = (smtp: FakeSmtpServer) => ({ relayPorts: [smtp.port] });

for (const host of ["127.0.0.1", "localhost"]) {
  Deno.test(`a relay at ${host} is called where it was ticked that it runs on this machine`, async () => {
    const [result, arrived] = await sent({ server: { host, onThisMachine: true } }, atItsPort);
    deepStrictEqual([result.ok, arrived], [true, 1]);
  });

  Deno.test(`a relay at ${host} is not called where nobody ticked it, and the words say what to tick`, async () => {
    const [result, arrived] = await sent({ server: { host } }, atItsPort);
    strictEqual(arrived, 0);
    match(!result.ok && result.error.kind === "unreachable" ? result.error.words : "", /nobody has ticked/);
  });
}

Deno.test("a relay on this machine is not called at a port that is none of mail", async () => {
  const [result, arrived] = await sent({ server: { onThisMachine: true } });
  deepStrictEqual([result.ok, arrived], [false, 0]);
});

Deno.test("a service of the product is not called for a mail server, at whatever port and name it is", async () => {
  for (const loopbackAllowed of [false, true]) {
    for (const named of ["localhost", "127.0.0.1", "0.0.0.0"]) {
      const [result, arrived] = await sent(
        { server: { onThisMachine: true }, options: { loopbackAllowed } },
        (smtp) => ({
          ...atItsPort(smtp),
          services: [{ host: named, port: smtp.port }],
        }),
      );
      deepStrictEqual([result.ok, arrived], [false, 0], named);
    }
  }
});

Deno.test("a name that answers with this machine when it is asked again is not called there", async () => {
  let asked = 0;
  const [result, arrived] = await sent({
    server: { host: "mail.example" },
    options: {
      // An address where nobody answers at once, then ours.
      resolve: () => Promise.resolve(asked++ === 0 ? ["203.0.113.7"] : ["127.0.0.1"]),
    },
  }, atItsPort);
  deepStrictEqual([result.ok, arrived, asked], [false, 0, 1]);
});
