import { deepStrictEqual } from "node:assert/strict";
import { tickedIds, tickFields } from "../../../lib/web/ticks.ts";

const CASES = [
  { name: "each once, in order", form: "site-9=on&site-7=on&site-9=on", want: [9, 7] },
  { name: "only of its kind", form: "group-1=on&site-2=on&websites-3=on&site-2-3=on", want: [2] },
  {
    name: "ids that there can be",
    form: "site-2147483647=on&site-2147483648=on&site-0=on",
    want: [2147483647],
  },
  { name: "digits alone", form: "site-=on&site-1e3=on&site-+1=on&site-01=on&site- 1=on&SITE-1=on", want: [] },
] as const;

for (const { name, form, want } of CASES) {
  Deno.test(`tickedIds() takes ${name}`, () => {
    deepStrictEqual(tickedIds(new URLSearchParams(form), "site"), want);
    const named = Object.keys(tickFields(new URLSearchParams(form), ["site"]));
    deepStrictEqual(named, want.map((id) => `site-${id}`), "and only these are fields");
  });
}
