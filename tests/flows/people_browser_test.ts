/**
 * How somebody comes to work here and is sent away: an administrator invites a technician, the letter comes, its link
 * makes an account, the technician sees the sites of their group and no other, and is out when the administrator says
 * so, with the page that they have open.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { assignSites, createGroup } from "../../lib/store/groups.ts";
import { saveSender } from "../../lib/store/mail_settings.ts";
import { findUserByEmail } from "../../lib/store/users.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type FakeSmtpServer, linkIn, startSmtpServer } from "../fakes/smtp_server.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { seriousFindings, sticksOut } from "../gallery/look_over.ts";
import { signedIn, type Visitor, visitor } from "./browsing.ts";
import { type Flow, withFlow } from "./running_product.ts";

const NINA = {
  email: "nina@wattpost.example",
  name: "Nina Okafor",
  password: "quite another long sentence",
} as const;

/** Sites of the group North, and one that lies outside. */
const [KILN, MILL, QUAY] = ["Kiln Lane", "Mill Yard", "Quay House"] as const;

const WIDTHS_PX = [1440, 390] as const;

/** Most of the product's time, in ms, that may pass until somebody who was signed out sees it. */
const OUT_WITHIN_MS = 60_000;

/** Of that in the test's hand; the page itself waits for 3 s more. */
const STREAM_MS = 45_000;

interface Scene {
  readonly browser: Browser;
  readonly flow: Flow;
  readonly smtp: FakeSmtpServer;
}

/** A mail server, set up, and a group with two of the three sites. */
async function setScene(flow: Flow, smtp: FakeSmtpServer): Promise<void> {
  const { db, keys: { box, seal } } = flow.opened;
  const by = authorAt(flow.clock.nowMs(), { seal });
  const value = {
    host: "127.0.0.1",
    port: smtp.port,
    security: "none",
    user: "",
    from: "wattpost@example.org",
    fromName: "",
  } as const;
  strictEqual(
    (await saveSender(db, by, { box, name: "mail", value, version: 0, secret: { kind: "keep" } })).ok,
    true,
  );
  const group = await createGroup(db, by, { name: "North" });
  ok(group.ok);
  const north = flow.siteIds.slice(0, 2);
  ok((await assignSites(db, by, { groupId: group.value.id, siteIds: north })).ok);
}

/** What a machine can see: nothing serious, nothing wider than the screen. */
async function lookOver(page: Page): Promise<void> {
  deepStrictEqual(await seriousFindings(page, "light"), [], page.url());
  deepStrictEqual(await sticksOut(page), [], page.url());
}

/** Opens the form from the list and fills it in; the phone's is left as it is. */
async function fillInvitation(page: Page): Promise<void> {
  await page.goto("/admin/people");
  await lookOver(page);
  await page.getByRole("link", { name: "Invite somebody" }).click();
  await page.waitForURL(/\/admin\/people\/invite$/);
  await page.getByLabel("E-mail").fill(NINA.email);
  await page.getByLabel("Name", { exact: true }).fill("Nina");
  await page.getByLabel("Role").selectOption("technician");
  await page.getByLabel("Reaches").selectOption("some");
  await page.getByLabel("North").check();
  await lookOver(page);
}

async function invites({ browser, flow, smtp }: Scene): Promise<Visitor> {
  const phone = await signedIn(browser, { origin: flow.origin, widthPx: 390 });
  await fillInvitation(phone.page);
  deepStrictEqual(phone.complaints, []);
  await phone.context.close();
  const desk = await signedIn(browser, { origin: flow.origin });
  await fillInvitation(desk.page);
  await desk.page.getByRole("button", { name: "Send invitation" }).click();
  await desk.page.getByText("The invitation is sent").waitFor();
  match(await desk.page.locator("main").innerText(), /Invited/);
  await lookOver(desk.page);
  deepStrictEqual((await smtp.arrived(0)).to, [NINA.email]);
  deepStrictEqual(desk.complaints, []);
  return desk;
}

/** The link of the letter in a browser that knows nothing of us. */
async function accepts({ browser, flow, smtp }: Scene): Promise<Visitor> {
  const mail = await smtp.arrived(0);
  match(mail.text, /Ada Flow invites you/);
  const nina = await visitor(browser, { origin: flow.origin, widthPx: 390 });
  const { page } = nina;
  await page.goto(linkIn(mail).href);
  await lookOver(page);
  match(await page.locator("main").innerText(), /nina@wattpost\.example/);
  await page.getByLabel("Name", { exact: true }).fill(NINA.name);
  await page.getByLabel("New password").fill(NINA.password);
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await page.waitForURL(`${flow.origin}/`);
  await lookOver(page);
  match(await page.locator("main").innerText(), /\b2 of 2\b|All 2 sites/);
  strictEqual(await page.getByRole("link", { name: "Admin" }).count(), 0);
  return nina;
}

