import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../lib/clock.ts";
import { startSite } from "../../lib/simulator/site.ts";
import { listDrafts } from "../../lib/store/site_drafts.ts";
import { trialMeterAt } from "../../ops/lib/trial/trial_meter.ts";
import { siteSpec } from "../collector/simulated.ts";
import { freePort } from "../engines/server.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";
import { PROJECT } from "../flows/built.ts";
import { withLetters } from "../flows/letters.ts";
import {
  ACCOUNT,
  createAccount,
  type RunningProduct,
  startProduct,
  withFlow,
  withFolder,
} from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

interface Checked {
  readonly name: string;
  readonly verdict: string;
  readonly evidence: string;
}

interface Smoked {
  readonly code: number;
  readonly checks: readonly Checked[];
  readonly said: string;
}

/** Runs the task as it is declared while the product's clock runs: no faster than what it asks of the product is answered. */
async function smoke({ clock }: Pick<RunningProduct, "clock">, args: readonly string[]): Promise<Smoked> {
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", "smoke", ...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await runUntil(clock, command.output());
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { code, said, checks: said.startsWith("{") ? JSON.parse(said).checks : [] };
}

/** What did not pass. A machine that has much to do answers slowly, of which health warns: that is none of these tests'. */
function notPassed({ checks, said }: Smoked): readonly string[] {
  if (checks.length === 0) throw new Error(`No verdicts: ${said}`);
  return checks.filter(({ name, verdict }) =>
    verdict !== "pass" && !(name === "health" && verdict === "warn")
  ).map(({ name, verdict }) => `${verdict} ${name}`);
}

function evidenceOf({ checks }: Smoked, name: string): string {
  return checks.find((one) => one.name === name)?.evidence ?? "";
}

async function accountFile(folder: string, account: object): Promise<string> {
  const path = join(folder, "account.json");
  await Deno.writeTextFile(path, JSON.stringify(account));
  return path;
}

Deno.test("a product that works passes every check, a reading of a meter and the letters among them, and no draft, site or letter stays", async () => {
  await withFolder((folder) =>
    withLetters(async (flow) => {
      const account = await accountFile(folder, ACCOUNT);
      const args = ["--url", flow.origin, "--account", account, "--whole", "--release", "dev", "--json"];
      const smoked = await smoke(flow, args);
      deepStrictEqual(notPassed(smoked), [], smoked.said);
      strictEqual(smoked.code, 0);
      match(evidenceOf(smoked, "reading"), /^18 of 18 plausible, in [1-9]\d* requests/);
      const { id } = await flow.person(ACCOUNT.email);
      deepStrictEqual(await listDrafts(flow.opened.db, id), []);
      deepStrictEqual(flow.smtp.mails, []);
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    })
  );
});

Deno.test("smoke comes over the socket of a colour under the name that people type, and tells a technician's table", async () => {
  await withFolder(async (folder) => {
    const socket = join(folder, "green.sock");
    const env = {
      LISTEN: `unix:${socket}`,
      PUBLIC_URL: "https://energy.example.com",
      RELEASE: "r17-63e2c47",
    };
    const flow = await startProduct({
      folder,
      clock: manualClock(Date.UTC(2026, 10, 2, 10, 30)),
      env,
      prepare: (opened) => createAccount(opened),
    });
    try {
      const account = await accountFile(folder, ACCOUNT);
      const smoked = await smoke(flow, [
        "--socket",
        socket,
        "--account",
        account,
        "--release",
        "r17-63e2c47",
      ]);
      strictEqual(smoked.code, 0, smoked.said);
      match(smoked.said, /^pass {4}alive .*release r17-63e2c47 lives$/m);
      match(smoked.said, /^pass {4}reading .*18 of 18 plausible/m);
      match(smoked.said, /^NOT RUN letters .*No mail server is set\n +An administrator sets one/m);
      match(smoked.said, /\n1[23] of 14 passed, .*1 not run, which is no pass\n$/);
      doesNotMatch(smoked.said, new RegExp(ACCOUNT.password));
      const whole = await smoke(flow, ["--socket", socket, "--account", account, "--whole", "--json"]);
      strictEqual(whole.code, 1, "what was not run is no pass");
      const other = await smoke(flow, [
        "--socket",
        socket,
        "--account",
        account,
        "--release",
        "r18",
        "--json",
      ]);
      strictEqual(other.code, 1);
      strictEqual(evidenceOf(other, "alive"), "Expected release r18, and found one which is r17-63e2c47");
      strictEqual(notPassed(other).length, 14, "nothing else is asked of another release");
    } finally {
      await flow.stop();
    }
  });
});

