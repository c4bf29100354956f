import { strictEqual, throws } from "node:assert/strict";
import { comment, isPlainLine, markdownText, quoted } from "../../../lib/routers/shell_text.ts";

const QUOTED = [
  { text: "Kiln Lane", want: "'Kiln Lane'" },
  { text: "", want: "''" },
  { text: "O'Brien's", want: "'O'\\''Brien'\\''s'" },
  { text: "$(reboot) `reboot` ${HOME}", want: "'$(reboot) `reboot` ${HOME}'" },
  { text: '"; reboot; \\', want: `'"; reboot; \\'` },
  { text: "Überlingen 店", want: "'Überlingen 店'" },
];
for (const { text, want } of QUOTED) {
  Deno.test(`quoted() leaves ${JSON.stringify(text)} a text`, () => strictEqual(quoted(text), want));
}

const REFUSED = [
  "a\nb",
  "a\rb",
  "a\0b",
  "a\u0085b",
  "a\u2028b",
  "a\u202eb",
  "a\ud800b",
  "a\tb",
  "x".repeat(301),
];
for (const text of REFUSED) {
  Deno.test(`isPlainLine() refuses ${JSON.stringify(text.slice(0, 8))}`, () => {
    strictEqual(isPlainLine(text), false);
    throws(() => quoted(text), TypeError);
    throws(() => comment(text), TypeError);
    throws(() => markdownText(text), TypeError);
  });
}

Deno.test("markdownText() formats nothing", () => {
  strictEqual(markdownText("<b>*x*</b> [a](b) `c`|d\\"), "\\<b\\>\\*x\\*\\</b\\> \\[a\\](b) \\`c\\`\\|d\\\\");
});
