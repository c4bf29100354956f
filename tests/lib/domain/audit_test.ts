import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  cleanText,
  MASK,
  maskSecrets,
  TRACE_ENTRIES,
  TRACE_JSON,
  traceJson,
} from "../../../lib/domain/audit.ts";

const SECRETS = [
  "password",
  "newPassword",
  "password_hash",
  "passphrase",
  "authToken",
  "token_hash",
  "clientSecret",
  "seed",
  "apiKey",
  "publicKey",
  "api_key",
  "key",
  "codes",
  "totp",
  "authorization",
  "recoveryCodes",
];
for (const key of SECRETS) {
  Deno.test(`maskSecrets() shows nothing of ${key}`, () => {
    deepStrictEqual(maskSecrets({ [key]: "hunter2" }), { [key]: MASK });
    deepStrictEqual(maskSecrets({ deep: [{ [key]: { of: "hunter2" } }] }), { deep: [{ [key]: MASK }] });
    deepStrictEqual(maskSecrets({ [key]: null }), { [key]: null });
  });
}

const PLAIN = [
  { name: "Lidl", town: "Tampere", passwordSetMs: 5, tokenId: 7, secondFactor: true, passkeys: 2 },
  { keySid: "SK1", monkey: "x", code: undefined },
  ["a", 1, null, false],
  "text",
  null,
];
for (const thing of PLAIN) {
  Deno.test(`maskSecrets() keeps ${JSON.stringify(thing)}`, () => deepStrictEqual(maskSecrets(thing), thing));
}

Deno.test("maskSecrets() lets no text forge, hide or reverse a line", () => {
  deepStrictEqual(maskSecrets({ name: "a\nb\u202Ec\0\uD800" }), { name: "a�b�c��" });
  deepStrictEqual(maskSecrets({ "a\n": 1 }), { "a�": 1 });
});

Deno.test("maskSecrets() hides the password of an address", () => {
  strictEqual(maskSecrets("mysql://w:hunter2@db/w"), `mysql://w:${MASK}@db/w`);
});

Deno.test("maskSecrets() ends at a depth and a number of entries", () => {
  type Nested = { a?: Nested };
  const loop: Nested = {};
  loop.a = loop;
  ok(JSON.stringify(maskSecrets(loop)).length < 100);
  const list = maskSecrets(new Array(TRACE_ENTRIES + 5).fill(1)) as unknown[];
  deepStrictEqual([list.length, list.at(-1)], [TRACE_ENTRIES + 1, "… 5 more"]);
  const object = Object.fromEntries(Array.from({ length: TRACE_ENTRIES + 5 }, (_, i) => [`x${i}`, i]));
  strictEqual((maskSecrets(object) as Record<string, unknown>)["…"], "5 more");
});

Deno.test("cleanText() cuts and says so, never through a character", () => {
  strictEqual(cleanText("abcdef", 4), "abc…");
  strictEqual(cleanText("abcd", 4), "abcd");
  ok(cleanText("ab😀cd", 4).isWellFormed());
});

Deno.test("traceJson() fits the column whatever it is given", () => {
  const json = traceJson(Array.from({ length: 400 }, () => '"\\'.repeat(200))) ?? "";
  ok(json.length <= TRACE_JSON && json.length > 1_000);
  ok(JSON.parse(json).begins.startsWith("["));
  ok(new TextEncoder().encode(traceJson(new Array(400).fill("€".repeat(400))) ?? "").length < 65_535);
  strictEqual(traceJson(undefined), null);
  strictEqual(traceJson(null), "null");
});
