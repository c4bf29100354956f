import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { listAudit } from "../../../lib/store/audit.ts";
import { keepRouterFile, listRouterFiles, ROUTER_FILES_KEPT } from "../../../lib/store/router_files.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";

onEveryEngine(
  "keepRouterFile() keeps who took which file and what it was made from, not the file",
  async (db) => {
    const file = {
      siteId: 7,
      template: "rutos-commands",
      version: 2,
      madeFrom: { APN: "iot" },
      text: "uci set a='b'",
    };
    await keepRouterFile(db, authorAt(1_000, { actor: "ada@wattpost.example" }), file);
    await keepRouterFile(db, authorAt(2_000), { ...file, siteId: 8 });
    const [kept, ...more] = await listRouterFiles(db, 7);
    strictEqual(more.length, 0);
    match(kept?.digest ?? "", /^[0-9a-f]{64}$/);
    deepStrictEqual({ ...kept, digest: "" }, {
      template: "rutos-commands",
      version: 2,
      atMs: 1_000,
      actor: "ada@wattpost.example",
      digest: "",
      madeFrom: { APN: "iot" },
    });
    const trail = JSON.stringify(await listAudit(db));
    match(trail, /router-template/);
    doesNotMatch(trail, /uci set/);
  },
);

onEveryEngine("keepRouterFile() lets the oldest go", async (db) => {
  for (let n = 0; n <= ROUTER_FILES_KEPT; n++) {
    await keepRouterFile(db, authorAt(n), {
      siteId: 7,
      template: "general-sheet",
      version: 2,
      madeFrom: {},
      text: "",
    });
  }
  const kept = await listRouterFiles(db, 7);
  deepStrictEqual([kept.length, kept[0]?.atMs, kept.at(-1)?.atMs], [ROUTER_FILES_KEPT, ROUTER_FILES_KEPT, 1]);
});
