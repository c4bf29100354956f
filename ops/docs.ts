/**
 * Writes what is made from the source: `.env.example`, the table of settings, the list of pure
 * tests, the pages of the devices, of who may do what and of who may reach what, and the description of the API.
 *
 * @module
 */
import { openApiDocument } from "../lib/web/api/openapi.ts";
import { formatConfigTable, formatEnvExample } from "./lib/config_docs.ts";
import { formatDevicePages } from "./lib/device_pages.ts";
import { withExample } from "./lib/host_docs.ts";
import { formatPermissionPage } from "./lib/permission_docs.ts";
import { withReliability } from "./lib/reliability_docs.ts";
import { formatSegmentPage } from "./lib/segment_docs.ts";
import { formatUnitEntry, listTestFiles } from "./lib/test_suites.ts";

const TABLE = /(<!-- deno-fmt-ignore-start -->\n)[^]*(<!-- deno-fmt-ignore-end -->)/;

/** The page on configuration with the table made anew. */
export function withTable(page: string): string {
  return page.replace(TABLE, (_, begin, end) => `${begin}\n${formatConfigTable()}\n${end}`);
}

/** `docs/openapi.json`. */
export function formatOpenApi(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (import.meta.main) {
  const page = "docs/configuration.md";
  await Deno.writeTextFile(".env.example", formatEnvExample());
  await Deno.writeTextFile(page, withTable(await Deno.readTextFile(page)));
  await Deno.writeTextFile("tests/unit.ts", formatUnitEntry(await listTestFiles("tests")));
  await Deno.writeTextFile("docs/openapi.json", formatOpenApi());
  await Deno.writeTextFile("docs/permissions.md", formatPermissionPage());
  await Deno.writeTextFile("docs/segments.md", formatSegmentPage());
  const example = JSON.parse(await Deno.readTextFile("ops/host.example.json"));
  await Deno.writeTextFile("docs/host.md", withExample(await Deno.readTextFile("docs/host.md"), example));
  const reliability = "docs/reliability.md";
  const rows = JSON.parse(await Deno.readTextFile("docs/reliability.json"));
  await Deno.writeTextFile(reliability, withReliability(await Deno.readTextFile(reliability), rows));
  await Deno.mkdir("docs/devices", { recursive: true });
  for (const { file, text } of formatDevicePages()) await Deno.writeTextFile(`docs/devices/${file}`, text);
}
