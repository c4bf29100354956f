/**
 * The morning of a person with a browser, on a phone and at a desk: the pages are there, a half-hour arrives on its
 * own, a device is read by hand, and everything works with the keyboard, in the dark and without scripts.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { endMsOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { demoEstate } from "../../lib/simulator/estate.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { meter, siteSpec } from "../collector/simulated.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { allInView, seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { ACCOUNT } from "./running_product.ts";
import { signedIn, signIn, type Visitor, visitor } from "./browsing.ts";
import { FIRST, type Flow, withFlow } from "./running_product.ts";

/** One more than two pages of the list hold. */
const SITES = 27;

/** Half-hours that are there before somebody looks. */
const BEFORE = 3;

/** The site that is looked at, the first of the estate. */
const [SITE] = demoEstate(1, 1);

function specs(): readonly SiteSpec[] {
  ok(SITE);
  const small = (index: number) =>
    siteSpec({
      name: `Mill ${String(index).padStart(2, "0")}`,
      seed: 100 + index,
      endpoints: [{ port: 0, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
    });
  return [{ ...SITE.spec, faults: [] }, ...Array.from({ length: SITES - 1 }, (_, i) => small(i + 2))];
}

/** The time on the wall of the first site at the end of a half-hour; it stands in Great Britain, in winter. */
function timeOf(halfHour: HalfHour): string {
  return new Date(endMsOf(halfHour)).toISOString().slice(11, 16);
}

/** A mark that a reload would wipe out. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { marked: true }));
}

const isMarked = (page: Page) => page.evaluate(() => "marked" in globalThis);

/** Waits until the island draws the chart itself. */
async function chartReady(page: Page): Promise<void> {
  await page.locator(".load-live[data-ready]").waitFor({ state: "attached" });
}

const figure = (page: Page) => page.locator("section[aria-label=Now]").innerText();

/** Waits until a look at a page is another one. */
async function changes(page: Page, look: () => Promise<string>, before: string | undefined): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    if (await look() !== before) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`It still shows ${before}`);
}

interface Watched {
  readonly name: string;
  readonly path: string;
  readonly visitor: Visitor;
  /** What changes on it with each half-hour. */
  readonly look: (page: Page) => Promise<string>;
}

/** Today, Sites and the Site, each open in a tab of its own. */
async function openAll(browser: Browser, flow: Flow, widthPx: number): Promise<readonly Watched[]> {
  const pages = [
    { name: "Today", path: "/", look: (page: Page) => page.locator(".page-head").innerText() },
    { name: "Sites", path: "/sites", look: (page: Page) => page.locator("main table").innerText() },
    { name: "the Site", path: `/sites/${flow.siteIds[0]}`, look: figure },
  ] as const;
  const came = await signedIn(browser, { origin: flow.origin, widthPx });
  const opened: Watched[] = [];
  for (const each of pages) {
    const page = opened.length === 0 ? came.page : await came.open();
    await page.goto(each.path);
    await page.locator("[data-stream=live]").waitFor({ state: "attached" });
    if (each.name === "the Site") await chartReady(page);
    await mark(page);
    opened.push({ ...each, visitor: { ...came, page } });
  }
  return opened;
}

async function halfHourComes(browser: Browser, flow: Flow, { widthPx, halfHour }: {
  readonly widthPx: number;
  readonly halfHour: HalfHour;
}): Promise<void> {
  const watched = await openAll(browser, flow, widthPx);
  const seen = await Promise.all(watched.map(({ look, visitor: { page } }) => look(page)));
  const listed = () => watched[2]?.visitor.page.locator(".load-uses").innerText();
  const listBefore = await listed();
  await flow.collect(halfHour);
  const time = timeOf(halfHour);
  for (const [index, { name, look, visitor: { page } }] of watched.entries()) {
    await page.locator(".cycle", { hasText: `${time} · ` }).waitFor({ state: "attached" });
    await page.getByText("New half-hours have arrived").waitFor({ state: "attached" });
    await changes(page, () => look(page), seen[index]);
    ok(await isMarked(page), `${name} was loaded anew`);
  }
  const [today, sites, site] = watched.map(({ visitor: { page } }) => page);
  ok(today && sites && site);
  // The page of a site hears of its own half-hours only; the others of all.
  for (const page of [today, sites]) {
    await page.locator(".cycle", { hasText: `${SITES} of ${SITES}` }).waitFor({ state: "attached" });
  }
  await today.locator(".page-head", { hasText: `All ${SITES} sites reported ${time}` }).waitFor();
  await sites.locator("main table tbody tr", { hasText: time }).nth(24).waitFor();
  await site.locator("section[aria-label=Now]", { hasText: time }).waitFor();
  const strip = site.locator("figure", { has: site.locator("#strip-title") });
  match(
    await strip.locator("table tbody tr").last().textContent() ?? "",
    new RegExp(`${timeOf(halfHour - 1)}.*measured`),
  );
  await site.waitForFunction((before) => {
    const list = document.querySelector<HTMLElement>(".load-uses");
    return list !== null && list.innerText !== before;
  }, listBefore);
  match(await listed() ?? "", new RegExp(`to ${time}|${time}`));
  deepStrictEqual(watched[0]?.visitor.complaints, []);
  await watched[0]?.visitor.context.close();
}

