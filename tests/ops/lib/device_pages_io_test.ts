import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatDevicePages } from "../../../ops/lib/device_pages.ts";

const FOLDER = "docs/devices";

Deno.test("docs/devices says what the profiles say; `deno task docs` writes it again", async () => {
  for (const { file, text } of formatDevicePages()) {
    strictEqual(await Deno.readTextFile(`${FOLDER}/${file}`), text, file);
  }
});

Deno.test("docs/devices has no page of a profile that is gone", async () => {
  const files: string[] = [];
  for await (const entry of Deno.readDir(FOLDER)) files.push(entry.name);
  deepStrictEqual(files.sort(), formatDevicePages().map(({ file }) => file).sort());
});

Deno.test("formatDevicePages() names source, limits, address and what a count is worth", () => {
  const page = formatDevicePages().find(({ file }) => file === "carlo-gavazzi-em340.md")?.text ?? "";
  ok(
    page.includes(
      "| `importWh` | 52 (0x34) | i32, 2 words | 100 Wh | counter | 0 to 10000000000000 | no value: 0xffff7fff |",
    ),
    page,
  );
  ok(
    page.includes("at most 50") && page.includes("low word first") &&
      page.includes("Modicon number - 300001"),
  );
  const tariffs = formatDevicePages().find(({ file }) => file === "siemens-pac2200.md")?.text ?? "";
  ok(tariffs.includes("801 (0x321) + 805 (0x325)"));
});
