import { deepStrictEqual, match } from "node:assert/strict";
import plugin from "./plugin.ts";

interface Case {
  readonly rule: string;
  readonly file: string;
  readonly accepted: string;
  readonly refused: string;
  /** Where the refused text stands, if not in `file`. */
  readonly refusedIn?: string;
}

const LONG = Array.from({ length: 61 }, (_, line) => `  f(${line});`).join("\n");
const CASES: readonly Case[] = [
  {
    rule: "layers",
    file: "lib/domain/counter.ts",
    accepted: `import { ok } from "../result.ts"; import type { Reading } from "./reading.ts";`,
    refused: `import type { Clock } from "../clock.ts";`,
  },
  {
    rule: "layers",
    file: "lib/auth/login.ts",
    accepted: `export { findUser } from "../store/users.ts";`,
    refused: `export { readForm } from "../web/form.ts";`,
  },
  {
    rule: "layers",
    file: "routes/index.tsx",
    accepted: `const { a } = await import("../lib/store/sites.ts");`,
    refused: `const { a } = await import("../collector/cycle.ts");`,
  },
  {
    rule: "layers",
    file: "lib/alerts/evaluate.ts",
    accepted: `let a: import("../domain/rule.ts").Rule;`,
    refused: `let a: import("../web/state.ts").State;`,
  },
  {
    rule: "layers",
    file: "lib/auth/password.ts",
    accepted: `new Worker(new URL("./argon2_worker.ts", import.meta.url), { type: "module" });`,
    refused: `new Worker(new URL("../web/worker.ts", import.meta.url), { type: "module" });`,
  },
  {
    rule: "layers",
    file: "lib/kv/mod.ts",
    accepted: `import.meta.resolve("./sessions.ts"); Deno.openKv();`,
    refused: `import.meta.resolve("../store/db.ts");`,
  },
  {
    rule: "layers",
    file: "islands/LoadChart.tsx",
    accepted: `import { Chart } from "chart.js"; import { kw } from "../lib/ui/format.ts";`,
    refused: `import { localDay } from "../lib/domain/local_day.ts";`,
  },
  {
    rule: "layers",
    file: "lib/ui/chart_options.ts",
    accepted: `import type { ChartOptions } from "chart.js";`,
    refused: `import { Chart } from "chart.js";`,
  },
  {
    rule: "layers",
    file: "lib/store/db.ts",
    accepted: `import { Kysely } from "kysely"; import { DatabaseSync } from "node:sqlite";`,
    refused: `import { listSites } from "../kv/mod.ts";`,
  },
  {
    rule: "layers",
    file: "collector/modbus.ts",
    accepted: `import modbus from "modbus-serial";`,
    refused: `import modbus from "modbus-serial";`,
    refusedIn: "collector/visit.ts",
  },
  {
    rule: "layers",
    file: "lib/web/state.ts",
    accepted: `import { createDefine } from "fresh";`,
    refused: `import fresh from "npm:fresh@0.5";`,
  },
  {
    rule: "layers",
    file: "lib/notify/text.ts",
    accepted: `import { a } from "./transport.ts";`,
    refused: `import { a } from "jsr:@std/text";`,
  },
  {
    rule: "layers",
    file: "main.ts",
    accepted: `Deno.cron("a", "* * * * *", f); kv.listenQueue(f); import "./collector/runner.ts";`,
    refused: `kv.listenQueue(f);`,
    refusedIn: "lib/kv/queue.ts",
  },
  {
    rule: "layers",
    file: "lib/domain/local_day.ts",
    accepted: `Temporal.Now.instant();`,
    refused: `Temporal.Now.instant();`,
    refusedIn: "lib/domain/hours.ts",
  },
  {
    rule: "layers",
    file: "tests/fakes/meter.ts",
    accepted: `import modbus from "modbus-serial"; import "../../main.ts";`,
    refused: `import { meter } from "../tests/fakes/meter.ts";`,
    refusedIn: "ops/simulate.ts",
  },
  {
    rule: "layers",
    file: "migrations/0001_site.ts",
    accepted: `import { sql } from "kysely"; import { idColumn } from "../lib/store/dialect.ts";`,
    refused: `import { openDatabase } from "../lib/store/db.ts";`,
  },
  {
    rule: "layers",
    file: "lib/simulator/server.ts",
    accepted: `import { createServer } from "node:net"; import { profiles } from "../profiles/mod.ts";`,
    refused: `import { planBlocks } from "../../collector/block.ts";`,
  },
  {
    rule: "clock",
    file: "collector/visit.ts",
    accepted: `new Date(ms); clock.nowMs();`,
    refused: `Date.now();`,
  },
  {
    rule: "clock",
    file: "main.ts",
    accepted: `Date.now();`,
    refused: `new Date();`,
    refusedIn: "lib/kv/limits.ts",
  },
  {
    rule: "clock",
    file: "tests/a.ts",
    accepted: `setTimeout(f, 1);`,
    refused: `setTimeout(f, 1);`,
    refusedIn: "ops/a.ts",
  },
  {
    rule: "clock",
    file: "lib/health/a.ts",
    accepted: `random();`,
    refused: `globalThis.setInterval(f, Math.random());`,
  },
  {
    rule: "sql",
    file: "lib/store/sites.ts",
    accepted: "db.selectFrom('site'); sql`SELECT a FROM b`;",
    refused: "const text = `SELECT a FROM ${table}`;",
    refusedIn: "lib/health/checks.ts",
  },
  {
    rule: "sql",
    file: "routes/a.ts",
    accepted: `label("Select a site");`,
    refused: `db.insertInto("site");`,
  },
  { rule: "sql", file: "ops/a.ts", accepted: `print("UPDATE done");`, refused: `run("DELETE FROM site");` },
  { rule: "words", file: "lib/domain/a.ts", accepted: `type A = "a" | "b";`, refused: `enum A { a, b }` },
  { rule: "words", file: "lib/domain/b.ts", accepted: `a?.b;`, refused: `a!.b;` },
  {
    rule: "words",
    file: "routes/sites.tsx",
    accepted: `export default function Sites() {}`,
    refused: `export default function sites() {}`,
    refusedIn: "lib/store/sites.ts",
  },
  {
    rule: "function-length",
    file: "lib/web/a.tsx",
    accepted: `function a() {\n${LONG}\n  return <p />;\n}\nfunction b() {\n  // why\n\n}`,
    refused: `function a() {\n${LONG}\n}`,
  },
  {
    rule: "function-length",
    file: "tests/a.ts",
    accepted: `() => {\n${LONG}\n};`,
    refused: `() => {\n${LONG}\n};`,
    refusedIn: "ops/a.ts",
  },
  {
    rule: "file-length",
    file: "lib/web/b.ts",
    accepted: "a();\n".repeat(400),
    refused: "a();\n".repeat(401),
  },
  {
    rule: "no-ignore",
    file: "lib/web/c.ts",
    accepted: "// deno-lint-ignore no-explicit-any -- the library says so\na();",
    refused: "// deno-lint-ignore house/clock\nDate.now();",
  },
  {
    rule: "no-ignore",
    file: "lib/web/d.ts",
    accepted: "// deno-lint-ignore-file require-await\na();",
    refused: "// deno-lint-ignore-file -- just because\na();",
  },
];

function rulesBroken(file: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id);
}

for (const { rule, file, accepted, refused, refusedIn = file } of CASES) {
  Deno.test(`house/${rule} accepts in ${file}: ${accepted.slice(0, 70)}`, () => {
    deepStrictEqual(rulesBroken(file, accepted), []);
  });
  Deno.test(`house/${rule} refuses in ${refusedIn}: ${refused.slice(0, 70)}`, () => {
    match(rulesBroken(refusedIn, refused).join(), new RegExp(`house/${rule}`));
  });
}
