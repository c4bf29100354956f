/**
 * The page of bans over HTTP: what the host told, and what is asked of it.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { type Ban, formatBanList, parseUnbanRequests } from "../../lib/domain/ban.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { ask, type Flow, post, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

const PATH = "/admin/bans";

const ban = (address: string, sinceMs: number): Ban => ({
  address,
  jail: "wattpost-sign-in",
  sinceMs,
  untilMs: sinceMs + 3_600_000,
});

async function tell({ clock }: Flow, hostDir: string, addresses: readonly string[]): Promise<void> {
  const bans = addresses.map((address) => ban(address, clock.nowMs() - 60_000));
  const text = formatBanList({ atMs: clock.nowMs(), bans, more: 0, fault: null });
  await Deno.writeTextFile(`${hostDir}/bans.json`, text);
}

Deno.test("an administrator sees who is banned and ends a ban", async (t) => {
  const parent = await Deno.makeTempDir();
  const hostDir = `${parent}/host`;
  const dataDir = `${parent}/data`;
  try {
    await withFlow(
      { specs: [], env: { COLLECT: "off", HOST_DIR: hostDir, DATA_DIR: dataDir } },
      async (flow) => {
        const cookie = await signInByHand(flow.origin);
        const look = (path = PATH, as = cookie) => ask(flow.origin, path, { headers: { cookie: as } });
        const end = (address: string, as = cookie) => post(flow.origin, PATH, { address }, { cookie: as });
        const asked = async () => {
          const text = await Deno.readTextFile(`${dataDir}/requests/unban.json`);
          const read = parseUnbanRequests(text);
          return read.ok ? read.value : read.error;
        };

        await t.step("a host that was not set up is said to be so", async () => {
          match((await look()).text, /The host was not set up by <code>deno task host/);
          strictEqual((await end("192.0.2.7")).status, 409);
        });

        await t.step(
          "what the host wrote and nobody understands is said, and none of it is shown",
          async () => {
            await Deno.mkdir(hostDir);
            await Deno.writeTextFile(`${hostDir}/bans.json`, "<script>alert(1)</script>");
            const { status, text } = await look();
            strictEqual(status, 200);
            match(text, /What the host tells of its bans is not understood/);
            doesNotMatch(text, /alert\(1\)/);
          },
        );

        await t.step("bans are listed, and one is asked to be ended, once", async () => {
          await tell(flow, hostDir, ["192.0.2.7", "2001:db8:1:2::/64"]);
          match((await look()).text, /End ban of 192\.0\.2\.7/);
          const answer = await end("2001:DB8:1:2:0::/64");
          deepStrictEqual(
            [answer.status, answer.headers.get("location")],
            [303, `${PATH}?ended=${encodeURIComponent("2001:db8:1:2::/64")}`],
          );
          deepStrictEqual(await asked(), [{ address: "2001:db8:1:2::/64", askedMs: flow.clock.nowMs() }]);
          const { text } = await look(answer.headers.get("location") ?? PATH);
          match(text, /It ends the ban of 2001:db8:1:2::\/64 within a minute/);
          doesNotMatch(text, /End ban of 2001:db8:1:2::\/64/);
          const [entry] = await listAudit(flow.opened.db);
          deepStrictEqual(
            [entry?.action, entry?.subject, entry?.after],
            ["ban-ended", "address 2001:db8:1:2::/64", { jail: "wattpost-sign-in" }],
          );
        });

        await t.step("only what is banned is asked for, whatever is sent", async () => {
          const before = await asked();
          const sent = ["192.0.2.8", "0.0.0.0/0", "--all", "192.0.2.7\n192.0.2.8", "../../x"];
          for (const address of sent) {
            const { status, text } = await end(address);
            strictEqual(status >= 400, true, address);
            match(text, /Nothing was ended/, address);
          }
          deepStrictEqual(await asked(), before);
          strictEqual((await end("192.0.2.7")).status, 303);
          strictEqual((await Deno.stat(`${dataDir}/requests/unban.json`)).isFile, true);
          deepStrictEqual([...Deno.readDirSync(`${dataDir}/requests`)].map(({ name }) => name), [
            "unban.json",
          ]);
        });

        await t.step("nobody else sees or ends bans, and a browser left open ends none", async () => {
          const technician = await makeVisitor(flow, { name: "Bo", role: "technician" });
          strictEqual((await look(PATH, technician.cookie)).status, 403);
          strictEqual((await end("192.0.2.7", technician.cookie)).status, 403);
          await flow.clock.advance(3_600_000);
          const before = await asked();
          const late = await end("192.0.2.7");
          match(late.headers.get("location") ?? "", /^\/(account\/confirm|sign-in)/);
          deepStrictEqual(await asked(), before);
        });
      },
    );
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});
