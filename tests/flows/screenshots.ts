/**
 * Takes pictures of the real pages over the demo's estate: `deno run -A tests/flows/screenshots.ts FOLDER`. Put them
 * beside the reference pictures and look.
 *
 * @module
 */

import { join } from "node:path";
import type { Page } from "playwright-core";
import { startPasswords } from "../../lib/auth/password.ts";
import type { Clock } from "../../lib/clock.ts";
import { createLog } from "../../lib/log.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { type Demo as RunningDemo, DEMO_EMAIL, startDemo } from "../../ops/demo.ts";
import { migrateOrThrow } from "../collector/estate.ts";
import { simulatorClock } from "../collector/simulated.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { LOOKS, openBrowser, openLook } from "../gallery/gallery.ts";
import { type RunningProduct, startProduct, withFolder } from "./running_product.ts";
import { allInView } from "../gallery/look_over.ts";

/** A working day, 10:47 in London: some minutes after a half-hour, like the reference pictures. */
const NOW_MS = Date.UTC(2026, 10, 23, 10, 30);

/** Minutes after the boundary at which the pictures are taken, in ms. */
const AFTER_MS = 17 * 60_000;

/** Ports where no other demo is looked for. */
const FIRST_PORT = 21_502;

/** Milliseconds without a request after which a page is still. */
const STILL_MS = 300;

interface Demo {
  readonly running: RunningProduct;
  readonly password: string;
  /** Page of a site with much to see. */
  readonly sitePath: string;
}

/** Fills a database with the demo's past; its sites go on answering. */
async function fillDatabase(folder: string, clock: Clock, signal: AbortSignal): Promise<RunningDemo> {
  const db = await openDatabase(`sqlite:${folder}/wattpost.db`);
  const passwords = startPasswords();
  const hashPassword = async (text: string) => {
    const hashed = await passwords.hash(text);
    if (!hashed.ok) throw new Error(hashed.error);
    return hashed.value;
  };
  try {
    await migrateOrThrow(db, clock);
    const log = createLog({ clock, level: "info", write: (line) => console.log(line) });
    const config = { demoSites: 24, demoDays: 30 };
    return await startDemo({ db, clock, log, config, signal, hashPassword, firstPort: FIRST_PORT });
  } finally {
    passwords.close();
    await db.close();
  }
}

/** Runs the demo's estate with 30 days of history and the newest half-hour collected. */
async function withDemo(body: (demo: Demo) => Promise<void>): Promise<void> {
  const clock = manualClock(NOW_MS);
  const ended = new AbortController();
  await withFolder(async (folder) => {
    const started = await fillDatabase(folder, simulatorClock(clock), ended.signal);
    const running = await startProduct({ folder, clock });
    try {
      await running.settle(running.product.idle());
      await clock.advance(Math.max(0, NOW_MS + AFTER_MS - clock.nowMs()));
      const site = await running.opened.db.kysely.selectFrom("site").select("site_id").orderBy("site_id")
        .executeTakeFirstOrThrow();
      await body({ running, password: started.signIn.password, sitePath: `/sites/${site.site_id}` });
    } finally {
      ended.abort();
      await running.stop();
      await started.stop();
    }
  });
}

/** The whole page, the bar at the bottom where a phone has it. */
async function takePicture(page: Page, path: string): Promise<void> {
  await allInView(page, async () => {
    await page.waitForTimeout(STILL_MS);
    await page.screenshot({ path });
  });
}

async function takePictures(folder: string, { running, password, sitePath }: Demo): Promise<void> {
  const browser = await openBrowser();
  try {
    for (const look of LOOKS) {
      const page = await openLook(browser, look);
      const take = (name: string) =>
        takePicture(page, join(folder, `${name}-${look.widthPx}-${look.theme}.png`));
      await page.goto(`${running.origin}/sign-in`);
      await take("sign-in");
      await page.getByLabel("E-mail").fill(DEMO_EMAIL);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${running.origin}/`);
      await take("today");
      await page.goto(`${running.origin}/sites`);
      await take("sites");
      await page.goto(`${running.origin}${sitePath}`);
      await page.locator(".load-live[data-ready]").waitFor({ state: "attached" });
      await take("site");
      await page.getByRole("button", { name: /^Read now/ }).first().click();
      await page.waitForURL(/\/read$/);
      await take("read-now");
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  const folder = Deno.args[0];
  if (folder === undefined) {
    console.error("Where to? deno run -A tests/flows/screenshots.ts FOLDER");
    Deno.exit(2);
  }
  await Deno.mkdir(folder, { recursive: true });
  await withDemo((demo) => takePictures(folder, demo));
}
