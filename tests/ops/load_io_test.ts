import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { listAudit } from "../../lib/store/audit.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { siteSpec } from "../collector/simulated.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { PROJECT } from "../flows/built.ts";
import { eventually } from "../flows/product_process.ts";
import {
  ACCOUNT,
  createAccount,
  FIRST,
  type RunningProduct,
  startProduct,
  withFlow,
  withFolder,
} from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

interface Loaded {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Longest that a load of some seconds may take on a slow machine, in ms. */
const DEADLINE_MS = 120_000;

/** Runs the task as it is declared. */
async function load(args: readonly string[]): Promise<Loaded> {
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", "load", ...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const late = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(late);
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function fileWith(folder: string, name: string, text: string): Promise<string> {
  await Deno.writeTextFile(join(folder, name), text);
  return join(folder, name);
}

Deno.test("people, programs that write and open pages put load on a product that bears it: nothing fails, nothing is changed, nobody stays signed in", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()] }, async (flow) => {
      const { token } = await makeVisitor(flow, { name: "program", role: "operator" });
      const args = [
        ...["--url", flow.origin, "--users", "4", "--streams", "6", "--seconds", "6", "--think-ms", "200"],
        ...["--accounts", await fileWith(folder, "accounts.json", JSON.stringify([ACCOUNT]))],
        ...["--tokens", await fileWith(folder, "tokens", `${token}\n`), "--writes"],
        ...["--report", join(folder, "report.html"), "--within-ms", "60000", "--json"],
      ];
      const loaded = await flow.settle(load(args));
      const end = JSON.parse(loaded.out || "{}");
      strictEqual(loaded.code, 0, loaded.out + loaded.err);
      deepStrictEqual(end.failures, {});
      strictEqual(end.streams.mostOpen, 6);
      strictEqual(end.streams.brokenOff, 0);
      const what = end.answers.map(({ what }: { readonly what: string }) => what);
      for (const name of ["Today", "Sites", "Styles", "List of sites", "Greeting"]) {
        ok(what.includes(name), `${name}: ${what}`);
      }
      const report = await Deno.readTextFile(join(folder, "report.html"));
      match(report, /Within budget/);
      for (const secret of [ACCOUNT.password, token]) {
        ok(![report, loaded.out, loaded.err].some((text) => text.includes(secret)));
      }
      const trail = await listAudit(flow.opened.db);
      const count = (action: string) => trail.filter((entry) => entry.action === action).length;
      strictEqual(count("sign-out"), 1);
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    })
  );
});

Deno.test("a product that stops in the middle of the load is over budget: streams heard its good-bye, and what came after failed", async () => {
  await withFolder(async (folder) => {
    const flow: RunningProduct = await startProduct({
      folder,
      clock: manualClock(endMsOf(FIRST)),
      prepare: (opened) => createAccount(opened),
    });
    const accounts = await fileWith(folder, "accounts.json", JSON.stringify(ACCOUNT));
    const args = [
      "--url",
      flow.origin,
      "--users",
      "2",
      "--streams",
      "3",
      "--seconds",
      "8",
      "--think-ms",
      "200",
    ];
    const loading = load([...args, "--accounts", accounts, "--json"]);
    const opened = () => flow.lines.filter(({ path }) => path === "/api/live").length === 3;
    await flow.settle(eventually("three streams are open", opened)).finally(() => flow.stop());
    const { code, out, err } = await loading;
    strictEqual(code, 1, out + err);
    const end = JSON.parse(out);
    strictEqual(end.streams.movedOver, 3, out);
    strictEqual(end.kept, false);
    ok(Object.keys(end.failures).length > 0, out);
  });
});

Deno.test("load is not put on production, not even behind loopback, unless its host is named a second time; nobody asked more than where it is at home", async () => {
  const env = { PUBLIC_URL: "https://energy.example.com" };
  await withFlow({ specs: [siteSpec()], env }, async (flow) => {
    const args = ["--url", flow.origin, "--users", "1", "--seconds", "5"];
    const refused = await flow.settle(load(args));
    strictEqual(refused.code, 2);
    match(refused.err, /"energy\.example\.com" is no host for tests.*--yes-load energy\.example\.com/);
    deepStrictEqual(flow.lines.filter(({ msg, path }) => msg === "Answered" && path !== "/sign-in"), []);
    const named = await flow.settle(load([...args, "--yes-load", "energy.example.com", "--dry-run"]));
    strictEqual(named.code, 0);
    match(named.out, /^1 people for 5 s on https:\/\/energy\.example\.com at http:\/\/127/);
  });
});

Deno.test("load says why it cannot begin, without the password that was refused", async () => {
  await withFolder((folder) =>
    withFlow({ specs: [siteSpec()] }, async (flow) => {
      const wrong = JSON.stringify({ ...ACCOUNT, password: "quite another sentence" });
      const accounts = await fileWith(folder, "accounts.json", wrong);
      const loaded = await flow.settle(load(["--url", flow.origin, "--accounts", accounts]));
      strictEqual(loaded.code, 1);
      match(loaded.err, /^ada@wattpost\.example cannot sign in: it is answered 422/);
      doesNotMatch(loaded.err + loaded.out, /quite another sentence/);
      const report = join(folder, "nowhere", "report.html");
      const unwritable = await flow.settle(load(["--url", flow.origin, "--users", "1", "--report", report]));
      strictEqual(unwritable.code, 1);
      match(unwritable.err, /^Cannot write the report to ".*report\.html": No such file or directory/);
    })
  );
});