async function findsSites({ page }: Visitor): Promise<void> {
  await page.goto("/sites");
  strictEqual(await page.locator("main table tbody tr").count(), 25);
  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForURL(/page=2/);
  strictEqual(await page.locator("main table tbody tr").count(), SITES - 25);
  await page.locator("form.filters input[type=search]").fill("mill 07");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.waitForURL(/q=mill/);
  deepStrictEqual(await page.locator("main table tbody a").allInnerTexts(), ["Mill 07"]);
  await page.goto("/sites?q=nowhere");
  match(await page.locator("main").innerText(), /No site fits/);
}

/** Presses Read now on the first device and compares every line with what the simulated device says. */
async function readsNow({ page }: Visitor, flow: Flow): Promise<void> {
  await page.goto(`/sites/${flow.siteIds[0]}`);
  await page.getByRole("button", { name: /^Read now/ }).first().click();
  await page.waitForURL(/\/read$/);
  const title = await page.locator("h1").innerText();
  const device = flow.sites[0]?.endpoints.flatMap(({ meters }) => meters).find(({ spec }) =>
    spec.name === title
  );
  ok(device, `no device "${title}" stands there`);
  const said = device.readingAt(flow.clock.nowMs());
  const rows = await page.locator("main table tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      words: row.querySelector("code.words")?.textContent ?? "",
      cells: [...row.children].map((cell) => (cell as HTMLElement).innerText),
    }))
  );
  const expected = Object.values(said).map(({ words }) =>
    words.map((word) => word.toString(16).padStart(4, "0")).join(" ")
  );
  deepStrictEqual(
    rows.map(({ words }) => words.toLowerCase()).sort(),
    expected.sort(),
    "the words shown are not those of the device",
  );
  const counter = rows.find(({ cells }) => cells[0]?.trim() === "Import");
  ok(counter, "no counter is shown");
  const value = said["importWh"]?.value;
  ok(typeof value === "number");
  const [number, unit] = counter.cells[3]?.trim().split(/\s(?=[kM]?Wh$)/) ?? [];
  const shownWh = Number(number?.replace(/[^\d.]/g, "")) * (unit === "MWh" ? 1e6 : unit === "kWh" ? 1e3 : 1);
  ok(Math.abs(shownWh - value) <= 1_000, `${counter.cells[3]} is shown, the device says ${value} Wh`);
}

async function lightAndDark({ page }: Visitor): Promise<void> {
  await page.goto("/sites");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.locator("summary.me").click();
  await page.getByRole("button", { name: "Dark" }).click();
  await page.locator("html[data-theme=dark]").waitFor();
  strictEqual(new URL(page.url()).pathname, "/sites");
  await page.reload();
  strictEqual(await page.locator("html").getAttribute("data-theme"), "dark");
  notStrictEqual(await background(), light);
}

/** What has the focus, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });

/** Tabs until something with these words has the focus. */
async function tabTo(page: Page, words: RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    if (words.test(await focused(page))) return;
  }
  throw new Error(`No press of Tab leads to ${words}`);
}

