import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { profileOf } from "../../../lib/profiles/mod.ts";
import { readRegisterArguments } from "../../../ops/lib/register_arguments.ts";
import { siteDraftOf } from "../../../ops/lib/site_file.ts";

const READING = { since: 1, find: profileOf };
const METER = ["--port=502", "--profile", "eastron-sdm630", "--unit", "1"];
const SITE = ["--name", "Kiln Lane", "--zone", "Europe/London", "--host", "10.0.0.7", ...METER];

Deno.test("readRegisterArguments() describes a site that the checks of files accept", () => {
  const order = readRegisterArguments([
    ...SITE,
    "--host",
    "wired=192.0.2.9",
    "--router-profile",
    "teltonika-rut9xx",
  ]);
  ok(order.ok && order.value.kind === "site");
  strictEqual(order.value.dryRun, false);
  const draft = siteDraftOf({ ...(order.value.site as object) }, READING);
  ok(!draft.ok); // the router has the meters' port
  deepStrictEqual(draft.error.map(({ field }) => field), ["endpoints"]);
  const other = readRegisterArguments([
    ...SITE,
    "--router-profile",
    "teltonika-rut9xx",
    "--router-port",
    "503",
  ]);
  ok(other.ok && other.value.kind === "site");
  ok(siteDraftOf(other.value.site, READING).ok);
});

Deno.test("readRegisterArguments() knows files, lists, trials and help", () => {
  deepStrictEqual(readRegisterArguments(["--file", "site.json", "--dry-run"]), {
    ok: true,
    value: { kind: "file", path: "site.json", dryRun: true },
  });
  deepStrictEqual(readRegisterArguments(["--list", "--search=kiln"]), {
    ok: true,
    value: { kind: "list", search: "kiln" },
  });
  deepStrictEqual(readRegisterArguments([]), { ok: true, value: { kind: "help" } });
});

Deno.test("readRegisterArguments() names all mistakes together", () => {
  deepStrictEqual(readRegisterArguments(["--colour", "red", "--unit"]), {
    ok: false,
    error: ["There is no --colour", "--unit has no value"],
  });
});
