import { strictEqual } from "node:assert/strict";
import { KvError } from "../../../lib/kv/mod.ts";
import { StoreError } from "../../../lib/store/errors.ts";
import { whyLater } from "../../../lib/web/later.ts";

const CASES = [
  { name: "a database that is away", error: new StoreError("unavailable", "refused"), want: "Database away" },
  { name: "another writer", error: new StoreError("conflict", "locked"), want: "Database busy" },
  { name: "a file in use", error: new StoreError("in-use", "another process"), want: "Database busy" },
  { name: "silent sessions", error: new KvError("look up a session", "no answer"), want: "Sessions away" },
  { name: "a row that is there", error: new StoreError("duplicate", "user"), want: null },
  { name: "a bug", error: new TypeError("x is not a function"), want: null },
];
for (const { name, error, want } of CASES) {
  Deno.test(`whyLater() says ${want ?? "nothing"} to ${name}`, () => strictEqual(whyLater(error), want));
}
