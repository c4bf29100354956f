/**
 * Whoever adds or removes a passkey is told by e-mail, at the running product with a mail server beside it.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { saveSender } from "../../../lib/store/mail_settings.ts";
import { listPasskeys } from "../../../lib/store/passkeys.ts";
import { authorAt } from "../../fakes/author.ts";
import { startSmtpServer } from "../../fakes/smtp_server.ts";
import { withHostName, withPasskey } from "../../flows/passkeys.ts";
import { type Flow, post } from "../../flows/running_product.ts";
import { makeVisitor } from "../../flows/visitors.ts";

async function setMailServer({ opened, clock }: Flow, port: number): Promise<void> {
  const { box, seal } = opened.keys;
  const value = {
    host: "127.0.0.1",
    port,
    security: "none",
    user: "",
    from: "wattpost@example.org",
    fromName: "",
  } as const;
  const change = { box, name: "mail", value, version: 0, secret: { kind: "keep" } } as const;
  strictEqual((await saveSender(opened.db, authorAt(clock.nowMs(), { seal }), change)).ok, true);
}

Deno.test("the owner is told by e-mail that a passkey was added, and that one was removed", async () => {
  const smtp = await startSmtpServer({ security: "none" });
  try {
    await withHostName(async (flow) => {
      await setMailServer(flow, smtp.port);
      const ida = await makeVisitor(flow, { name: "ida", role: "viewer" });
      await withPasskey(flow, ida, "A name that is nobody else's business");
      const added = await smtp.arrived(0);
      deepStrictEqual(added.to, [ida.user.email]);
      match(added.text, /A passkey was added to your account, on /);
      match(added.text, /If it was not you, tell an administrator/);
      strictEqual(added.raw.includes("business"), false);
      const [passkey] = await listPasskeys(flow.opened.db, ida.user.id);
      const path = `/account/passkeys/${passkey?.credentialHash}/remove`;
      strictEqual((await post(flow.origin, path, {}, { cookie: ida.cookie })).status, 303);
      match((await smtp.arrived(1)).text, /A passkey was removed from your account/);
      strictEqual(smtp.mails.length, 2);
    });
  } finally {
    await smtp.close();
  }
});
