import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { diskMetrics, diskVerdict, FULL_BYTES, isDiskFull } from "../../../lib/health/disk.ts";

const GB = 1_000_000_000;
const CASES = [
  { name: "half of a small disk", freeBytes: 10 * GB, totalBytes: 20 * GB, status: "pass" },
  { name: "a twentieth of a small disk", freeBytes: GB, totalBytes: 20 * GB, status: "warn" },
  { name: "a twentieth of a very large one", freeBytes: 50 * GB, totalBytes: 1_000 * GB, status: "pass" },
  { name: "next to nothing", freeBytes: FULL_BYTES - 1, totalBytes: 20 * GB, status: "fail" },
  { name: "nothing", freeBytes: 0, totalBytes: 20 * GB, status: "fail" },
] as const;
for (const { name, status, ...seen } of CASES) {
  Deno.test(`diskVerdict() says ${status} of ${name}`, () => {
    strictEqual(diskVerdict(seen).status, status);
    strictEqual(isDiskFull(seen), status === "fail");
  });
}

Deno.test("diskMetrics() are two numbers, and none where nobody may look", () => {
  deepStrictEqual(diskMetrics(null), []);
  strictEqual(isDiskFull(null), false);
  const values = diskMetrics({ freeBytes: 1, totalBytes: 2 }).map(({ samples }) => samples[0]?.value);
  deepStrictEqual(values, [1, 2]);
});
