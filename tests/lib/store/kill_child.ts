/**
 * Stores one visit and kills its own process before the n-th statement; started by the store's tests.
 *
 * @module
 */

import { openDatabase } from "../../../lib/store/db.ts";
import { storeVisits } from "../../../lib/store/readings.ts";

const { url, n, claim, visit, nowMs } = JSON.parse(Deno.args[0] ?? "{}");
let left: number = n + 1; // opening asks for the version
const db = await openDatabase(url, {
  onStatement: (_, when) => {
    if (when === "before" && --left === 0) Deno.kill(Deno.pid, "SIGKILL");
  },
});
await storeVisits(db, claim, [visit], nowMs);
await db.close();