/** The list, the search, figures and addresses of sites, at one width. */
async function seesOwnSites({ browser, flow }: Scene, widthPx: number): Promise<void> {
  const came = await visitor(browser, { origin: flow.origin, widthPx });
  const { page, complaints } = came;
  const [near, , far] = flow.siteIds;
  await page.goto("/sites");
  await ninaSignsIn(page);
  await page.waitForURL(`${flow.origin}/sites`);
  const list = page.locator("main table tbody");
  strictEqual(await list.locator("tr").count(), 2);
  match(await list.innerText(), new RegExp(`${KILN}[^]*${MILL}`));
  doesNotMatch(await page.content(), new RegExp(QUAY));
  await lookOver(page);
  await page.goto("/sites?q=quay");
  strictEqual(await page.locator("main table tbody tr").count(), 0);
  doesNotMatch(await page.content(), new RegExp(QUAY));
  await page.goto("/sites?q=mill");
  strictEqual(await page.locator("main table tbody tr").count(), 1);
  await page.goto("/");
  doesNotMatch(await page.content(), new RegExp(QUAY));
  await page.goto(`/sites/${near}`);
  strictEqual(await page.locator("h1").innerText(), KILN);
  match(await page.locator("section[aria-label=Now]").innerText(), /\d/);
  await lookOver(page);
  deepStrictEqual(complaints, []);
  for (const path of [`/sites/${far}`, "/sites/999999"]) {
    strictEqual((await page.goto(path))?.status(), 404, path);
    doesNotMatch(await page.content(), new RegExp(QUAY));
  }
  strictEqual((await page.goto(`/sites/${far}/half-hours.csv`))?.status(), 404);
  strictEqual((await page.goto("/admin/people"))?.status(), 403);
  await came.context.close();
}

async function ninaSignsIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail").fill(NINA.email);
  await page.getByLabel("Password").fill(NINA.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The technician's page is left alone; the administrator presses the button; time passes. */
async function isSentAway(
  { flow }: Scene,
  { admin, nina }: { readonly admin: Visitor; readonly nina: Visitor },
): Promise<void> {
  const [near] = flow.siteIds;
  const path = `/sites/${near}`;
  await nina.page.goto(path);
  await nina.page.locator("[data-stream=live]").waitFor({ state: "attached" });
  const person = await findUserByEmail(flow.opened.db, NINA.email);
  ok(person);
  await admin.page.goto(`/admin/people/${person.user.id}`);
  // The two in which she looked at her sites were closed, not signed out of.
  match(await admin.page.locator("main").innerText(), /in 3 browsers/);
  await lookOver(admin.page);
  await admin.page.getByRole("link", { name: "Sign out everywhere" }).click();
  await lookOver(admin.page);
  const out = nina.page.waitForURL(/\/sign-in/, { timeout: OUT_WITHIN_MS });
  const sinceMs = flow.clock.nowMs();
  await admin.page.getByRole("button", { name: "Sign out" }).last().click();
  await admin.page.getByText("Signed out everywhere").waitFor();
  match(await admin.page.locator("main").innerText(), /nowhere/);
  await flow.clock.advance(STREAM_MS);
  await out;
  ok(flow.clock.nowMs() - sinceMs < OUT_WITHIN_MS);
  strictEqual(new URL(nina.page.url()).searchParams.get("back"), path);
  await lookOver(nina.page);
  await ninaSignsIn(nina.page);
  await nina.page.waitForURL(`${flow.origin}${path}`);
  strictEqual(await nina.page.locator("h1").innerText(), KILN);
}

Deno.test("a technician is invited, sees the sites of their group alone, and is sent away", async (t) => {
  const specs = [KILN, MILL, QUAY].map((name, index) => siteSpec({ name, seed: 7 + index }));
  const smtp = await startSmtpServer({ security: "none" });
  const browser = await openBrowser();
  try {
    await withFlow({ specs }, async (flow) => {
      const scene = { browser, flow, smtp };
      await setScene(flow, smtp);
      const came: { admin?: Visitor; nina?: Visitor } = {};
      await t.step(
        "an administrator invites somebody who reaches one group, and the letter arrives",
        async () => {
          came.admin = await invites(scene);
        },
      );
      await t.step("its link makes an account in a browser that knows nothing of us", async () => {
        came.nina = await accepts(scene);
      });
      for (const widthPx of WIDTHS_PX) {
        await t.step(
          `list, search, figures and addresses hold their own sites alone, at ${widthPx} px`,
          () => seesOwnSites(scene, widthPx),
        );
      }
      await t.step("the spent link makes nobody", async () => {
        const again = await visitor(browser, { origin: flow.origin });
        strictEqual((await again.page.goto(linkIn(await smtp.arrived(0)).href))?.status(), 410);
        await again.context.close();
      });
      await t.step("signed out elsewhere, the open page is at the sign-in page within a minute", async () => {
        const { admin, nina } = came;
        ok(admin && nina);
        await isSentAway(scene, { admin, nina });
      });
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
      for (const { context } of [came.admin, came.nina].filter((one) => one !== undefined)) {
        await context.close();
      }
    });
  } finally {
    await browser.close();
    await smtp.close();
  }
});
