/**
 * The first start as the first person sees it: nobody can sign in, a link in the terminal makes the administrator
 * once, and from then on the door is shut to whoever does not know the password.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { newSetupToken } from "../../lib/auth/setup.ts";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { signIn, visitor } from "./browsing.ts";
import {
  ACCOUNT,
  ask,
  FIRST,
  post,
  type RunningProduct,
  startProduct,
  withFolder,
} from "./running_product.ts";

/** Nothing of the inside: no file, no line number, no name of an error. */
const INSIDE = /\.tsx?\b|\bat async |:\d+:\d+\)|[A-Z]\w*Error\b|no such table|select |node_modules|file:\/\//;

/** More tries than one account has in its window. */
const TRIES = 12;

async function setupPath({ opened, clock }: RunningProduct): Promise<string> {
  const token = await newSetupToken(opened.db, clock.nowMs());
  ok(token !== null, "there is no set-up link for the first start");
  return `/setup?token=${token}`;
}

Deno.test("first start: the door, the set-up link and the password as a newcomer meets them", async (t) => {
  const browser = await openBrowser();
  try {
    await withFolder(async (folder) => {
      const running = await startProduct({ folder, clock: manualClock(endMsOf(FIRST)) });
      const { origin } = running;
      const { page, context, complaints } = await visitor(browser, { origin });
      try {
        await t.step("every page sends whoever is not signed in to the sign-in page and back", async () => {
          for (const path of ["/", "/sites", "/sites/1", "/sites?q=mill"]) {
            const answer = await page.goto(path);
            strictEqual(answer?.status(), 200);
            const { pathname, searchParams } = new URL(page.url());
            deepStrictEqual([pathname, searchParams.get("back") ?? "/"], ["/sign-in", path]);
          }
          strictEqual((await ask(origin, "/api/live")).status, 401);
        });

        const link = await setupPath(running);
        await t.step(
          "a password that is too short is refused beside its field, and the rest is kept",
          async () => {
            await page.goto(link);
            await page.getByLabel("Name").fill(ACCOUNT.name);
            await page.getByLabel("E-mail").fill(ACCOUNT.email);
            await page.getByLabel("Password").fill("short");
            // The browser would refuse it too: the server is asked all the same.
            await page.locator("form").evaluate((form: HTMLFormElement) => form.noValidate = true);
            const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
            await page.getByRole("button", { name: "Create administrator" }).click();
            strictEqual((await answered).status(), 422);
            match(await page.locator("#password-fault").innerText(), /at least 12 characters/);
            strictEqual(await page.getByLabel("Password").getAttribute("aria-invalid"), "true");
            strictEqual(await page.getByLabel("Name").inputValue(), ACCOUNT.name);
            strictEqual(await page.getByLabel("E-mail").inputValue(), ACCOUNT.email);
            strictEqual(await page.getByLabel("Password").inputValue(), "");
          },
        );

        await t.step("the set-up link makes the administrator, who is then signed in", async () => {
          await page.getByLabel("Password").fill(ACCOUNT.password);
          await page.getByRole("button", { name: "Create administrator" }).click();
          await page.waitForURL(`${origin}/`);
          match(await page.locator("main").innerText(), /Nothing to watch yet/);
        });

        await t.step("the session cookie is out of reach of scripts and of other sites", async () => {
          const cookie = (await context.cookies()).find(({ httpOnly }) => httpOnly);
          ok(cookie, "no HttpOnly cookie");
          match(cookie.sameSite, /^(Lax|Strict)$/);
          strictEqual(await page.evaluate(() => document.cookie.includes("session")), false);
        });

        await t.step("the set-up link is spent the second time, and sets nobody up", async () => {
          const again = await page.goto(link);
          strictEqual(again?.status(), 410);
          strictEqual(await page.locator("h1").innerText(), "This link is spent");
          const token = new URL(link, origin).searchParams.get("token") ?? "";
          const forced = await post(origin, "/setup", { ...ACCOUNT, email: "eve@example.org", token });
          strictEqual(forced.status, 410);
          strictEqual(await newSetupToken(running.opened.db, running.clock.nowMs()), null);
        });

        await t.step("signing out ends the session, here and for a copy of its cookie", async () => {
          await page.goto("/");
          const copy = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
          strictEqual((await ask(origin, "/", { headers: { cookie: copy } })).status, 200);
          await page.locator("summary.me").click();
          await page.getByRole("button", { name: "Sign out" }).click();
          await page.waitForURL(`${origin}/sign-in`);
          strictEqual((await ask(origin, "/", { headers: { cookie: copy } })).status, 303);
        });

        await t.step("a wrong password says so without naming which of the two it was", async () => {
          await signIn(page, "not the password at all");
          const notice = page.getByText("E-mail or password is not right");
          await notice.waitFor();
          strictEqual(await page.getByLabel("E-mail").inputValue(), ACCOUNT.email);
          strictEqual(await page.getByLabel("Password").inputValue(), "");
        });

        await t.step("signing in again leads to the page that was wanted", async () => {
          await page.goto("/sites?q=mill");
          await signIn(page);
          await page.waitForURL(`${origin}/sites?q=mill`);
        });

        await t.step("a form that another site posts is refused, whatever it says of itself", async () => {
          const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
          const FORGED: readonly Readonly<Record<string, string>>[] = [
            { origin: "https://evil.example" },
            { origin: "null" },
            { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
            { "sec-fetch-site": "cross-site" },
          ];
          for (const headers of FORGED) {
            const body = new URLSearchParams({ theme: "dark", back: "/" });
            const answer = await ask(origin, "/theme", {
              method: "POST",
              headers: { cookie, ...headers },
              body,
            });
            strictEqual(answer.status, 403, JSON.stringify(headers));
          }
        });

        await t.step("an unknown path is our own page, says so and shows nothing of the inside", async () => {
          for (const path of ["/nowhere", "/sites/999999", "/sites/x", "/sites/1/devices/2/none"]) {
            const answer = await page.goto(path);
            strictEqual(answer?.status(), 404, path);
            const html = await page.content();
            match(html, /wattpost/i);
            strictEqual(INSIDE.exec(await page.locator("body").innerText()), null);
            ok(await page.locator("h1").innerText());
          }
        });

        await t.step("whoever tries too often is asked to wait, and is told how long", async () => {
          let last = await post(origin, "/sign-in", { email: "eve@example.org", password: "x", back: "/" });
          for (let n = 1; n < TRIES && last.status === 422; n++) {
            last = await post(origin, "/sign-in", { email: "eve@example.org", password: `x${n}`, back: "/" });
          }
          strictEqual(last.status, 429);
          const waitS = Number(last.headers.get("retry-after"));
          ok(waitS > 0 && waitS <= 600, `Retry-After: ${waitS}`);
          match(last.text, /Too many tries/);
          match(last.text, new RegExp(`Try again in ${waitS} s`));
        });

        await t.step("the wait ends by itself", async () => {
          await running.clock.advance(600_000);
          const { status } = await post(origin, "/sign-in", {
            email: "eve@example.org",
            password: "x",
            back: "/",
          });
          strictEqual(status, 422);
        });

        await t.step(
          "something broken on our side is our own page too, with the id that the log has",
          async () => {
            await running.opened.db.kysely.schema.alterTable("ledger").renameTo("gone").execute();
            const answer = await page.goto("/");
            strictEqual(answer?.status(), 500);
            const said = await page.locator("body").innerText();
            strictEqual(INSIDE.exec(said), null);
            const logged = running.lines.find(({ msg }) => msg === "Cannot answer");
            ok(logged && said.includes(String(logged["requestId"])), "the page's id is not in the log");
          },
        );

        await t.step("no page complained but of the answers that were meant to be refusals", () => {
          deepStrictEqual(complaints.filter((text) => !/status of (404|410|422|500)/.test(text)), []);
        });
      } finally {
        await context.close();
        await running.stop();
      }
    });
  } finally {
    await browser.close();
  }
});
