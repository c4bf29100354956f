import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { CONFIG_NAMES } from "../../lib/config.ts";
import { formatEnvExample } from "../../ops/lib/config_docs.ts";
import { readDescription } from "../../ops/lib/host/describe.ts";
import { FIELD_WORDS, fieldsIn, withExample } from "../../ops/lib/host_docs.ts";
import { formatPermissionPage } from "../../ops/lib/permission_docs.ts";
import { withReliability } from "../../ops/lib/reliability_docs.ts";
import { formatSegmentPage } from "../../ops/lib/segment_docs.ts";
import { formatUnitEntry, kindOf, listTestFiles } from "../../ops/lib/test_suites.ts";
import { formatOpenApi, withTable } from "../../ops/docs.ts";

const ROOT = new URL("../../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

Deno.test("tests/unit.ts forgets no pure test (else: deno task docs)", async () => {
  const folder = new URL("tests", ROOT).pathname;
  const files = (await listTestFiles(folder)).map((path) => `tests${path.slice(folder.length)}`);
  strictEqual(read("tests/unit.ts"), formatUnitEntry(files));
  ok(files.some((path) => kindOf(path) === "engine"));
});

Deno.test(".env.example is what lib/config.ts reads (else: deno task docs)", () => {
  strictEqual(read(".env.example"), formatEnvExample());
});

Deno.test("docs/configuration.md has the table of lib/config.ts (else: deno task docs)", () => {
  const page = read("docs/configuration.md");
  strictEqual(page, withTable(page));
  ok(page.includes("| `LISTEN` |"));
});

Deno.test("docs/openapi.json describes the API as it is served (else: deno task docs)", () => {
  strictEqual(read("docs/openapi.json"), formatOpenApi());
});

Deno.test("docs/permissions.md says what lib/domain/permission.ts asks (else: deno task docs)", () => {
  strictEqual(read("docs/permissions.md"), formatPermissionPage());
});

Deno.test("docs/segments.md says what ops/lib/host/segments.ts has (else: deno task docs)", () => {
  strictEqual(read("docs/segments.md"), formatSegmentPage());
});

Deno.test("docs/reliability.md has what the drill of deploys wrote down (else: deno task docs)", () => {
  const page = read("docs/reliability.md");
  strictEqual(page, withReliability(page, JSON.parse(read("docs/reliability.json"))));
  ok(page.includes("killed (`SIGKILL`) at switch"));
});

Deno.test("docs/host.md has ops/host.example.json, which is right and whose every field has its words", () => {
  const text = read("ops/host.example.json");
  const page = read("docs/host.md");
  strictEqual(page, withExample(page, JSON.parse(text)), "else: deno task docs");
  deepStrictEqual(fieldsIn(JSON.parse(text)), Object.keys(FIELD_WORDS));
  const described = readDescription(text);
  deepStrictEqual(described.ok ? [] : described.error, []);
  deepStrictEqual(described.ok && fieldsIn(described.value), Object.keys(FIELD_WORDS));
});

const tasks: Readonly<Record<string, { readonly command?: string; readonly description?: string }>> =
  JSON.parse(read("deno.json")).tasks;

Deno.test("the product may read every setting that lib/config.ts knows, and no other", () => {
  const [, names = ""] = /--allow-env=(\S+)/.exec(tasks["app"]?.command ?? "") ?? [];
  deepStrictEqual(names.split(","), [...CONFIG_NAMES, "WATTPOST_*"]);
});

Deno.test("the product may start no program, load no native code and is given nothing wholesale", () => {
  const image = read("Dockerfile").split("\n").find((line) => line.startsWith("ENTRYPOINT")) ?? "";
  for (const command of [tasks["app"]?.command ?? "", tasks["ops"]?.command ?? "", image]) {
    ok(command.includes("--no-prompt"), command);
    ok(
      !/-A\b|--allow-(all|run|ffi|import|hrtime)|--allow-(read|write|env|sys)(?!=)|--unstable-ffi/.test(
        command,
      ),
      command,
    );
    // How much room a disk has is all that may be asked of the system.
    const asked = [...command.matchAll(/--allow-sys=([^\s"]*)/g)].map(([, names]) => names);
    deepStrictEqual(asked.filter((names) => names !== "statfs"), []);
  }
});

for (const [name, { command = "", description = "" }] of Object.entries(tasks)) {
  Deno.test(`deno task ${name} says what it does and names its permissions`, () => {
    ok(description.length > 10, "no description");
    ok(!/\s(-A|--allow-all|--allow-ffi|-P)\b/.test(command), command);
  });
}
