/**
 * Open pages in a real browser: one stream for all tabs, a page that says when it is not live, rests while nobody
 * looks, and leaves when the session is over.
 *
 * @module
 */

import { match, strictEqual } from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { signedIn } from "../flows/browsing.ts";
import { withFlow } from "../flows/running_product.ts";
import { openBrowser } from "../gallery/gallery.ts";

const live = (page: Page) => page.locator("[data-stream=live]").waitFor({ state: "attached" });

/** How many streams were asked for in a window so far. */
function countStreams(context: BrowserContext): () => number {
  let count = 0;
  context.on("request", (request) => {
    if (request.url().includes("/api/live")) count += 1;
  });
  return () => count;
}

async function tabsShareAStream(browser: Browser, origin: string): Promise<void> {
  const { page, context, open } = await signedIn(browser, { origin });
  await live(page);
  const streams = countStreams(context);
  const second = await open();
  await second.goto("/sites");
  await live(second);
  const third = await open();
  await third.goto("/sites");
  await live(third);
  strictEqual(streams(), 0, "another tab opened a stream of its own");
  const taken = second.waitForRequest((request) => request.url().includes("/api/live"));
  await page.close();
  await taken;
  await live(third);
  strictEqual(streams(), 1);
  await second.locator("summary.me").click();
  await second.getByRole("button", { name: "Sign out" }).click();
  await second.waitForURL(`${origin}/sign-in`);
  await third.waitForURL(`${origin}/sign-in?back=%2Fsites`);
  await context.close();
}

async function worksWithoutLocks(browser: Browser, origin: string): Promise<void> {
  const { page: first, context, open } = await signedIn(browser, { origin });
  await live(first);
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  });
  const streams = countStreams(context);
  for (let n = 0; n < 2; n++) {
    const page = await open();
    await page.goto("/sites");
    await live(page);
  }
  strictEqual(streams(), 2);
  await context.close();
}

async function saysThatItIsNotLive(browser: Browser, origin: string): Promise<void> {
  const { page, context } = await signedIn(browser, { origin });
  await live(page);
  let refused = 0;
  await page.route("**/api/live*", (route) => {
    refused += 1;
    return route.fulfill({ status: 503, headers: { "retry-after": "1" }, body: "Not ready" });
  });
  await page.goto("/sites");
  const words = page.getByText("Not live since");
  await words.waitFor({ state: "visible" });
  match(await words.innerText(), /^Not live since \d\d:\d\d\. Trying again\.$/);
  await page.waitForFunction(() => document.querySelectorAll("[data-stream=lost]").length === 1);
  await page.waitForTimeout(2_500);
  strictEqual(refused >= 2 && refused <= 5, true, `${refused} tries in some seconds`);
  await page.unroute("**/api/live*");
  await live(page);
  await page.getByText("Live again").waitFor({ state: "attached" });
  await context.close();
}

async function restsWhileHidden(browser: Browser, origin: string): Promise<void> {
  const { page, context } = await signedIn(browser, { origin });
  await page.clock.install();
  await page.goto("/sites");
  await live(page);
  const show = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  const gone = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/live"));
  await show(true);
  await page.clock.fastForward(31_000);
  await gone;
  const back = page.waitForRequest((request) => request.url().includes("/api/live"));
  const fresh = page.waitForRequest((request) =>
    request.url().endsWith("/sites") && request.resourceType() === "fetch"
  );
  await show(false);
  await back;
  await page.clock.fastForward(3_000);
  await fresh;
  await context.close();
}

Deno.test("Live keeps one stream a browser, and says when there is none", async (t) => {
  const browser = await openBrowser();
  try {
    await withFlow({ specs: [] }, async ({ origin }) => {
      await t.step(
        "tabs share a stream, hand it on, and leave together",
        () => tabsShareAStream(browser, origin),
      );
      await t.step("an old browser has a stream a tab", () => worksWithoutLocks(browser, origin));
      await t.step("a page that is not live says since when", () => saysThatItIsNotLive(browser, origin));
      await t.step("a hidden page lets go of it, and catches up", () => restsWhileHidden(browser, origin));
    });
  } finally {
    await browser.close();
  }
});
