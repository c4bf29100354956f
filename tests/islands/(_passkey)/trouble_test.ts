import { match, strictEqual } from "node:assert/strict";
import { troubleWords } from "../../../islands/(_passkey)/trouble.ts";

const named = (name: string) => Object.assign(new Error("for programmers"), { name });

const CASES = [
  { name: "NotAllowedError", trying: "add", says: /cancelled, or took too long/ },
  { name: "NotAllowedError", trying: "show", says: /none on this device/ },
  { name: "InvalidStateError", trying: "add", says: /already/ },
  { name: "NotSupportedError", trying: "add", says: /security key with a PIN/ },
  { name: "ConstraintError", trying: "add", says: /security key with a PIN/ },
  { name: "SecurityError", trying: "show", says: /at this address/ },
  { name: "TypeError", trying: "show", says: /another browser/ },
] as const;

for (const { name, trying, says } of CASES) {
  Deno.test(`troubleWords() says what a ${name} means to who wants to ${trying} one`, () => {
    match(troubleWords(named(name), trying) ?? "", says);
  });
}

Deno.test("troubleWords() says nothing where another request took the place of this one", () => {
  strictEqual(troubleWords(named("AbortError"), "show"), null);
});

Deno.test("troubleWords() has words for what is no error at all", () => {
  for (const thrown of [null, "x", 7, {}, { name: 7 }]) match(troubleWords(thrown, "add") ?? "", /Try again/);
});
