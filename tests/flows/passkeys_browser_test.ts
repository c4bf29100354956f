/**
 * Passkeys in Chromium with its own authenticator: added on the account page, used to sign in alone and after the
 * password, and what is said when it does not work.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import { requireSecondFactor } from "../../lib/store/second_factor_setting.ts";
import { authorAt } from "../fakes/author.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { seriousFindings } from "../gallery/look_over.ts";
import { signedIn, signIn, visitor } from "./browsing.ts";
import { withHostName } from "./passkeys.ts";
import type { Flow } from "./running_product.ts";

interface Authenticator {
  readonly cdp: CDPSession;
  readonly authenticatorId: string;
}

/** A device that verifies whoever holds it and keeps passkeys. */
async function plugIn(page: Page, verified = true): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verified,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

async function signOut(page: Page): Promise<void> {
  await page.locator("summary.me").click();
  await page.getByRole("button", { name: "Sign out" }).click();
}

async function addNamed(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name of another passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
}

const passkeysOf = ({ cdp, authenticatorId }: Authenticator) =>
  cdp.send("WebAuthn.getCredentials", { authenticatorId }).then(({ credentials }) => credentials);

/** Has the browser offer no passkeys among what it fills in, so that the button alone asks for one. */
async function offersNone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}

async function requires(flow: Flow): Promise<void> {
  const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
  ok((await requireSecondFactor(flow.opened.db, by, { roles: ["administrator"], version: 0 })).ok);
}

Deno.test("passkeys in Chromium: added, used alone, used after the password", async (t) => {
  const browser = await openBrowser();
  try {
    await withHostName(async (flow) => {
      const { origin } = flow;
      const { page, context, complaints } = await signedIn(browser, { origin });
      const device = await plugIn(page);

      await t.step("one is added on the account page, which then lists it", async () => {
        await page.goto("/account");
        await addNamed(page, "Laptop");
        await page.waitForURL(`${origin}/account?done=passkey-added#passkeys`);
        match(await page.locator("main").innerText(), /The passkey is added/);
        await page.getByRole("link", { name: "Rename or remove Laptop" }).waitFor();
        const [made] = await passkeysOf(device);
        deepStrictEqual([made?.rpId, made?.isResidentCredential], ["localhost", true]);
        deepStrictEqual(await seriousFindings(page, "light"), []);
      });

      await t.step("the same device makes no second one, and it is said why", async () => {
        await addNamed(page, "Laptop again");
        await page.getByText("There is a passkey for your account on this device already.").waitFor();
        strictEqual(await page.getByLabel("Name of another passkey").inputValue(), "Laptop again");
        strictEqual((await passkeysOf(device)).length, 1);
        deepStrictEqual(await seriousFindings(page, "light"), []);
      });

      await t.step("it signs in where it is chosen among what the browser fills in", async () => {
        // Chromium's own authenticator chooses at once, as nobody is there to.
        await signOut(page);
        await page.waitForURL(`${origin}/`);
      });

      await t.step("it signs in by the button, to the page that was wanted", async () => {
        await offersNone(page);
        await signOut(page);
        await page.waitForURL(`${origin}/sign-in`);
        await page.goto("/sites?q=mill");
        await page.getByRole("button", { name: "Sign in with a passkey" }).click();
        await page.waitForURL(`${origin}/sites?q=mill`);
      });

      await t.step("whoever was not there for ten minutes types the password before adding one", async () => {
        await flow.clock.advance(10 * 60_000);
        await page.goto("/account");
        await addNamed(page, "Later");
        await page.waitForURL(/\/account\/confirm\?back=\/account$/);
      });

      await t.step("it stands in for a code after the password", async () => {
        const { authenticatorId } = device;
        await page.goto("/account");
        await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
        await signOut(page);
        await page.waitForURL(`${origin}/sign-in`);
        await requires(flow);
        await signIn(page);
        await page.waitForURL(`${origin}/sign-in/second-factor`);
        await page.getByRole("button", { name: "Use a passkey" }).click();
        await page.getByText(/No passkey was shown/).waitFor();
        await device.cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
        await page.getByRole("button", { name: "Use a passkey" }).click();
        await page.waitForURL(`${origin}/`);
      });

      await t.step("the last one cannot be removed where the role must have one", async () => {
        await page.goto("/account");
        await page.getByRole("link", { name: "Rename or remove Laptop" }).click();
        await page.getByRole("button", { name: "Remove passkey" }).click();
        await page.getByText(/this is your last/).waitFor();
      });

      await t.step("no page complained but of the answers that were meant to be refusals", () => {
        deepStrictEqual(complaints.filter((text) => !/status of (403|422)/.test(text)), []);
      });
      await context.close();
    });
  } finally {
    await browser.close();
  }
});

Deno.test("without scripts the pages say what cannot be done, and the password still lets in", async () => {
  const browser = await openBrowser();
  try {
    await withHostName(async ({ origin }) => {
      const { page, context } = await visitor(browser, { origin, scripts: false });
      await page.goto("/sign-in");
      strictEqual(await page.getByRole("button", { name: "Sign in with a passkey" }).count(), 0);
      await signIn(page);
      await page.waitForURL(`${origin}/`);
      await page.goto("/account");
      await page.getByText("Adding a passkey needs JavaScript").waitFor();
      strictEqual(await page.getByRole("button", { name: "Add a passkey" }).count(), 0);
      await context.close();
    });
  } finally {
    await browser.close();
  }
});
