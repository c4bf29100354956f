import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { formatHours } from "../../lib/domain/hours.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { runRegister } from "../../ops/register.ts";
import { TEST_SEAL } from "../fakes/author.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 9, 40);
const PAGE = Deno.readTextFileSync(new URL("../../docs/registering.md", import.meta.url));
const [, EXAMPLE = ""] = /^```json\n([^]*?)^```$/m.exec(PAGE) ?? [];
const SITE = JSON.parse(EXAMPLE);
const openSeal = () => Promise.resolve(TEST_SEAL);

interface Trial {
  /** `DATABASE_URL`. */
  readonly url: string;
  /** Runs it with these files; its code and what it printed. */
  run(args: readonly string[], files?: Readonly<Record<string, string>>): Promise<readonly [number, string]>;
}

function tried(name: string, body: (trial: Trial) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-register-" });
    const url = `sqlite:${folder}/test.db`;
    try {
      await body({
        url,
        async run(args, files = {}) {
          const lines: string[] = [];
          const readText = (path: string) => {
            const text = files[path];
            return text === undefined
              ? Promise.reject(new Deno.errors.NotFound("No such file"))
              : Promise.resolve(text);
          };
          const print = (line: string) => void lines.push(line);
          const code = await runRegister(args, {
            databaseUrl: url,
            nowMs: NOW_MS,
            openSeal,
            print,
            readText,
          });
          return [code, lines.join("\n")];
        },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

tried(
  "runRegister() registers the example of docs/registering.md whole, and writes down who did",
  async ({ run, url }) => {
    const [code, printed] = await run(["--file", "site.json"], { "site.json": EXAMPLE });
    match(
      printed,
      /^Registered "Kiln Lane Bakery": 2 addresses, 3 ports, 5 meters, \d+ channels as site 1\n {2}10\.20\.0\.7 port 1502 is not dialled/,
    );
    strictEqual(code, 0);
    const db = await openDatabase(url);
    try {
      const site = (await getSitePlan(db, 1, halfHourOf(NOW_MS)))?.site;
      ok(site);
      deepStrictEqual([site.town, site.zone, site.latitude, site.longitude], [
        SITE.town,
        SITE.zone,
        SITE.latitude,
        SITE.longitude,
      ]);
      deepStrictEqual(site.hours && formatHours(site.hours), SITE.hours);
      const [entry] = await listAudit(db);
      deepStrictEqual([entry?.actor, entry?.action, entry?.subject, entry?.atMs], [
        "deno task register",
        "site-registered",
        "site 1",
        NOW_MS,
      ]);
      match(JSON.stringify(entry?.after), /"Kiln Lane Bakery".*"10\.20\.0\.7".*"Cold store"/);
    } finally {
      await db.close();
    }
  },
);

tried("runRegister() tries without writing, and says that there is no database yet", async ({ run, url }) => {
  const files = { "site.json": EXAMPLE };
  const [code, printed] = await run(["--file", "site.json", "--dry-run"], files);
  match(printed, /^The database is not made yet.*\nWould register "Kiln Lane Bakery": 2 addresses/);
  strictEqual(code, 0);
  deepStrictEqual(await run(["--list"]), [
    0,
    "The database is not made yet: registering or starting Wattpost does it",
  ]);
  strictEqual((await run(["--file", "site.json"], files))[0], 0);
  const other = JSON.stringify({ ...SITE, name: "Mill" });
  match((await run(["--file", "m.json", "--dry-run"], { "m.json": other }))[1], /^Would register "Mill"/);
  deepStrictEqual(await run(["--list"]), [0, "1\tKiln Lane Bakery\tEpsom\n1 site"]);
  const db = await openDatabase(url);
  strictEqual((await listAudit(db)).length, 1);
  await db.close();
});

tried(
  "runRegister() registers none of a file where one name is taken, whatever its case",
  async ({ run }) => {
    await run(["--file", "site.json"], { "site.json": EXAMPLE });
    const files = {
      "two.json": JSON.stringify([{ ...SITE, name: "Mill" }, { ...SITE, name: "KILN LANE BAKERY" }]),
    };
    for (const args of [["--file", "two.json"], ["--file", "two.json", "--dry-run"]]) {
      deepStrictEqual(await run(args, files), [
        1,
        'Cannot register site 2:\n  name is "KILN LANE BAKERY"\n    expected: a name that no registered site has, whatever its case',
      ]);
    }
    deepStrictEqual(await run(["--list", "--search", "mill"]), [0, "0 sites"]);
  },
);

tried(
  "runRegister() refuses two sites of a file with one name, and every other mistake with them",
  async ({ run }) => {
    const files = {
      "two.json": JSON.stringify([SITE, { ...SITE, name: "kiln lane bakery" }, { ...SITE, zone: "Moon" }]),
    };
    const [code, printed] = await run(["--file", "two.json"], files);
    strictEqual(code, 2);
    match(
      printed,
      /^Cannot register site 2:\n {2}name is "kiln lane bakery"\n {4}expected: a name that no other site/,
    );
    match(printed, /\nCannot register site 3:\n {2}zone is "Moon"\n {4}expected: /);
  },
);

tried("runRegister() says what is wrong with a file, and what to do", async ({ run }) => {
  match(
    (await run(["--file", "no.json"]))[1],
    /^Cannot read no\.json: No such file\n {2}--file - reads standard input$/,
  );
  match((await run(["--file", "a.json"], { "a.json": "{" }))[1], /^a\.json is no JSON: /);
  match(
    (await run(["--file", "a.json"], { "a.json": "[]" }))[1],
    /^Cannot register 0 sites at once: 1 to 1000$/,
  );
  match((await run(["--colour", "red"]))[1], /There is no --colour[^]*deno task register --file/);
  match((await run(["--help"]))[1], /docs\/registering\.md/);
});

tried("runRegister() says to stop Wattpost where it has the SQLite file", async ({ run, url }) => {
  const wattpost = await openDatabase(url);
  try {
    const [code, printed] = await run(["--file", "site.json"], { "site.json": EXAMPLE });
    strictEqual(code, 1);
    match(printed, /another process of Wattpost has it open\n {2}Stop Wattpost, register, start it again/);
    match(printed, /With MySQL or MariaDB both run at once/);
  } finally {
    await wattpost.close();
  }
});

/** `deno task register` as it is typed, with a project of its own beside the real one's files. */
async function typed(cwd: string, args: readonly string[]): Promise<readonly [number, string]> {
  // Where the tests were typed is not where this is.
  const { INIT_CWD: _, ...inherited } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "-q", "--config", `${cwd}/../deno.json`, "register", ...args],
    cwd,
    clearEnv: true,
    env: { ...inherited, NO_COLOR: "1", DATABASE_URL: "sqlite:data/typed.db" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return [code, text.decode(stdout) + text.decode(stderr)];
}

Deno.test("deno task register finds a file from the folder in which it is typed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost typed " });
  try {
    const root = new URL("../../", import.meta.url);
    await Deno.copyFile(new URL("deno.json", root), `${folder}/deno.json`);
    await Deno.copyFile(new URL("deno.lock", root), `${folder}/deno.lock`);
    for (const part of ["lib", "ops", "migrations"]) {
      await Deno.symlink(new URL(part, root).pathname, `${folder}/${part}`);
    }
    await Deno.mkdir(`${folder}/my sites`);
    await Deno.writeTextFile(`${folder}/my sites/kiln lane.json`, EXAMPLE);
    const [code, printed] = await typed(`${folder}/my sites`, ["--file", "kiln lane.json"]);
    match(printed, /^Registered "Kiln Lane Bakery"/);
    strictEqual(code, 0);
    match((await typed(`${folder}/my sites`, ["--list"]))[1], /1\tKiln Lane Bakery\tEpsom\n1 site\n/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
