/**
 * A role that must have a second factor, as the people of it meet that: an administrator ticks it, an invited
 * technician sets up an app on the way in, and comes back by password and code, or by a recovery code.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import type { Browser, Page } from "playwright-core";
import { findUserByEmail } from "../../lib/store/users.ts";
import { linkIn } from "../fakes/smtp_server.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { signedIn, type Visitor, visitor } from "./browsing.ts";
import { type LetterFlow, withLetters } from "./letters.ts";

const NINA = {
  email: "nina@wattpost.example",
  name: "Nina Okafor",
  password: "quite another long sentence",
} as const;

/** Milliseconds after which an app shows another code. */
const STEP_MS = 30_000;

interface Scene {
  readonly browser: Browser;
  readonly flow: LetterFlow;
}

/** What the technician has: an app and a sheet of paper. */
interface Kept {
  readonly seed: string;
  readonly codes: readonly string[];
}

interface Came {
  readonly nina: Visitor;
  readonly kept: Kept;
}

/** What a machine can see: nothing serious, nothing wider than the screen. */
async function lookOver(page: Page): Promise<void> {
  deepStrictEqual(await seriousFindings(page, "light"), [], page.url());
  deepStrictEqual(await sticksOut(page), [], page.url());
}

/** The code that an app shows by the product's clock. */
function codeOf({ flow }: Scene, seed: string): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: flow.clock.nowMs() });
}

const buttonOf = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function asksRole({ browser, flow }: Scene): Promise<Visitor> {
  const admin = await signedIn(browser, { origin: flow.origin });
  const { page } = admin;
  await page.goto("/admin/networks");
  await page.getByRole("link", { name: "Security" }).click();
  await page.waitForURL(/\/admin\/security$/);
  await lookOver(page);
  await page.getByLabel("Administrator").check();
  await page.getByLabel("Technician").check();
  const refused = page.waitForResponse((answer) => answer.request().method() === "POST");
  await buttonOf(page, "Save").click();
  strictEqual((await refused).status(), 422);
  match(await page.locator("#role-administrator-fault").innerText(), /Set up your own second factor first/);
  ok(await page.getByLabel("Technician").isChecked(), "what was ticked is kept");
  await lookOver(page);
  await page.getByLabel("Administrator").uncheck();
  await buttonOf(page, "Save").click();
  await page.getByText("Nobody had to be signed out").waitFor();
  ok(await page.getByLabel("Technician").isChecked());
  return admin;
}

async function invites({ flow }: Scene, { page }: Visitor): Promise<string> {
  await page.goto("/admin/people/invite");
  await page.getByLabel("E-mail").fill(NINA.email);
  await page.getByLabel("Name", { exact: true }).fill(NINA.name);
  await page.getByLabel("Role").selectOption("technician");
  await buttonOf(page, "Send invitation").click();
  await page.getByText("The invitation is sent").waitFor();
  return linkIn(await flow.smtp.arrived(0)).href;
}

/** From the letter to the first page, setting an app up on the way. */
async function setsUp(
  scene: Scene,
  { link, widthPx }: { readonly link: string; readonly widthPx: number },
): Promise<Came> {
  const nina = await visitor(scene.browser, { origin: scene.flow.origin, widthPx });
  const { page } = nina;
  await page.goto(link);
  await page.getByLabel("New password").fill(NINA.password);
  await buttonOf(page, "Go on").click();
  await page.waitForURL(/\/sign-in\/set-up$/);
  await page.getByRole("img", { name: "Picture to scan" }).waitFor();
  await lookOver(page);
  await page.goto("/sites");
  strictEqual(new URL(page.url()).pathname, "/sign-in", "half a sign-in is none");
  await page.goto("/sign-in/set-up");
  const seed = (await page.locator(".seed code").innerText()).replaceAll(/\s/g, "");
  await page.getByLabel("Code").fill("000000");
  await buttonOf(page, "Confirm").click();
  match(await page.locator("#code-fault").innerText(), /This code is not right/);
  strictEqual((await page.locator(".seed code").innerText()).replaceAll(/\s/g, ""), seed, "the same picture");
  await page.getByLabel("Code").fill(codeOf(scene, seed));
  await buttonOf(page, "Confirm").click();
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  await lookOver(page);
  const codes = await page.locator(".recovery-codes code").allInnerTexts();
  strictEqual(new Set(codes).size, 10);
  await page.getByRole("link", { name: "I have kept them" }).click();
  await page.waitForURL(`${scene.flow.origin}/`);
  await page.goto("/sign-in/set-up");
  strictEqual((await page.content()).includes(codes[0] ?? ""), false, "they are shown once");
  await page.goto("/sites");
  strictEqual(new URL(page.url()).pathname, "/sites");
  return { nina, kept: { seed, codes } };
}

