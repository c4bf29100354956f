import { deepStrictEqual, ok } from "node:assert/strict";
import { migrationReasons, migrations } from "../../migrations/mod.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);

Deno.test("migrationReasons are the first lines of the files, each of which is a migration", () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => /^\d/.test(name))
    .sort();
  const firstLines = files.map((name) => {
    const [line = ""] = Deno.readTextFileSync(new URL(name, FOLDER)).split("\n", 1);
    return [name.replace(/\.ts$/, ""), line.replace(/^\/\/ /, "")];
  });
  deepStrictEqual(Object.entries(migrationReasons), firstLines);
  deepStrictEqual(Object.keys(migrations), firstLines.map(([name]) => name));
});

Deno.test("a migration that takes something away waits for one that comes before it", () => {
  for (const [name, { contract }] of Object.entries(migrations)) {
    if (contract === undefined) continue;
    ok(contract.needs in migrations && contract.needs < name, `${name} needs ${contract.needs}`);
  }
});
