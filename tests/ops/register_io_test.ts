import { deepStrictEqual, fail, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { formatHours } from "../../lib/domain/hours.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { readSecret } from "../../lib/store/secrets.ts";
import { createMap, publishMap } from "../../lib/store/register_maps.ts";
import { EMPTY_MAP, mapOfProfile } from "../../lib/profiles/register_map.ts";
import { PROFILES } from "../../lib/profiles/mod.ts";
import { storedMapOf } from "../../lib/web/own_maps.ts";
import { runRegister } from "../../ops/register.ts";
import { runRotate } from "../../ops/rotate_secrets.ts";
import { authorAt, TEST_SEAL } from "../fakes/author.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 9, 40);
const PAGE = Deno.readTextFileSync(new URL("../../docs/registering.md", import.meta.url));
const [, EXAMPLE = ""] = /^```json\n([^]*?)^```$/m.exec(PAGE) ?? [];
const SITE = JSON.parse(EXAMPLE);

/** What must never be seen, made of what no other text holds. */
const PASSWORD = "Kupfer-Änderung 7331 $";

interface Trial {
  /** `DATABASE_URL`. */
  readonly url: string;
  /** The folder of the database and of the ring of keys. */
  readonly dataDir: string;
  /** Runs it with these files; its code and what it printed. */
  run(args: readonly string[], files?: Readonly<Record<string, string>>): Promise<readonly [number, string]>;
}

function tried(name: string, body: (trial: Trial) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-register-" });
    const url = `sqlite:${folder}/test.db`;
    const settings = { dataDir: folder, secretsKey: undefined };
    try {
      await body({
        url,
        dataDir: folder,
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
            openKeys: async (db) => {
              const { box } = await openKeys(db, await openSecretBox(settings), NOW_MS);
              return { box, seal: TEST_SEAL };
            },
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

tried(
  "runRegister() takes a published version of a register map, and says which is none",
  async ({ run, url }) => {
    await run(["--file", "site.json"], { "site.json": EXAMPLE }); // makes the database
    const by = authorAt(NOW_MS);
    const db = await openDatabase(url);
    const map = { ...EMPTY_MAP, name: "Chiller", rows: mapOfProfile(PROFILES[0] ?? fail()).rows };
    const made = await createMap(db, by, storedMapOf(map));
    ok(made.ok);
    ok((await publishMap(db, by, { mapId: made.value, version: 0, note: "" })).ok);
    await db.close();
    const site = (profile: string) => {
      const endpoints = [{ port: 502, kind: "device", meters: [{ unit: 1, profile }] }];
      return JSON.stringify({ ...SITE, name: "Own", endpoints, router: undefined });
    };
    const [good, told] = await run(["--file", "own.json"], { "own.json": site("own-1@1") });
    deepStrictEqual([good, told.split("\n")[0]?.replace(/\d+ channels/, "n channels")], [
      0,
      'Registered "Own": 2 addresses, 1 ports, 1 meters, n channels as site 2',
    ]);
    const [bad, why] = await run(["--file", "own.json"], { "own.json": site("own-1@2") });
    strictEqual(bad, 2);
    match(why, /profile is "own-1@2"\n {4}expected: a published version of a register map/);
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

/** Every byte of a folder's files, one character each, so that a password is found in either spelling. */
async function bytesOf(folder: string): Promise<string> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    files.push(new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/${name}`)));
  }
  return files.join("");
}

/** A password as it could lie in a file: as UTF-8, as UTF-16, and without its one letter that has two spellings. */
const TRACES = [
  new TextDecoder("latin1").decode(new TextEncoder().encode(PASSWORD)),
  [...PASSWORD].join("\u0000"),
  PASSWORD.split("Ä")[1] ?? PASSWORD,
];

async function routerOf(
  url: string,
  dataDir: string,
): Promise<readonly [string | null | undefined, string | null]> {
  const db = await openDatabase(url);
  try {
    const row = await db.kysely.selectFrom("router").select("user_name").where("site_id", "=", 1)
      .executeTakeFirst();
    const box = await openSecretBox({ dataDir, secretsKey: undefined });
    return [row?.user_name, await readSecret(db, box, "router:1")];
  } finally {
    await db.close();
  }
}

const SOURCES: readonly (readonly [string, object, Readonly<Record<string, string>>])[] = [
  ["in the file of the site", { password: PASSWORD }, {}],
  ["in a file of its own", { passwordFile: "router.txt" }, { "router.txt": `${PASSWORD}\n` }],
];
for (const [where, login, more] of SOURCES) {
  tried(
    `runRegister() seals a router's password that stands ${where}, and shows it nowhere`,
    async (trial) => {
      const { run, url, dataDir } = trial;
      const site = JSON.stringify({ ...SITE, router: { user: "admin", ...login } });
      const tries = [await run(["--file", "s.json", "--dry-run"], { "s.json": site, ...more })];
      tries.push(await run(["--file", "s.json"], { "s.json": site, ...more }));
      tries.push(await run(["--file", "s.json"], { "s.json": site, ...more })); // the name is taken now
      deepStrictEqual(tries.map(([code]) => code), [0, 0, 1]);
      match(tries[1]?.[1] ?? "", /channels, a password of its router as site 1/);
      const seen = tries.map(([, printed]) => printed).join("\n") + await bytesOf(dataDir);
      for (const trace of TRACES) strictEqual(seen.includes(trace), false, trace);
      ok(seen.includes("Kiln Lane Bakery"), "the files were looked at");
      deepStrictEqual(await routerOf(url, dataDir), ["admin", PASSWORD]);
      const db = await openDatabase(url);
      const trail = await listAudit(db);
      await db.close();
      deepStrictEqual(trail.map(({ action, subject, siteId }) => [action, subject, siteId]), [
        ["secret-changed", "secret router:1", 1],
        ["site-registered", "site 1", 1],
      ]);
      deepStrictEqual(trail[0]?.after, { state: "set" });
      match(JSON.stringify(trail[1]?.after), /"router":\{"model":null,"serial":null,"user":"admin"\}/);
    },
  );
}

tried(
  "runRotate() keeps a router's password readable, and as unseen as before",
  async ({ run, url, dataDir }) => {
    const site = JSON.stringify({ ...SITE, router: { user: "admin", password: PASSWORD } });
    await run(["--file", "s.json"], { "s.json": site });
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const settings = { dataDir, secretsKey: undefined, databaseUrl: url, nowMs: NOW_MS, print };
    strictEqual(await runRotate({ dryRun: false, forgetOld: false }, settings), 0, lines.join("\n"));
    strictEqual(await runRotate({ dryRun: false, forgetOld: true }, settings), 0, lines.join("\n"));
    deepStrictEqual(await routerOf(url, dataDir), ["admin", PASSWORD]);
    const seen = lines.join("\n") + await bytesOf(dataDir);
    for (const trace of TRACES) strictEqual(seen.includes(trace), false, trace);
  },
);

tried("runRegister() registers a router's user alone, and options with a password file", async (trial) => {
  const { run, url, dataDir } = trial;
  const site = JSON.stringify({ ...SITE, router: { user: "monitor" } });
  const [code, printed] = await run(["--file", "s.json"], { "s.json": site });
  strictEqual(code, 0, printed);
  deepStrictEqual(await routerOf(url, dataDir), ["monitor", null]);
  const meter = ["--port", "502", "--profile", "eastron-sdm630", "--unit", "1"];
  const named = ["--name", "Mill", "--zone", "Europe/London", "--host", "10.20.0.8", ...meter];
  const login = ["--router-user", "admin", "--router-password-file", "mill.txt"];
  match((await run([...named, ...login], { "mill.txt": PASSWORD }))[1], /a password of its router as site 2/);
  const again = named.map((word) => word === "Mill" ? "Barn" : word);
  match((await run([...again, "--router-password", PASSWORD]))[1], /There is no --router-password\n/);
});

const WRONG_LOGINS: readonly (readonly [string, unknown, string])[] = [
  ["no user", { password: PASSWORD }, "router.user"],
  ["a long password", { user: "admin", password: "7331".repeat(33) }, "router.password"],
  ["an empty password", { user: "admin", password: "" }, "router.password"],
  ["a password that is a number", { user: "admin", password: 7331 }, "router.password"],
  ["a password with a line break", { user: "admin", password: "7331\nx" }, "router.password"],
  ["a user with a bell", { user: "ad\u0007min" }, "router.user"],
  ["a password twice", { user: "a", password: "7331", passwordFile: "7331" }, "router.passwordFile"],
  ["standard input for a password", { user: "admin", passwordFile: "-" }, "router.passwordFile"],
  ["a field with a slip", { user: "admin", pasword: PASSWORD }, "router.pasword"],
  ["a password for a router", PASSWORD, "router"],
  ["a file with two lines", { user: "admin", passwordFile: "two.txt" }, "router.passwordFile"],
  ["a file that is not there", { user: "admin", passwordFile: "none.txt" }, "router.passwordFile"],
];
for (const [name, router, field] of WRONG_LOGINS) {
  tried(`runRegister() refuses ${name}, names the field and not the password`, async ({ run, dataDir }) => {
    const files = { "s.json": JSON.stringify({ ...SITE, router }), "two.txt": "7331\n7331\n" };
    const [code, printed] = await run(["--file", "s.json"], files);
    strictEqual(code, 2);
    ok(printed.includes(`\n  ${field} is `), printed);
    strictEqual(printed.includes("7331"), false, printed);
    deepStrictEqual([...Deno.readDirSync(dataDir)], [], "nothing was made");
  });
}

tried("runRegister() quotes nothing of a file that is no JSON: it may hold a password", async ({ run }) => {
  for (
    const text of [
      `{"router":{"password": ${PASSWORD}"}}`,
      `{"password":"${PASSWORD}" "x"}`,
      `"${PASSWORD}`,
      "7331x",
    ]
  ) {
    const [code, printed] = await run(["--file", "s.json"], { "s.json": text });
    deepStrictEqual([code, printed.includes("7331")], [2, false], printed);
  }
  const { router: _, ...rest } = { ...SITE, router: null, password: PASSWORD };
  strictEqual(
    (await run(["--file", "s.json"], { "s.json": JSON.stringify(rest) }))[1].includes("7331"),
    false,
  );
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
