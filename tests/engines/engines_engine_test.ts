import { match, strictEqual } from "node:assert/strict";
import { createConnection } from "mysql2/promise";
import { isCi } from "../../ops/lib/test_suites.ts";
import { engines, testOnEngines } from "./mod.ts";

const all = await engines();

for (const engine of all) {
  Deno.test({
    name: `engines() has ${engine.name}${
      engine.missing ? `, which cannot be had here: ${engine.missing}` : ""
    }`,
    ignore: engine.missing !== undefined && !isCi(Deno.env.get("CI")),
    fn: () => strictEqual(engine.missing, undefined),
  });
}

testOnEngines(all, "createDatabase() gives a database of one's own", async (url, engine) => {
  if (engine.name === "sqlite") return match(url, /^sqlite:\/.+\.db$/);
  const connection = await createConnection({ uri: url });
  const [rows] = await connection.query("SHOW TABLES");
  await connection.end();
  strictEqual(JSON.stringify(rows), "[]");
});
