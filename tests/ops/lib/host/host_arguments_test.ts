import { deepStrictEqual, match } from "node:assert/strict";
import { readHostArguments } from "../../../../ops/lib/host/host_arguments.ts";

const USUAL = { file: null, yes: false, json: false, domainElsewhere: false };
const TAKEN = [
  { args: ["plan"], want: { ...USUAL, command: "plan" } },
  {
    args: ["apply", "--yes", "--file", "a.json", "--domain-elsewhere"],
    want: { command: "apply", file: "a.json", yes: true, json: false, domainElsewhere: true },
  },
  { args: ["check", "--json"], want: { ...USUAL, command: "check", json: true } },
  { args: ["remove", "--help"], want: null },
  { args: [], want: null },
];
for (const { args, want } of TAKEN) {
  Deno.test(`readHostArguments() reads "${args.join(" ")}"`, () => {
    const read = readHostArguments(args);
    deepStrictEqual(read.ok ? read.value : read.error, want);
  });
}

const REFUSED = [
  { args: ["install"], says: /"install" is no command; known are plan/ },
  { args: ["plan", "--yes"], says: /plan takes no "--yes"/ },
  { args: ["remove", "--file", "a.json"], says: /remove takes no "--file"/ },
  { args: ["apply", "--file"], says: /wants the path/ },
  { args: ["apply", "--file", "--yes"], says: /wants the path/ },
  { args: ["apply", "--file", "a", "--file", "b"], says: /twice/ },
  { args: ["apply", "--json"], says: /wants --yes too/ },
];
for (const { args, says } of REFUSED) {
  Deno.test(`readHostArguments() refuses "${args.join(" ")}"`, () => {
    const read = readHostArguments(args);
    match(read.ok ? "" : read.error, says);
  });
}
