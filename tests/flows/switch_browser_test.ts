/**
 * Somebody works in a browser while a release is switched, in the middle of a half-hour: their pages go on living
 * without a reload, what was typed is sent, what is loaded only now is there, and nobody is signed out. Where no colour
 * answers for a while the pages say so, and recover.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { isCi } from "../../ops/lib/test_suites.ts";
import { CANNOT } from "../host/nginx_scene.ts";
import { signedIn } from "./browsing.ts";
import type { ProductProcess } from "./product_process.ts";
import { type SiteName, SITES, type SwitchScene, withSwitch } from "./switch_scene.ts";
import { RELEASES } from "./two_colours.ts";

/** Longest that something may take which the other processes of a busy machine delay, in ms. */
const WITHIN_MS = 45_000;

/** Who looks, and what went wrong for them. */
interface Watcher {
  readonly today: Page;
  /** A form that is half filled in. */
  readonly form: Page;
  /** The list of sites, some of which are picked. */
  readonly list: Page;
  /** Where a passkey may be added. */
  readonly keys: Page;
  /** Opens another tab. */
  readonly open: () => Promise<Page>;
  /** Words of the console, answers that say no, requests without an answer. */
  readonly troubles: () => readonly string[];
}

/** The page of the site that the new release reads. */
interface SiteTab {
  readonly site: Page;
  /** Lets the chart's code come, which was asked for long ago. */
  readonly letCodeCome: () => void;
}

/** Where the half-hour stands at the switch. */
interface Midway {
  /** Is being read by the release of before, which stores it after it was told to end. */
  readonly held: SiteName;
  /** Is left to the new one. */
  readonly left: SiteName;
  readonly blue: ProductProcess;
}

/** Notes what a browser could not get; what a page itself leaves when it goes, such as its stream, is none. */
function noteFailures(context: BrowserContext, troubles: string[]): void {
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    const isLeft = why === "net::ERR_ABORTED" && request.method() === "GET";
    if (!isLeft) troubles.push(`${request.method()} ${request.url()}: ${why}`);
  });
  context.on("response", (answer) => {
    if (answer.status() >= 400) troubles.push(`${answer.url()} answers ${answer.status()}`);
  });
}

async function openLive(page: Page, path: string): Promise<Page> {
  await page.goto(path);
  await page.locator("[data-stream=live]").waitFor({ state: "attached" });
  await page.evaluate(() => Object.assign(globalThis, { marked: true }));
  return page;
}

/** The box by which the first site of the list is picked. */
const pickOf = (list: Page) => list.locator("main table input[type=checkbox]").first();

const isMarked = (page: Page) => page.evaluate(() => "marked" in globalThis);

/** Opens Today, the list of sites with one picked, and the account twice, with a name typed that is not sent yet. */
async function watch(browser: Browser, { origin }: SwitchScene): Promise<Watcher> {
  const { page, open, context, complaints } = await signedIn(browser, { origin });
  const failures: string[] = [];
  noteFailures(context, failures);
  const today = await openLive(page, "/");
  const form = await openLive(await open(), "/account");
  await form.getByLabel("Name", { exact: true }).fill("Ada Later");
  const list = await openLive(await open(), "/sites");
  await pickOf(list).check();
  await list.locator("form.filters input[type=search]").fill("mill");
  // Whoever looks elsewhere meanwhile has not given up.
  for (const page of [form, list]) await page.locator("input:focus").blur();
  const keys = await openLive(await open(), "/account");
  return { today, form, list, keys, open, troubles: () => [...complaints, ...failures] };
}

/** Opens the page of a site whose chart's code is slow to come. */
async function watchSite(open: () => Promise<Page>, id: number): Promise<SiteTab> {
  const site = await open();
  const { promise: come, resolve: letCodeCome } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await site.route(/\/_fresh\/js\/.*canvas.*\.js/, async (route) => {
    asked.resolve();
    await come;
    await route.continue();
  });
  await openLive(site, `/sites/${id}`);
  await asked.promise;
  return { site, letCodeCome };
}

/** Waits until Today tells by itself how many sites have reported. */
async function reported(page: Page, { time }: SwitchScene, count: number): Promise<void> {
  await page.locator(".cycle", { hasText: `${time} · reported by${count} of ${SITES.length}` })
    .waitFor({ state: "attached", timeout: WITHIN_MS });
}

/** Lets the release of before read one site and begin with another. */
async function readHalf(scene: SwitchScene, today: Page): Promise<Omit<Midway, "blue">> {
  await reported(today, scene, 0);
  await scene.promote(RELEASES.blue);
  const first = await scene.nextAsked([]);
  scene.answer(first);
  const held = await scene.nextAsked([first]);
  const left = SITES.find((name) => name !== first && name !== held);
  if (left === undefined) throw new Error("All sites were asked");
  return { held, left };
}

/** Switches as a deploy does while the release of before reads a site, and ends that release. */
async function switchOver(scene: SwitchScene, { held, left, blue }: Midway, pages: readonly [Page, Page]) {
  const [today, site] = pages;
  await scene.promote(RELEASES.green);
  await scene.lead("green");
  strictEqual(await scene.nextAsked(SITES.filter((name) => name !== left)), left);
  const stream = today.waitForResponse(
    (answer) => new URL(answer.url()).pathname === "/api/live",
    { timeout: WITHIN_MS },
  );
  const ended = blue.end("SIGTERM");
  strictEqual((await stream).status(), 200, "the stream has moved over");
  scene.answer(held);
  strictEqual((await ended).code, 0, blue.said());
  await reported(today, scene, 2);
  scene.answer(left);
  await reported(today, scene, 3);
  await today.locator(".page-head", { hasText: `All ${SITES.length} sites reported ${scene.time}` })
    .waitFor();
  await site.locator("section[aria-label=Now]", { hasText: scene.time }).waitFor({ timeout: WITHIN_MS });
  for (const page of pages) ok(await isMarked(page), `${page.url()} was loaded anew`);
}

