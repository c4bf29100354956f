/**
 * A person at a browser: signs in, and notes whatever the page complains about.
 *
 * @module
 */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { ACCOUNT } from "./running_product.ts";

/** A page of a browser that keeps nothing from elsewhere. */
export interface Visitor {
  /** The page. */
  readonly page: Page;
  /** Its cookies and settings. */
  readonly context: BrowserContext;
  /** Errors and warnings of the console, violations of the policy, errors of scripts. */
  readonly complaints: readonly string[];
  /** Opens another tab. */
  open(): Promise<Page>;
}

/** Longest that anything on a page is waited for, in ms. */
const DEADLINE_MS = 15_000;

/** How somebody comes. */
export interface Coming {
  /** Where the product answers. */
  readonly origin: string;
  /** Width of the window in CSS px; below 600 it is a phone. */
  readonly widthPx?: number;
  /** Whether scripts run; default true. */
  readonly scripts?: boolean;
}

/** Opens a browser window. */
export async function visitor(browser: Browser, coming: Coming): Promise<Visitor> {
  const { origin, widthPx = 1440, scripts = true } = coming;
  const phone = widthPx < 600;
  const context = await browser.newContext({
    baseURL: origin,
    javaScriptEnabled: scripts,
    viewport: { width: widthPx, height: phone ? 844 : 900 },
    isMobile: phone,
    hasTouch: phone,
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const complaints: string[] = [];
  const open = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(DEADLINE_MS);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    return page;
  };
  return { page: await open(), context, complaints, open };
}

/** Fills in the form of the sign-in page and sends it. */
export async function signIn(page: Page, password: string = ACCOUNT.password): Promise<void> {
  await page.getByLabel("E-mail").fill(ACCOUNT.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A visitor who has signed in and sees Today. */
export async function signedIn(browser: Browser, coming: Coming): Promise<Visitor> {
  const came = await visitor(browser, coming);
  await came.page.goto("/sign-in");
  await signIn(came.page);
  await came.page.waitForURL(`${coming.origin}/`);
  return came;
}
