/**
 * Register maps with a browser: in the editor a row is typed, judged while it is, its value read without loading the
 * page, saved and published; in the workbench one value off the display becomes a row in one click, over a meter that
 * sends its low word first. At a desk, on a phone, and without scripts.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { profileOf } from "../../lib/profiles/mod.ts";
import { meter, siteSpec } from "../collector/simulated.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { allInView, seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { placeOf } from "../routes/places.ts";
import { type Coming, signedIn } from "./browsing.ts";
import { type Flow, withFlow } from "./running_product.ts";

/** Sends the low word of its 32-bit values first. */
const MODEL = "carlo-gavazzi-em111";

interface Scene {
  readonly flow: Flow;
  readonly page: Page;
  /** The meter by its name in forms. */
  readonly at: string;
}

async function lookOver({ page }: Scene): Promise<void> {
  const found = await allInView(page, async () => [
    ...await seriousFindings(page, "light"),
    ...await sticksOut(page),
  ]);
  deepStrictEqual(found, [], page.url());
}

/** What the meter's display shows of its import now. */
function displayed(flow: Flow): string {
  const spec = profileOf(MODEL)?.registers["importWh"]?.counter;
  const counts = flow.sites[0]?.endpoints[0]?.meters[0]?.readingAt(flow.clock.nowMs())["importWh"]?.value ??
    0;
  return `${(counts * (spec?.numerator ?? 1) / 1000).toFixed(1)} kWh`;
}

