/**
 * From an empty system to the first reading, as somebody new to it does with a browser: a simulated SDM630 behind a
 * simulated router of Teltonika's is registered, tested, started and read with the next half-hour; at a desk, on a
 * phone, and without scripts.
 *
 * @module
 */

import { deepStrictEqual, match, ok } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { simulatorClock, siteSpec } from "../collector/simulated.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { allInView, seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { type Coming, signIn, visitor } from "./browsing.ts";
import { type Flow, withFlow, withSites } from "./running_product.ts";

/** Most that a person may need, in ms, at the pace below. */
const WITHIN_MS = 180_000;

/** What a person needs for one field, in ms: seeing it, typing, going on. Counted, not waited for. */
const PER_FIELD_MS = 4_000;

interface Hands {
  readonly flow: Flow;
  /** Whether scripts run: what looks a page over is one. */
  readonly scripts: boolean;
  readonly page: Page;
  /** Fields and buttons that were touched. */
  touched: number;
}

async function type(hands: Hands, label: string | RegExp, text: string): Promise<void> {
  hands.touched += 1;
  await hands.page.getByLabel(label).first().fill(text);
}

async function choose(hands: Hands, label: string | RegExp, text: string | RegExp): Promise<void> {
  hands.touched += 1;
  const list = hands.page.getByLabel(label).first();
  const value = await list.locator("option").filter({ hasText: text }).first().getAttribute("value");
  await list.selectOption(value ?? "");
}

/** Presses a button or follows a link; the product's clock runs while something is asked over the wire. */
async function press(hands: Hands, name: string | RegExp, role: "button" | "link" = "button"): Promise<void> {
  hands.touched += 1;
  const { page, flow } = hands;
  await flow.settle(Promise.all([
    page.waitForEvent("load"),
    page.getByRole(role, { name }).first().click(),
  ]));
}

/** Where scripts run, what is typed is tested by itself. */
async function testDevice(hands: Hands): Promise<void> {
  if (!hands.scripts) return await press(hands, "Test");
  await hands.flow.settle(hands.page.getByText("18 of 18 plausible", { exact: true }).waitFor());
}

async function lookOver({ page, scripts }: Hands): Promise<void> {
  if (!scripts) return;
  const found = await allInView(page, async () => [
    ...await seriousFindings(page, "light"),
    ...await sticksOut(page),
  ]);
  deepStrictEqual(found, [], page.url());
}

const portOf = ({ endpoints }: SimulatedSite, kind: string): string =>
  String(endpoints.find((one) => one.kind === kind)?.port);

async function register(hands: Hands, site: SimulatedSite, name: string): Promise<void> {
  const { page } = hands;
  await page.goto("/sites");
  await press(hands, "Register a site", "link");
  await press(hands, "Register a site");
  await type(hands, "Name", name);
  await type(hands, "Time zone", "Europe/London");
  await lookOver(hands);
  await press(hands, "Next: router");
  await choose(hands, "Profile for its own values", "RUT9");
  await type(hands, "Address", "127.0.0.1");
  await choose(hands, "What answers", "Serial gateway");
  await type(hands, "Port", portOf(site, "gateway"));
  await lookOver(hands);
  await page.locator("summary").filter({ hasText: "more endpoints" }).click();
  await page.locator("#endpoint2Kind").selectOption("router");
  await page.locator("#endpoint2Port").fill(portOf(site, "router"));
  hands.touched += 3;
  await press(hands, "Next: devices");
  await type(hands, "Name", "Incomer");
  await choose(hands, "Device profile", "SDM630");
  await type(hands, /^Unit$/, "1");
  await testDevice(hands);
  match(await page.locator("main").innerText(), /18 of 18 plausible/);
  await lookOver(hands);
  await press(hands, "Add device");
  match(await page.locator(".devices-nav").innerText(), /18 of 18 plausible, tested/);
  await press(hands, "Next: operating hours");
  await type(hands, /^Monday$/, "8-18");
  await lookOver(hands);
  await press(hands, "Next: check and start");
  await lookOver(hands);
  await press(hands, "Start collecting");
}

async function fromNothingToAReading(browser: Browser, coming: Omit<Coming, "origin">): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    await withSites([siteSpec()], simulatorClock(flow.clock), async ([site]) => {
      if (!site) throw new Error("no site");
      const { page, context, complaints } = await visitor(browser, { origin: flow.origin, ...coming });
      const hands: Hands = { flow, page, scripts: coming.scripts ?? true, touched: 0 };
      await page.goto("/sign-in");
      await signIn(page);
      await page.waitForURL(`${flow.origin}/`);
      await register(hands, site, "Corbridge Primary");
      ok(hands.touched * PER_FIELD_MS < WITHIN_MS, `${hands.touched} fields and buttons`);
      const path = new URL(page.url()).pathname;
      match(path, /^\/sites\/\d+$/);
      // The product's clock has run on while devices were asked.
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      await page.goto(path);
      const text = await page.locator("main").innerText();
      match(text, /Corbridge Primary/);
      match(text, /Incomer/);
      await lookOver(hands);
      deepStrictEqual(complaints, []);
      await context.close();
    });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
}

Deno.test("somebody new registers a site with a browser and sees its first reading in under three minutes", async (t) => {
  const browser = await openBrowser();
  try {
    for (const widthPx of [1440, 390]) {
      await t.step(`${widthPx} px`, () => fromNothingToAReading(browser, { widthPx }));
    }
    await t.step("without scripts", () => fromNothingToAReading(browser, { scripts: false }));
  } finally {
    await browser.close();
  }
});
