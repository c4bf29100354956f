import { deepStrictEqual, throws } from "node:assert/strict";
import { type ModuleInfo, neededPackages } from "../../../../ops/lib/image/packages.ts";

const of = (name: string, version: string, dependencies: readonly string[] = []) => ({
  name,
  version,
  dependencies,
});

const KNOWN: NonNullable<ModuleInfo["npmPackages"]> = {
  "preact@10.0.0_peer@1.0.0": of("preact", "10.0.0", ["tiny@1.0.0"]),
  "preact@10.0.0": of("preact", "10.0.0", ["other@3.0.0"]),
  "tiny@1.0.0": of("tiny", "1.0.0", ["loop@2.0.0"]),
  "loop@2.0.0": of("loop", "2.0.0", ["tiny@1.0.0"]),
  "other@3.0.0": of("other", "3.0.0"),
  "tests-only@9.0.0": of("tests-only", "9.0.0"),
};
const LOCK = { npm: { "tiny@1.0.0": { integrity: "sha512-AAEC" } } };

Deno.test("neededPackages() follows what is imported to everything it depends on, in circles too", () => {
  const programs = [{
    modules: [{ kind: "esm" }, { npmPackage: "preact@10.0.0_peer@1.0.0" }],
    npmPackages: KNOWN,
  }];
  deepStrictEqual(neededPackages(programs, LOCK), [
    { name: "loop", version: "2.0.0", integrity: null, needs: ["tiny@1.0.0"] },
    { name: "preact", version: "10.0.0", integrity: null, needs: ["tiny@1.0.0"] },
    { name: "tiny", version: "1.0.0", integrity: "sha512-AAEC", needs: ["loop@2.0.0"] },
  ]);
});

Deno.test("neededPackages() names a package once, whatever peers it stands with", () => {
  const programs = ["preact@10.0.0_peer@1.0.0", "preact@10.0.0"].map((npmPackage) => ({
    modules: [{ npmPackage }],
    npmPackages: KNOWN,
  }));
  const found = neededPackages(programs, LOCK).filter(({ name }) => name === "preact");
  deepStrictEqual(found.map(({ needs }) => needs), [["other@3.0.0", "tiny@1.0.0"]]);
});

Deno.test("neededPackages() does not pass over a package of which nothing is known", () => {
  throws(() => neededPackages([{ modules: [{ npmPackage: "ghost@1.0.0" }] }], LOCK), /"ghost@1.0.0"/);
});
