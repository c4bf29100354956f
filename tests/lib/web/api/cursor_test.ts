import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { cursorOf, placeOf, questionOf } from "../../../../lib/web/api/cursor.ts";

const QUESTION = questionOf("listSites", { search: "mill", limit: 100, cursor: "abc" });

Deno.test("placeOf() reads back what cursorOf() wrote", () => {
  const place = { after: 7, halfHour: 993_120 };
  deepStrictEqual(placeOf(QUESTION, cursorOf(QUESTION, place)), place);
});

Deno.test("questionOf() is the same for another page or page size, and no other", () => {
  strictEqual(QUESTION, questionOf("listSites", { search: "mill", limit: 5 }));
  notStrictEqual(QUESTION, questionOf("listSites", { search: "hill", limit: 100 }));
  notStrictEqual(QUESTION, questionOf("listDevices", { search: "mill", limit: 100 }));
});

const text = (json: string) =>
  new TextEncoder().encode(json).toBase64({ alphabet: "base64url", omitPadding: true });

const FORGED = [
  { name: "no base64", cursor: "!!!" },
  { name: "no JSON", cursor: text("1; drop table site") },
  { name: "nothing", cursor: "" },
  { name: "SQL for a number", cursor: text(`[1,"${QUESTION}","0 or 1=1",0]`) },
  { name: "a negative id", cursor: text(`[1,"${QUESTION}",-1,0]`) },
  { name: "an id beyond 32 bit", cursor: text(`[1,"${QUESTION}",2147483648,0]`) },
  { name: "a fraction", cursor: text(`[1,"${QUESTION}",1.5,0]`) },
  { name: "one that is too long", cursor: text(`[1,"${QUESTION}",1,0,0]`) },
  { name: "another version", cursor: text(`[2,"${QUESTION}",1,0]`) },
  { name: "another question", cursor: cursorOf(questionOf("listSites", {}), { after: 1, halfHour: 0 }) },
];
for (const { name, cursor } of FORGED) {
  Deno.test(`placeOf() refuses a forged cursor: ${name}`, () => strictEqual(placeOf(QUESTION, cursor), null));
}
