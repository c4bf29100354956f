import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatUnitEntry, KIND_FLAGS, kindOf, suiteOf } from "../../../ops/lib/test_suites.ts";

const KINDS = [
  { path: "tests/lib/log_test.ts", want: "unit" },
  { path: "tests/fresh/app_test.tsx", want: "unit" },
  { path: "tests/lib/kv/limits_io_test.ts", want: "io" },
  { path: "tests/lib/store/readings_engine_test.ts", want: "engine" },
  { path: "tests/flows/sign_in_browser_test.ts", want: "browser" },
  { path: "tests/host/nginx_host_test.ts", want: "host" },
  { path: "tests/release/deploy_release_test.ts", want: "release" },
  { path: "tests/lib/studio_test.ts", want: "unit" },
];
for (const { path, want } of KINDS) {
  Deno.test(`kindOf() takes ${path} for ${want}`, () => strictEqual(kindOf(path), want));
}

Deno.test("suiteOf() gives pure tests no permission and one entry", () => {
  const { args } = suiteOf("unit", ["tests/lib/log_test.ts"]);
  deepStrictEqual(args.filter((word) => word.startsWith("--allow")), []);
  deepStrictEqual(args.at(-1), "tests/unit.ts");
});

Deno.test("KIND_FLAGS lets only Chromium's driver load native code", () => {
  const all = Object.entries(KIND_FLAGS).filter(([, flags]) =>
    flags.some((flag) => /allow-(all|ffi)/.test(flag))
  );
  deepStrictEqual(all.map(([kind]) => kind), ["browser"]);
});

Deno.test("formatUnitEntry() imports the pure tests and no others", () => {
  const entry = formatUnitEntry(["tests/a_test.ts", "tests/b_io_test.ts", "tests/lib/c_test.tsx"]);
  deepStrictEqual(entry.split("\n").filter((line) => line.startsWith("import")), [
    'import "./a_test.ts";',
    'import "./lib/c_test.tsx";',
  ]);
});
