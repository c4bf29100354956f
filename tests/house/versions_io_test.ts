import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);
const DENO = "2.9.6";
const FLAGS_OF_AN_IMAGE = ["--cached-only", "--no-check"];

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

const NAMING = [
  { file: "README.md", pattern: /deno@(\d+\.\d+\.\d+)|Deno\S* (\d+\.\d+\.\d+)/g },
  { file: ".ci/run", pattern: /deno@(\d+\.\d+\.\d+)/g },
  { file: "Dockerfile", pattern: /DENO_VERSION=(\S+)/g },
];
for (const { file, pattern } of NAMING) {
  Deno.test(`${file} names the Deno that we use`, () => {
    const versions = [...read(file).matchAll(pattern)].map(([, first, second]) => first ?? second);
    deepStrictEqual([...new Set(versions)], [DENO]);
  });
}

Deno.test("the tests run on the Deno that we name", () => strictEqual(Deno.version.deno, DENO));

Deno.test("the image runs with the permissions of deno task app", () => {
  const [, entry = "[]"] = /^ENTRYPOINT (\[.*\])$/m.exec(read("Dockerfile")) ?? [];
  const inImage: string[] = JSON.parse(entry);
  const task: string = JSON.parse(read("deno.json")).tasks.app.command;
  deepStrictEqual(inImage.filter((word) => !FLAGS_OF_AN_IMAGE.includes(word)), task.split(" "));
});

Deno.test("the image and compose.yaml agree on who runs and that nothing else is reachable", () => {
  ok(read("Dockerfile").includes("USER 65532:65532"));
  ok(read("compose.yaml").includes('user: "65532:65532"'));
  const ports = [...read("compose.yaml").matchAll(/^ +- "?(.*:8000)"?$/gm)].map(([, port]) => port);
  deepStrictEqual([...new Set(ports)], ["127.0.0.1:8000:8000"]);
});

Deno.test("every package is pinned to one version", () => {
  const imports: Readonly<Record<string, string>> = JSON.parse(read("deno.json")).imports;
  const loose = Object.entries(imports).filter(([name, to]) =>
    !(name === "fresh" || name.startsWith("fresh/")) && !/^npm:(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(\/|$)/.test(to)
  );
  deepStrictEqual(loose, []);
});
