import { match, strictEqual } from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { holdRelease } from "../../lib/store/releases.ts";
import { runDoctor } from "../../ops/doctor.ts";
import { placeOf } from "../../ops/lib/release/place.ts";
import { readSettings } from "../../ops/lib/settings.ts";
import type { Checked } from "../../ops/lib/trial/verdict.ts";
import { ENGINES, openMigrated, withPlace } from "../lib/store/engines.ts";

const CHECKS = ["database", "migrations", "secrets", "collection", "routers"];

/** Looks at an installation by its database; what each check said, and the exit code. */
async function lookAt(folder: string, databaseUrl: string) {
  const lines: string[] = [];
  const env = { DATA_DIR: folder, DATABASE_URL: databaseUrl };
  const options = {
    settings: readSettings({ file: `${folder}/no.env`, env }),
    place: placeOf({ name: "trial", root: folder }),
    ...{ app: null, routers: 8, clock: systemClock, random: () => 0 },
  };
  const print = (text: string) => lines.push(text);
  const code = await runDoctor(options, { only: CHECKS, withinMs: 60_000, json: true, print });
  const text = lines.join("\n");
  const { checks } = JSON.parse(text) as { readonly checks: readonly Checked[] };
  const of = (name: string) => {
    const one = checks.find((checked) => checked.name === name);
    return `${one?.verdict}: ${one?.evidence}`;
  };
  return { code, of, text };
}

for (const engine of ENGINES) {
  Deno.test(`the doctor tells an empty database and one of this release apart (${engine.name})`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-doctor-" });
    try {
      await withPlace(engine, async ({ url }) => {
        if (engine.name !== "sqlite") {
          const empty = await lookAt(folder, url);
          match(empty.of("database"), /^fail: .* has none of our tables/);
          match(empty.of("migrations"), /^fail: (\d+) of \1 are missing: 0001_site, /);
          match(empty.of("collection"), /^fail: /);
        }
        const db = await openMigrated(url);
        const box = await openSecretBox({ dataDir: folder, secretsKey: undefined });
        await openKeys(db, box, Date.now());
        await holdRelease(db, { release: "r7-1a2b3c4", token: "t", nowMs: Date.now() });
        const works = await lookAt(folder, url);
        match(works.of("database"), new RegExp(`^(pass|warn): ${engine.name} .* answers in .* MB$`));
        match(works.of("migrations"), /^pass: all \d+ are applied$/);
        match(works.of("secrets"), /^pass: /);
        match(works.of("collection"), /^pass: r7-1a2b3c4 was heard of .* ago, no site is expected/);
        match(works.of("routers"), /^not-run: No site is collected yet$/);
        strictEqual(works.code, 0);
        await db.close();
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("the doctor says that a server is away without its password, and looks at nothing in it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-doctor-" });
  try {
    const url = Object.assign(new URL("mysql://wattpost@127.0.0.1:1/wattpost"), { password: "a-secret" });
    const away = await lookAt(folder, url.href);
    match(away.of("database"), /^fail: Cannot connect to the database/);
    match(away.of("migrations"), /^not-run: The database was not looked at/);
    strictEqual(away.text.includes("a-secret"), false);
    strictEqual(away.code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
