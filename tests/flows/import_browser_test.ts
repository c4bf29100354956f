/**
 * Bringing in 5,000 devices with a browser: the sheet is uploaded and judged while the page tells how far it is, its
 * good rows are registered when asked, and all of it is taken back; on a phone a small one, and without scripts.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Browser, Page } from "playwright-core";
import { csvText } from "../../lib/web/csv.ts";
import { workbookOf } from "../../lib/web/imports/xlsx_template.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { allInView, seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { manySites } from "../lib/web/imports/sheets.ts";
import { type Coming, signedIn } from "./browsing.ts";
import { type Flow, withFlow } from "./running_product.ts";

/** Longest that 5,000 rows may take from choosing the file to the last site, in ms. */
const WITHIN_MS = 60_000;

async function lookOver(page: Page): Promise<void> {
  const found = await allInView(page, async () => [
    ...await seriousFindings(page, "light"),
    ...await sticksOut(page),
  ]);
  deepStrictEqual(found, [], page.url());
}

/** Follows a work without scripts: looks again until it has ended. */
async function lookAgain(page: Page): Promise<void> {
  const again = page.getByRole("link", { name: "See how far it is" });
  while (await again.count() > 0) {
    await Promise.all([page.waitForEvent("load"), again.click()]);
  }
}

interface Sheet {
  readonly rows: number;
  readonly each: number;
  readonly asBook?: boolean;
}

interface Hands {
  readonly page: Page;
  readonly scripts: boolean;
}

/** Waits for what is said or offered when a work has ended. */
async function follow({ page, scripts }: Hands, words: RegExp): Promise<void> {
  if (!scripts) await lookAgain(page);
  const ended = page.getByRole("heading", { name: words }).or(page.getByRole("link", { name: words }));
  await ended.first().waitFor({ timeout: WITHIN_MS });
}

async function bringIn(hands: Hands, { rows, each, asBook = false }: Sheet): Promise<number> {
  const { page, scripts } = hands;
  const cells = manySites({ rows, each }).map((row, i) =>
    i === 7 ? row.map((cell) => cell === "503" ? "0" : cell) : row
  );
  const bytes = asBook
    ? workbookOf({ sheet: "Sites", rows: cells })
    : new TextEncoder().encode(csvText(cells));
  await page.goto("/sites/import");
  if (scripts) await lookOver(page);
  const file = { name: asBook ? "many.xlsx" : "many.csv", mimeType: "", buffer: Buffer.from(bytes) };
  await page.getByLabel("Sheet of sites and devices").setInputFiles(file);
  const beganMs = performance.now();
  await page.getByRole("button", { name: "Upload and judge" }).click();
  await page.waitForURL(/\/sites\/import\/\d+$/, { timeout: WITHIN_MS });
  const good = new RegExp(`Register the ${(rows - each).toLocaleString("en-GB")} good rows`);
  await follow(hands, good);
  const judgedMs = performance.now() - beganMs;
  if (scripts) await lookOver(page);
  match(await page.locator("main").innerText(), /is not a whole number from 1 to 65535/);
  await page.getByRole("link", { name: good }).click();
  const sites = rows / each - 1;
  const askedMs = performance.now();
  await page.getByRole("button", { name: `Register ${sites.toLocaleString("en-GB")} site` }).click();
  await follow(hands, new RegExp(`${sites.toLocaleString("en-GB")} sites? registered`));
  return judgedMs + performance.now() - askedMs;
}

async function takeBack(hands: Hands, sites: string): Promise<void> {
  const { page } = hands;
  await page.getByRole("link", { name: "Take it back" }).click();
  await page.getByRole("button", { name: `Remove ${sites} site` }).click();
  await follow(hands, new RegExp(`${sites} sites? removed`));
}

const countSites = async ({ opened }: Flow) =>
  (await opened.db.kysely.selectFrom("site").select("site_id").execute()).length;

async function throughAll(browser: Browser, coming: Omit<Coming, "origin">, sheet: Sheet): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    const { page, context, complaints } = await signedIn(browser, { origin: flow.origin, ...coming });
    page.setDefaultTimeout(WITHIN_MS);
    const hands = { page, scripts: coming.scripts ?? true };
    const tookMs = await bringIn(hands, sheet);
    ok(tookMs < WITHIN_MS, `${Math.round(tookMs)} ms`);
    const sites = sheet.rows / sheet.each - 1;
    strictEqual(await countSites(flow), sites);
    await takeBack(hands, sites.toLocaleString("en-GB"));
    strictEqual(await countSites(flow), 0);
    if (hands.scripts) await lookOver(page);
    deepStrictEqual(complaints, []);
    await context.close();
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
}

Deno.test("5,000 rows are judged, registered within a minute, and taken back with a browser", async (t) => {
  const browser = await openBrowser();
  try {
    await t.step("a file of 5,000 rows", () => throughAll(browser, {}, { rows: 5_000, each: 5 }));
    await t.step(
      "a workbook on a phone",
      () => throughAll(browser, { widthPx: 390 }, { rows: 60, each: 5, asBook: true }),
    );
    await t.step("without scripts", () => throughAll(browser, { scripts: false }, { rows: 200, each: 5 }));
  } finally {
    await browser.close();
  }
});