/** Signs out by the menu. */
async function signsOut({ page }: Visitor): Promise<void> {
  await page.goto("/");
  await page.locator("summary.me").click();
  await buttonOf(page, "Sign out").click();
  await page.waitForURL(/\/sign-in$/);
}

/** Types the password; what comes then is the second step. */
async function typesPassword({ page }: Visitor): Promise<void> {
  await page.goto("/sites?q=mill");
  await page.getByLabel("E-mail").fill(NINA.email);
  await page.getByLabel("Password").fill(NINA.password);
  await buttonOf(page, "Sign in").click();
  await page.waitForURL(/\/sign-in\/second-factor/);
}

async function typesCode({ page }: Visitor, code: string): Promise<void> {
  await page.getByLabel("Code").fill(code);
  await buttonOf(page, "Sign in").click();
}

const isInside = ({ page }: Visitor, { flow }: Scene) => page.waitForURL(`${flow.origin}/sites?q=mill`);

/** Comes in by a code, which then is used up. */
async function comesByCode(scene: Scene, { nina, kept: { seed } }: Came): Promise<void> {
  const { flow } = scene;
  const { page } = nina;
  await signsOut(nina);
  await typesPassword(nina);
  await lookOver(page);
  await typesCode(nina, codeOf(scene, seed));
  match(await page.locator("#code-fault").innerText(), /used already/, "the one that set it up");
  await flow.clock.advance(STEP_MS);
  const code = codeOf(scene, seed);
  await typesCode(nina, code);
  await isInside(nina, scene);
  await signsOut(nina);
  await typesPassword(nina);
  await typesCode(nina, code);
  match(await page.locator("#code-fault").innerText(), /used already/);
  await page.goto("/sites");
  strictEqual(new URL(page.url()).pathname, "/sign-in");
}

/** Comes in by a recovery code, typed as people do, which then is used up. */
async function comesByPaper(scene: Scene, { nina, kept: { codes } }: Came): Promise<void> {
  const [first = ""] = codes;
  await typesPassword(nina);
  await typesCode(nina, first.toLowerCase().replaceAll("-", " "));
  await isInside(nina, scene);
  await signsOut(nina);
  await typesPassword(nina);
  await typesCode(nina, first);
  match(await nina.page.locator("#code-fault").innerText(), /not right/);
}

/** The phone is lost: an administrator removes it all, and another one is set up at the next sign-in. */
async function losesPhone(
  { flow }: Scene,
  { admin, nina }: { readonly admin: Visitor; readonly nina: Visitor },
) {
  const person = await findUserByEmail(flow.opened.db, NINA.email);
  ok(person?.user.secondFactor);
  await admin.page.goto(`/admin/people/${person.user.id}`);
  match(await admin.page.locator("main").innerText(), /codes/);
  await admin.page.getByRole("link", { name: "Remove second factor" }).click();
  match(await admin.page.locator("main").innerText(), /they are signed out everywhere/);
  await lookOver(admin.page);
  await buttonOf(admin.page, "Remove").click();
  await admin.page.getByText("The second factor is removed").waitFor();
  const { page } = nina;
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(NINA.email);
  await page.getByLabel("Password").fill(NINA.password);
  await buttonOf(page, "Sign in").click();
  await page.waitForURL(/\/sign-in\/set-up$/);
}

Deno.test("a role must have a second factor: set up on the way in, asked for ever after", async (t) => {
  const browser = await openBrowser();
  try {
    await withLetters(async (flow) => {
      const scene = { browser, flow };
      const came: { admin?: Visitor; nina?: Visitor; kept?: Kept } = {};
      await t.step("an administrator asks it of technicians, and cannot of their own role yet", async () => {
        came.admin = await asksRole(scene);
      });
      await t.step("an invited technician sets an app up before they see anything", async () => {
        ok(came.admin);
        const link = await invites(scene, came.admin);
        Object.assign(came, await setsUp(scene, { link, widthPx: 390 }));
      });
      const { admin, nina, kept } = came;
      ok(admin && nina && kept);
      await t.step(
        "they come back by password and code, and each code works once",
        () => comesByCode(scene, { nina, kept }),
      );
      await t.step("a recovery code lets them in, once", () => comesByPaper(scene, { nina, kept }));
      await t.step(
        "with a lost phone removed they set another one up",
        () => losesPhone(scene, { admin, nina }),
      );
      await t.step("nothing secret was logged, and nothing was an error of ours", () => {
        const lines = JSON.stringify(flow.lines);
        for (const secret of [kept.seed, ...kept.codes]) ok(!lines.includes(secret));
        deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
        const refused = /status of (410|422)/;
        deepStrictEqual([...admin.complaints, ...nina.complaints].filter((text) => !refused.test(text)), []);
      });
      for (const { context } of [admin, nina]) await context.close();
    });
  } finally {
    await browser.close();
  }
});
