import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { etagOf, isKnown, isSeen } from "../../../../lib/web/api/etag.ts";

const ETAG = etagOf("what is named");

Deno.test("etagOf() is strong, and another one where the parts are cut elsewhere", () => {
  match(ETAG, /^"[\w-]{27}"$/);
  notStrictEqual(etagOf("ab", "c"), etagOf("a", "bc"));
});

const KNOWN = [
  { header: null, want: false },
  { header: "*", want: true },
  { header: ETAG, want: true },
  { header: `W/${ETAG}`, want: true },
  { header: `"other", W/${ETAG}`, want: true },
  { header: '"other"', want: false },
  { header: ETAG.slice(1, -1), want: false },
];
for (const { header, want } of KNOWN) {
  Deno.test(`isKnown() of If-None-Match ${header} is ${want}`, () => {
    strictEqual(isKnown(new Headers(header === null ? {} : { "if-none-match": header }), ETAG), want);
  });
}

Deno.test("isSeen() wants a strong tag", () => {
  const seen = (header: string) => isSeen(new Headers({ "if-match": header }), ETAG);
  deepStrictEqual([ETAG, `"x", ${ETAG}`, `W/${ETAG}`, '"x"', "*", ""].map(seen), [
    true,
    true,
    false,
    false,
    null,
    null,
  ]);
});
