import { deepStrictEqual } from "node:assert/strict";
import { authenticate } from "../../../lib/auth/api_token.ts";
import { openKv } from "../../../lib/kv/mod.ts";
import { openDatabase } from "../../../lib/store/db.ts";

Deno.test("authenticate() counts the wrong tokens of an IPv6 network together, and of another one apart", async () => {
  using kv = await openKv(":memory:");
  const db = await openDatabase("sqlite::memory:");
  try {
    const headers = new Headers({ authorization: "Bearer wp_guess" });
    const guess = async (origin: string) => {
      const answer = await authenticate({ db, kv }, { headers, origin, nowMs: 0 });
      return answer.ok ? "in" : answer.error.kind;
    };
    for (let n = 0; n < 30; n++) await guess(`2001:db8:0:1::${n}`);
    const kinds = [await guess("2001:db8:0:1:ffff::1"), await guess("2001:db8:0:2::1")];
    deepStrictEqual(kinds, ["too-many", "wrong-token"]);
  } finally {
    await db.close();
  }
});
