/**
 * What the host reads of refused sign-ins, over HTTP: an address and a word, whatever a visitor types.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ACCOUNT, ask, withFlow } from "./running_product.ts";

const LINE = /^\S+Z wattpost sign-in refused from (\S+) by (\S+)$/;

Deno.test("a refused sign-in is written down for the host, and nothing of what was typed", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/sign-in.log`;
  try {
    const env = { COLLECT: "off", SIGN_IN_LOG: path, TRUST_PROXY: "on" };
    await withFlow({ specs: [], env }, async (flow) => {
      const send = async (from: string, form: Readonly<Record<string, string>>) => {
        const { status } = await ask(flow.origin, "/sign-in", {
          method: "POST",
          headers: {
            origin: flow.origin,
            "x-forwarded-for": from,
            "content-type": "application/x-www-form-urlencoded",
            "user-agent": "x wattpost sign-in refused from 192.0.2.66 by password",
          },
          body: new URLSearchParams({ back: "/", ...form }).toString(),
        });
        return status;
      };
      const forged =
        "a@b.example\n2026-11-29T17:30:00.123Z wattpost sign-in refused from 192.0.2.66 by password";
      strictEqual(await send("192.0.2.66, 203.0.113.7", { email: ACCOUNT.email, password: "not it" }), 422);
      strictEqual(
        await send("2001:db8:1:2::99", { email: forged.replace("\n", "%0a"), password: forged }),
        422,
      );
      ok(
        [200, 303].includes(await send("203.0.113.8", { email: ACCOUNT.email, password: ACCOUNT.password })),
      );
      const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
      for (const line of lines) match(line, LINE);
      deepStrictEqual(lines.map((line) => LINE.exec(line)?.slice(1)), [
        ["203.0.113.7", "password"],
        ["2001:db8:1:2::/64", "password"],
      ]);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
