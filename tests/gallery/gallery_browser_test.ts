/**
 * Looks at every page of the gallery as a machine can: no serious finding of axe-core and nothing wider than the
 * screen, in both themes, on phone and desktop.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { allSpecimens, LOOKS, openBrowser, openLook, writeGallery } from "./gallery.ts";
import { allInView, seriousFindings, sticksOut } from "./look_over.ts";

async function fitsAndPasses(page: Page, file: string, theme: "light" | "dark"): Promise<readonly string[]> {
  await page.goto(file);
  return await allInView(page, async () => [
    ...await seriousFindings(page, theme),
    ...(await sticksOut(page)).map((element) => `${element} sticks out`),
  ]);
}

/** Widths between phone and desktop at which columns leave and boxes break. */
const WIDTHS_PX = [320, 480, 600, 721, 901, 1024, 1180, 1280] as const;

async function fitsEveryWidth(page: Page, file: string): Promise<readonly string[]> {
  const faults: string[] = [];
  await page.goto(file);
  for (const widthPx of WIDTHS_PX) {
    await page.setViewportSize({ width: widthPx, height: 900 });
    for (const element of await sticksOut(page)) faults.push(`${element} sticks out at ${widthPx} px`);
  }
  return faults;
}

/** What has the focus under the bars that stay while someone tabs through the page. */
async function focusHidden(page: Page, file: string): Promise<readonly string[]> {
  const faults: string[] = [];
  await page.goto(file);
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body || focused.closest(".topbar, .tabbar, .skip")) return null;
      const { top, bottom } = focused.getBoundingClientRect();
      const floor = document.querySelector(".tabbar")?.getBoundingClientRect().top ?? innerHeight;
      const head = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
      return top >= head - 1 && bottom <= floor + 1 ? null : focused.outerHTML.slice(0, 120);
    });
    if (hidden !== null) faults.push(hidden);
  }
  return faults;
}

async function smallTargets(page: Page, file: string, atLeastPx: number): Promise<readonly string[]> {
  await page.goto(file);
  return page.evaluate(
    (px) =>
      [...document.querySelectorAll(".button, .input, .choices > *, .me, .tabbar a, .filter")]
        .map((element) => ({
          html: element.outerHTML.slice(0, 80),
          height: element.getBoundingClientRect().height,
        }))
        .filter(({ height }) => height > 0 && height < px)
        .map(({ html, height }) => `${height} px: ${html}`),
    atLeastPx,
  );
}

Deno.test("gallery shows pages that everyone can use", async (test) => {
  const folder = await mkdtemp(join(tmpdir(), "wattpost-gallery-"));
  const browser = await openBrowser();
  const fileOf = (name: string, theme: string) => `file://${join(folder, `${name}-${theme}.html`)}`;
  try {
    await writeGallery(folder);
    for (const look of LOOKS) {
      const page = await openLook(browser, look);
      for (const { name } of allSpecimens()) {
        await test.step(`${name} has no serious finding and fits ${look.widthPx} px, ${look.theme}`, async () => {
          deepStrictEqual(await fitsAndPasses(page, fileOf(name, look.theme), look.theme), []);
        });
      }
      await page.context().close();
    }
    const desktop = await openLook(browser, { widthPx: 1440, theme: "light" });
    const phone = await openLook(browser, { widthPx: 390, theme: "light" });
    for (const name of ["today", "sites", "site", "read-now", "setup", "parts"]) {
      await test.step(`${name} has targets of 24 px by mouse and 40 px by finger`, async () => {
        deepStrictEqual(await smallTargets(desktop, fileOf(name, "light"), 24), []);
        deepStrictEqual(await smallTargets(phone, fileOf(name, "light"), 40), []);
      });
      await test.step(`${name} loses columns, not its edge, between phone and desktop`, async () => {
        deepStrictEqual(await fitsEveryWidth(desktop, fileOf(name, "light")), []);
      });
    }
    await test.step("site never has the focus under a bar on a phone", async () => {
      deepStrictEqual(await focusHidden(phone, fileOf("site", "light")), []);
    });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});