async function keyboardOnly(browser: Browser, flow: Flow): Promise<void> {
  const { page, context, complaints } = await visitor(browser, { origin: flow.origin });
  await page.goto("/sign-in");
  await page.locator("#email:focus").waitFor();
  await page.keyboard.type(ACCOUNT.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ACCOUNT.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${flow.origin}/`);
  await page.keyboard.press("Tab");
  match(await focused(page), /^Skip to the page/);
  await page.keyboard.press("Enter");
  strictEqual(await page.evaluate(() => document.activeElement?.id), "page");
  await page.goto("/sites");
  await tabTo(page, /Account of/);
  await page.keyboard.press("Enter");
  ok(await page.locator("details.account").evaluate((menu: HTMLDetailsElement) => menu.open));
  await tabTo(page, /^Sign out/);
  await page.goto("/sites");
  await tabTo(page, /^Mill 02$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sites\/\d+$/);
  await chartReady(page);
  await tabTo(page, /^Load by end use\. Arrow keys/);
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".load-live [role=status]")].some((status) => status.textContent !== "")
  );
  deepStrictEqual(complaints, []);
  await context.close();
}

async function withoutScripts(browser: Browser, flow: Flow): Promise<void> {
  const came = await visitor(browser, { origin: flow.origin, scripts: false });
  const { page, context } = came;
  await page.goto(`/sites/${flow.siteIds[0]}`);
  await signIn(page);
  await page.waitForURL(`${flow.origin}/sites/${flow.siteIds[0]}`);
  match(await page.locator("h1").innerText(), /\S/);
  ok(await page.locator(".load-still svg").first().isVisible(), "the load is not drawn");
  await page.locator("summary.me").click();
  await page.getByRole("button", { name: "Dark" }).click();
  await page.locator("html[data-theme=dark]").waitFor();
  await readsNow(came, flow);
  await page.goto("/");
  match(await page.locator("main").innerText(), /All 27 sites reported/);
  await page.locator("summary.me").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${flow.origin}/sign-in`);
  await context.close();
}

async function everyoneCanUse(browser: Browser, flow: Flow, widthPx: number): Promise<readonly string[]> {
  const { page, context, complaints } = await visitor(browser, { origin: flow.origin, widthPx });
  const faults: string[] = [];
  const look = async (name: string, theme: "light" | "dark") => {
    const found = await allInView(page, async () => [
      ...await seriousFindings(page, theme),
      ...await sticksOut(page),
    ]);
    faults.push(...found.map((fault) => `${name}, ${theme}: ${fault}`));
  };
  for (const theme of ["light", "dark"] as const) {
    const { hostname } = new URL(flow.origin);
    await context.addCookies([{ name: "theme", value: theme, domain: hostname, path: "/" }]);
    await page.goto("/sign-in");
    strictEqual(await page.locator("html").getAttribute("data-theme"), theme);
    await look("sign-in", theme);
    await signIn(page);
    await page.waitForURL(`${flow.origin}/`);
    await look("Today", theme);
    await page.goto("/sites");
    await look("Sites", theme);
    await page.goto(`/sites/${flow.siteIds[0]}`);
    await chartReady(page);
    await look("Site", theme);
    await page.getByRole("button", { name: /^Read now/ }).first().click();
    await page.waitForURL(/\/read$/);
    await look("Read now", theme);
    await page.locator("summary.me").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${flow.origin}/sign-in`);
  }
  await context.close();
  return [...faults, ...complaints];
}

Deno.test("a person with a browser sees a half-hour arrive, on a phone and at a desk", async (t) => {
  const browser = await openBrowser();
  try {
    await withFlow({ specs: specs() }, async (flow) => {
      for (let n = 1; n < BEFORE; n++) await flow.collect(FIRST + n);
      let halfHour = FIRST + BEFORE;
      for (const widthPx of [390, 1440]) {
        await t.step(
          `a half-hour appears on Today, Sites and Site without reload, ${widthPx} px`,
          async () => {
            await halfHourComes(browser, flow, { widthPx, halfHour });
          },
        );
        halfHour += 1;
        const came = await signedIn(browser, { origin: flow.origin, widthPx });
        await t.step(`sites are found by page and by name, ${widthPx} px`, () => findsSites(came));
        await t.step(
          `Read now shows the device's own words and what they mean, ${widthPx} px`,
          () => readsNow(came, flow),
        );
        await t.step(`the dark theme stays after a reload, ${widthPx} px`, () => lightAndDark(came));
        await t.step(
          `nothing complained in the console, ${widthPx} px`,
          () => deepStrictEqual(came.complaints, []),
        );
        await came.context.close();
        await t.step(
          `everyone can use every page in both themes, ${widthPx} px`,
          async () => deepStrictEqual(await everyoneCanUse(browser, flow, widthPx), []),
        );
      }
      await t.step("the keyboard alone leads everywhere", () => keyboardOnly(browser, flow));
      await t.step("every page works with scripts switched off", () => withoutScripts(browser, flow));
      await t.step(
        "nothing went wrong on our side meanwhile",
        () => deepStrictEqual(flow.lines.filter(({ level }) => level === "error" || level === "warn"), []),
      );
    });
  } finally {
    await browser.close();
  }
});
