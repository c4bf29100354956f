import { deepStrictEqual } from "node:assert/strict";
import { parseEnvFile } from "../../../ops/lib/env_file.ts";

const CASES = [
  { name: "nothing in an empty file", text: "", want: {} },
  {
    name: "names and values, past blank lines and comments",
    text: "# Made by Wattpost\n\nPUBLIC_URL=https://wattpost.example\n; old\n  TRUST_PROXY=on  \r\n",
    want: { PUBLIC_URL: "https://wattpost.example", TRUST_PROXY: "on" },
  },
  { name: "a value with equals signs and spaces", text: "A=b=c d", want: { A: "b=c d" } },
  { name: "a value in quotes without them", text: "A=\"x y\"\nB='z'", want: { A: "x y", B: "z" } },
  { name: "an empty value", text: "A=\n", want: { A: "" } },
  { name: "the last one of a name", text: "A=1\nA=2", want: { A: "2" } },
];

for (const { name, text, want } of CASES) {
  Deno.test(`parseEnvFile() reads ${name}`, () => {
    const read = parseEnvFile(text);
    deepStrictEqual(read.ok && Object.fromEntries(read.value), want);
  });
}

const REFUSED = [
  { name: "a line without a name", text: "A=1\nhttps://wattpost.example", line: 2 },
  { name: "an export of a shell", text: "export A=1", line: 1 },
  { name: "a quote that is not closed", text: 'A=1\n\nB="x', line: 3 },
];

for (const { name, text, line } of REFUSED) {
  Deno.test(`parseEnvFile() refuses ${name} by its number, without repeating it`, () => {
    const read = parseEnvFile(text);
    deepStrictEqual(!read.ok && read.error.line, line);
    deepStrictEqual(!read.ok && read.error.why.includes("wattpost.example"), false);
  });
}