async function withScene(
  browser: Browser,
  coming: Omit<Coming, "origin">,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, MODEL)] }];
  await withFlow({ specs: [siteSpec({ name: "Mill", endpoints })] }, async (flow) => {
    const { id, device } = await placeOf(flow, flow.siteIds[0] ?? 0);
    const { page, context, complaints } = await signedIn(browser, { origin: flow.origin, ...coming });
    await body({ flow, page, at: `device-${id}-${device}` });
    deepStrictEqual(complaints.filter((text) => !/status of 4(09|22)/.test(text)), []);
    await context.close();
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
}

/** Presses what loads a page; the product's clock runs while something is asked over the wire. */
async function press({ flow, page }: Scene, name: string | RegExp): Promise<void> {
  await flow.settle(Promise.all([
    page.waitForEvent("load"),
    page.getByRole("button", { name }).first().click(),
  ]));
}

async function makeMap(scene: Scene): Promise<string> {
  const { page } = scene;
  await page.goto("/profiles");
  await page.getByRole("link", { name: "New register map" }).click();
  await page.getByLabel("Name").fill("Unknown meter");
  await press(scene, "Make it");
  return new URL(page.url()).pathname;
}

async function editWithScripts(scene: Scene): Promise<void> {
  const { page, flow, at } = scene;
  const path = await makeMap(scene);
  await page.locator("form[data-ready]").waitFor();
  await page.getByRole("button", { name: "Add a row" }).click();
  const field = (row: number, name: string) => page.locator(`[name="r${row}-${name}"]`);
  await field(1, "quantity").waitFor();
  await field(1, "quantity").fill("importWh");
  await field(1, "address").fill("70000");
  await field(1, "encoding").selectOption("u32");
  await field(1, "wordOrder").selectOption("little");
  await field(1, "scale").fill("100");
  await field(1, "unit").fill("Wh");
  await page.locator("#r1-address-fault").waitFor();
  match(await page.locator("#r1-address-fault").innerText(), /whole number from 0 to 65535/);
  strictEqual(await field(1, "address").inputValue(), "70000", "what is typed stays");
  await field(1, "address").fill("16");
  await page.locator("#r1-address-fault").waitFor({ state: "detached" });
  await page.locator("select[name='functionCode']").selectOption("4");
  await page.locator("select[name='at']").selectOption(at);
  const navigated: string[] = [];
  page.on("framenavigated", (frame) => navigated.push(frame.url()));
  await flow.settle(Promise.all([
    page.getByRole("button", { name: "Read values" }).click(),
    page.locator("#row-1 .map-value b").waitFor(),
  ]));
  match(await page.locator("#row-1 .map-value").innerText(), /kWh/);
  const shown = (await page.locator("#row-1 .map-value b").innerText()).replaceAll(/[^\d.]/g, "");
  ok(Math.abs(Number(shown) - Number(displayed(flow).split(" ")[0])) < 5, `${shown} and ${displayed(flow)}`);
  await page.locator(".map-raw").click();
  match(await page.locator("#row-1 .map-words").innerText(), /[0-9A-F]{4} [0-9A-F]{4}/);
  await lookOver(scene);
  await page.locator("[name='r1-address']").focus();
  await page.keyboard.press("Control+s");
  await page.getByText("The working copy is kept").waitFor();
  deepStrictEqual(navigated, [], "the page was never loaded anew");
  await page.getByRole("button", { name: "Add a row" }).click();
  await field(2, "quantity").waitFor({ state: "attached" });
  strictEqual(await field(2, "address").inputValue(), "18", "it begins where the last row ends");
  await page.getByRole("button", { name: "Remove row 2" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await field(2, "quantity").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Remove row 2" }).click();
  await page.locator(".map-foot").getByRole("button", { name: "Save" }).click();
  await page.getByText("The working copy is kept").waitFor();
  await page.goto(`${path}/publish`);
  await page.getByLabel("What is new").fill("First");
  await press(scene, "Publish version 1");
  match(await page.locator("main").innerText(), /Version 1 is published/);
  await lookOver(scene);
}

async function findInOneClick(scene: Scene): Promise<void> {
  const { page, flow, at } = scene;
  const path = await makeMap(scene);
  await page.goto(`${path}/workbench?at=${at}`);
  await page.getByRole("textbox", { name: "Display" }).fill(displayed(flow));
  await page.locator("#functionCode").selectOption("4");
  await press(scene, "Find it");
  match(await page.locator(".map-ways li").first().innerText(), /at 16, low word first/);
  await press(scene, /^Use /);
  match(page.url(), /#row-1$/);
  match(await page.locator("main").innerText(), /Row 1 was added/);
  strictEqual(await page.locator("[name='r1-quantity']").inputValue(), "importWh");
  strictEqual(await page.locator("[name='r1-address']").inputValue(), "16");
  strictEqual(await page.locator("[name='r1-wordOrder']").inputValue(), "little");
}

Deno.test("register maps with a browser", async (t) => {
  const browser = await openBrowser();
  try {
    await t.step(
      "a row is typed, judged, read, saved and published without loading the page",
      () => withScene(browser, { widthPx: 1440 }, editWithScripts),
    );
    await t.step("the same on a phone", () => withScene(browser, { widthPx: 390 }, editWithScripts));
    await t.step(
      "one value off the display becomes a row in one click",
      () =>
        withScene(browser, { widthPx: 1440 }, async (scene) => {
          await findInOneClick(scene);
          await lookOver(scene);
        }),
    );
    await t.step("the same without scripts", () => withScene(browser, { scripts: false }, findInOneClick));
    await t.step(
      "whoever leaves with something unsaved is asked",
      () =>
        withScene(browser, { widthPx: 1440 }, async (scene) => {
          const { page } = scene;
          await makeMap(scene);
          await page.locator("form[data-ready]").waitFor();
          await page.getByLabel("Vendor").fill("Nobody");
          let asked = "";
          page.on("dialog", (dialog) => {
            asked = dialog.type();
            void dialog.dismiss();
          });
          await page.getByRole("link", { name: "Device profiles" }).click({ noWaitAfter: true });
          await page.waitForEvent("dialog").catch(() => {});
          strictEqual(asked, "beforeunload");
        }),
    );
  } finally {
    await browser.close();
  }
});