/** A chart and a passkey whose code no page had loaded before. */
async function loadsLazily(keys: Page, { site, letCodeCome }: SiteTab): Promise<void> {
  strictEqual(await site.locator(".load-live[data-ready]").count(), 0);
  letCodeCome();
  await site.locator(".load-live[data-ready]").waitFor({ state: "attached" });
  ok(await isMarked(site), "the page of the site was loaded anew");
  // Nobody is asked for a passkey on a page that is not looked at.
  await keys.bringToFront();
  const cdp = await keys.context().newCDPSession(keys);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await keys.getByLabel("Name of another passkey").fill("Laptop");
  await keys.getByRole("button", { name: "Add a passkey" }).click();
  await keys.waitForURL(/\/account\?done=passkey-added/);
}

/** What was entered stands in the list that has moved on meanwhile. */
async function keepsEntered(list: Page, { time }: SwitchScene): Promise<void> {
  await list.locator("main table tbody tr", { hasText: time }).nth(SITES.length - 1)
    .waitFor({ timeout: WITHIN_MS });
  ok(await pickOf(list).isChecked(), "the site is still picked");
  strictEqual(await list.locator("form.filters input[type=search]").inputValue(), "mill");
  ok(await isMarked(list), "the list was loaded anew");
}

/** Sends forms that were opened before, and goes back. */
async function postsAndGoesBack(form: Page, site: Page): Promise<void> {
  strictEqual(await form.getByLabel("Name", { exact: true }).inputValue(), "Ada Later");
  await form.getByRole("button", { name: "Save name" }).click();
  await form.waitForURL(/\/account\?done=name/);
  await form.locator("summary.me", { hasText: "Account of Ada Later" }).waitFor();
  await form.goBack();
  await form.getByRole("button", { name: "Save name" }).waitFor();
  const path = new URL(site.url()).pathname;
  await site.getByRole("button", { name: /^Read now/ }).first().click();
  await site.waitForURL(/\/read$/);
  await site.goBack();
  await site.waitForURL((url) => url.pathname === path);
  await site.locator(".load-live[data-ready]").waitFor({ state: "attached" });
  await site.locator("[data-stream=live]").waitFor({ state: "attached" });
}

/** The release ends before the next begins, as with an embedded database; pages say so until it is there. */
async function pauses(scene: SwitchScene, green: ProductProcess, pages: readonly Page[]): Promise<void> {
  strictEqual((await green.end("SIGTERM")).code, 0, green.said());
  await scene.promote(RELEASES.blue);
  const told = pages.map((page) =>
    page.getByText(/^Not live since \d\d:\d\d\. Trying again\.$/).waitFor({ timeout: WITHIN_MS })
  );
  await Promise.all([scene.start("blue"), ...told]);
  await scene.lead("blue");
  for (const page of pages) {
    await page.locator("[data-stream=live]").waitFor({ state: "attached", timeout: WITHIN_MS });
    await page.getByText("Live again").waitFor({ state: "attached" });
  }
}

/** What is said of a stream that was asked for while nobody answered. */
const NOBODY_ANSWERED = /\/api\/live\?after=\d+ answers 50[234]$|responded with a status of 50[234]/;

async function story(t: Deno.TestContext, scene: SwitchScene): Promise<void> {
  // Nothing is collected before somebody looks, however slow the machine is.
  await scene.promote("r0-nobody");
  const [blue, green] = await Promise.all([scene.start("blue"), scene.start("green")]);
  await scene.lead("blue");
  const browser = await scene.browse();
  try {
    const { today, form, list, keys, open, troubles } = await watch(browser, scene);
    const quiet = () => deepStrictEqual(troubles(), [], "nothing failed and nothing complained");
    const half = await readHalf(scene, today);
    const tab = await watchSite(open, scene.idOf(half.left));
    await t.step("open pages live on over the switch, and tell what either release has read", async () => {
      await switchOver(scene, { ...half, blue }, [today, tab.site]);
      quiet();
    });
    await t.step("what a page had not loaded before the switch comes after it", async () => {
      await loadsLazily(keys, tab);
      quiet();
    });
    await t.step("forms that were opened before are taken after it, and Back leads back", async () => {
      await keepsEntered(list, scene);
      await postsAndGoesBack(form, tab.site);
      quiet();
    });
    await t.step("pages say that no release answers, and recover", async () => {
      await pauses(scene, green, [today, tab.site]);
      deepStrictEqual(troubles().filter((trouble) => !NOBODY_ANSWERED.test(trouble)), []);
    });
  } finally {
    await browser.close();
  }
}

const CANNOT_HERE = CANNOT || !isCi(Deno.env.get("CI")) && !isThere("/usr/sbin/mariadbd");

Deno.test({
  name: `whoever works in a browser notices nothing of a switch of releases${
    CANNOT_HERE ? ", which cannot be tried here: it needs root, MariaDB, and nginx with its tools" : ""
  }`,
  ignore: CANNOT_HERE,
  fn: (t) => withSwitch((scene) => story(t, scene)),
});

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
