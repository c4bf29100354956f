import { deepStrictEqual } from "node:assert/strict";
import { answeredBy } from "../../../islands/(_passkey)/ask.ts";

const SESSION_OVER = "You are no longer signed in. Load the page anew and sign in.";

const CASES = [
  { name: "what was asked for", status: 200, value: { to: "/" }, want: { kind: "ok", value: { to: "/" } } },
  {
    name: "that the password comes first",
    status: 403,
    value: { title: "Confirm it is you first" },
    want: { kind: "confirm-first" },
  },
  {
    name: "that the session is over",
    status: 401,
    value: null,
    want: { kind: "refused", words: SESSION_OVER },
  },
  {
    name: "why not, in words",
    status: 422,
    value: { title: "This passkey was not taken." },
    want: { kind: "refused", words: "This passkey was not taken." },
  },
  {
    name: "a page where JSON was expected",
    status: 403,
    value: null,
    want: { kind: "refused", words: "Wattpost could not do it (answer 403). Try again in a moment." },
  },
  {
    name: "nothing that can be read",
    status: 200,
    value: null,
    want: { kind: "refused", words: "Wattpost could not do it (answer 200). Try again in a moment." },
  },
  {
    name: "no sentence",
    status: 500,
    value: { title: 7 },
    want: { kind: "refused", words: "Wattpost could not do it (answer 500). Try again in a moment." },
  },
] as const;

for (const { name, status, value, want } of CASES) {
  Deno.test(`answeredBy() understands ${name}`, () => deepStrictEqual(answeredBy(status, value), want));
}