Deno.test("where the product may not dial this machine the reading is not run, and fails where the place was named", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()], env: { LOOPBACK_SITES: "off" } }, async (flow) => {
      await makeVisitor(flow, { name: "smoke", role: "technician" });
      const account = await accountFile(folder, { ...ACCOUNT, email: "smoke@wattpost.example" });
      const args = ["--url", flow.origin, "--account", account, "--json"];
      const quiet = await smoke(flow, args);
      deepStrictEqual(notPassed(quiet), ["not-run reading", "not-run letters"], quiet.said);
      strictEqual(quiet.code, 0);
      match(evidenceOf(quiet, "reading"), /^It does not dial 127\.0\.0\.1: .+/);
      const named = await smoke(flow, [...args, "--meter", `127.0.0.1:${freePort()}`]);
      deepStrictEqual(notPassed(named), ["fail reading", "not-run letters"], named.said);
      strictEqual(named.code, 1);
    })
  );
});

Deno.test("a meter that is there already is read by its name, and is no pass once it is gone", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()] }, async (flow) => {
      const account = await accountFile(folder, ACCOUNT);
      const site = await startSite(trialMeterAt(0), { clock: systemClock, host: "127.0.0.1" });
      const place = `localhost:${site.endpoints[0]?.port}`;
      const args = ["--url", flow.origin, "--account", account, "--json", "--meter", place];
      const read = await smoke(flow, args).finally(() => site.close());
      deepStrictEqual(notPassed(read), ["not-run letters"], read.said);
      strictEqual(evidenceOf(read, "reading"), `18 of 18 plausible, from ${place}`);
      const gone = await smoke(flow, args);
      deepStrictEqual(notPassed(gone), ["fail reading", "not-run letters"], gone.said);
      strictEqual(gone.code, 1);
    })
  );
});

Deno.test("without an account, or with one that is refused, smoke says what it did not see", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()] }, async (flow) => {
      const none = await smoke(flow, ["--url", flow.origin, "--account", join(folder, "none"), "--json"]);
      const behind = ["sign-in", "pages inside", "live stream", "reading", "letters", "sign-out"];
      deepStrictEqual(notPassed(none), behind.map((name) => `not-run ${name}`));
      strictEqual(none.code, 0);
      const wrong = await accountFile(folder, { ...ACCOUNT, password: "quite another sentence" });
      const refused = await smoke(flow, ["--url", flow.origin, "--account", wrong, "--json"]);
      deepStrictEqual(notPassed(refused).slice(0, 1), ["fail sign-in"]);
      strictEqual(refused.code, 1);
      doesNotMatch(refused.said, /quite another sentence/);
    })
  );
});

Deno.test("a proxy that takes headers away, and one that gathers what a stream says, are found", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()] }, async (flow) => {
      const account = await accountFile(folder, ACCOUNT);
      const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
        const { origin, pathname, search } = new URL(request.url);
        const sent = Object.fromEntries(request.headers);
        const answer = await fetch(`${flow.origin}${pathname}${search}`, {
          method: request.method,
          headers: { ...sent, ...(sent["origin"] === origin ? { origin: flow.origin } : {}) },
          body: request.method === "POST" ? await request.text() : null,
          redirect: "manual",
          signal: request.signal,
        });
        const headers = new Headers(answer.headers);
        headers.delete("x-frame-options");
        // What a proxy gathers arrives when it is over: a stream never does.
        const gathers = headers.get("content-type")?.startsWith("text/event-stream") ?? false;
        const body = gathers ? new ReadableStream() : await answer.text();
        if (gathers) await answer.body?.cancel();
        for (const name of ["content-encoding", "content-length"]) headers.delete(name);
        return new Response([204, 303, 304, 307].includes(answer.status) ? null : body, {
          status: answer.status,
          headers,
        });
      });
      try {
        const url = `http://127.0.0.1:${proxy.addr.port}`;
        const smoked = await smoke(flow, ["--url", url, "--public-url", url, "--account", account, "--json"]);
        const [first, second] = notPassed(smoked);
        deepStrictEqual([first, second], ["fail headers", "fail live stream"], smoked.said);
        match(evidenceOf(smoked, "headers"), /\/sign-in: no x-frame-options/);
        match(evidenceOf(smoked, "live stream"), /says nothing in 10 s/);
      } finally {
        await proxy.shutdown();
      }
    })
  );
});

Deno.test("smoke says that nothing answers, and refuses arguments that make no sense", async () => {
  const still = { clock: manualClock(0) };
  const nobody = await smoke(still, ["--url", `http://127.0.0.1:${freePort()}`]);
  strictEqual(nobody.code, 1);
  match(nobody.said, /^Cannot ask \/sign-in at http:\/\/127\.0\.0\.1:\d+: /);
  const elsewhere = await smoke(still, ["--socket", "/nowhere/blue.sock"]);
  strictEqual(elsewhere.code, 1);
  match(
    elsewhere.said,
    /^Cannot ask \/sign-in at the socket \/nowhere\/blue\.sock: this task may use sockets of/,
  );
  const both = await smoke(still, ["--url", "http://127.0.0.1:1", "--socket", "/run/wattpost/blue.sock"]);
  strictEqual(both.code, 2);
  match(both.said, /^Expected one of --url and --socket\n/);
});
