import { deepStrictEqual } from "node:assert/strict";
import { lastStep } from "./killer.ts";

const CASES = [
  { name: "nothing before the first step", output: "", want: { step: "", at: 0, of: 0, within: false } },
  {
    name: "a step that was begun",
    output: "[ 8/29] user deploy: changed 2, 0.1 s\n[ 9/29] ssh: keys only: ",
    want: { step: "ssh: keys only", at: 9, of: 29, within: true },
  },
  {
    name: "a step that is over",
    output: "[ 9/29] ssh: keys only: as described\n",
    want: { step: "ssh: keys only", at: 9, of: 29, within: false },
  },
  {
    name: "a step that failed, before its words",
    output: "[19/29] nginx: failed, 0.3 s\nNot finished: nginx: refused\n",
    want: { step: "nginx", at: 19, of: 29, within: false },
  },
];
for (const { name, output, want } of CASES) {
  Deno.test(`lastStep() knows ${name}`, () => deepStrictEqual(lastStep(output), want));
}
