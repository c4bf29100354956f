import { deepStrictEqual } from "node:assert/strict";
import { refusalOf } from "../../../lib/auth/password.ts";

Deno.test("refusalOf() tells people to come again when too many wait, not when the worker failed", () => {
  deepStrictEqual(refusalOf("busy"), { kind: "throttled", retryAfterS: 2 });
  deepStrictEqual(refusalOf("failed"), { kind: "failed" });
});
