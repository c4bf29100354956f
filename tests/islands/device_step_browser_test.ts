/**
 * The device step of registering a site in a real browser: it tests as one types and scans, all on one page.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { listAudit } from "../../lib/store/audit.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { meter, simulatorClock, siteSpec } from "../collector/simulated.ts";
import { until } from "../fakes/manual_clock.ts";
import { signedIn, type Visitor } from "../flows/browsing.ts";
import { ask, type Flow, post, signInByHand, withFlow, withSites } from "../flows/running_product.ts";
import { openBrowser } from "../gallery/gallery.ts";
import { seriousFindings } from "../gallery/look_over.ts";

interface Desk {
  readonly flow: Flow;
  readonly site: SimulatedSite;
  /** The step's address, without the device. */
  readonly base: string;
  readonly came: Visitor;
}

/** A gateway that says nothing where a unit is silent: then a question is open until its time is over. */
const SPEC = siteSpec({
  endpoints: [{
    port: 0,
    kind: "gateway",
    silence: "silence",
    meters: [meter(1, "eastron-sdm630"), meter(2, "eastron-sdm120")],
  }],
});

/** A draft up to its devices, unit 2 among them, made without a browser. */
async function draftWithUnit2({ origin }: Flow, site: SimulatedSite): Promise<string> {
  const cookie = await signInByHand(origin);
  const send = async (path: string, form: Readonly<Record<string, string>>) => {
    const answer = await post(origin, path, form, { cookie });
    strictEqual(answer.status, 303, answer.text);
    return answer.headers.get("location") ?? "";
  };
  const save = async (path: string, form: Readonly<Record<string, string>>) => {
    const { text } = await ask(origin, path, { headers: { cookie } });
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
    return await send(path, { version, ...form });
  };
  const base = (await send("/sites/register", {})).replace(/\/site$/, "");
  await save(`${base}/site`, { name: "Corbridge", group: "", zone: "Europe/London", do: "next" });
  await save(`${base}/router`, {
    unitId: "1",
    profileId: "",
    path1Kind: "cellular",
    path1Host: "127.0.0.1",
    endpoint1Kind: "gateway",
    endpoint1Port: String(site.endpoints[0]?.port),
    do: "next",
  });
  const device = {
    name: "Chiller",
    profileId: "eastron-sdm120",
    unitId: "2",
    endpointId: "1",
    appliedBy: "",
  };
  await save(`${base}/devices/new`, device);
  return `${base}/devices`;
}

const main = (page: Page) => page.locator("main").innerText();
const rung = (page: Page, text: RegExp) => page.locator(".test > li").filter({ hasText: text });
const said = (page: Page) => page.locator("[data-kept] > [role=status]").last();

/** The form of a new device, with its islands at work and a mark that a page load would wipe out. */
async function openNew({ came: { page }, base }: Desk): Promise<void> {
  await page.goto(`${base}/new`);
  await page.locator("[data-kept][data-ready]").nth(1).waitFor({ state: "attached" });
  await page.evaluate(() => void (document.body.dataset["mark"] = "kept"));
}

async function sameDocument(page: Page): Promise<void> {
  strictEqual(await page.locator("body").getAttribute("data-mark"), "kept", "the page was loaded again");
}

async function choose(page: Page, label: string, text: string): Promise<void> {
  const list = page.getByLabel(label).first();
  const value = await list.locator("option").filter({ hasText: text }).first().getAttribute("value");
  await list.selectOption(value ?? "");
}

async function testsAsTyped(desk: Desk): Promise<void> {
  const { flow, came: { page } } = desk;
  await openNew(desk);
  await choose(page, "Device profile", "SDM630");
  await page.getByLabel(/^Unit$/).fill("9");
  // The connection stands there before the silent unit was waited for.
  await rung(page, /Connected to 127\.0\.0\.1/).waitFor();
  await flow.settle(rung(page, /unit 9 silent, unit 2 fine/i).waitFor());
  match(await main(page), /wiring, address or power of unit 9/);
  match(await said(page).innerText(), /^Test ended: no answer$/);
  await sameDocument(page);
  await page.getByLabel(/^Unit$/).fill("1");
  await flow.settle(page.getByText("18 of 18 plausible", { exact: true }).waitFor());
  match(await main(page), /Voltage L1/);
  deepStrictEqual(await seriousFindings(page, "light"), []);
  await sameDocument(page);
  // What it kept of the test has not made the form too old to be saved.
  await page.getByRole("button", { name: "Add device" }).click();
  await page.getByText("18 of 18 plausible, tested").first().waitFor();
}

async function saysWhatIsWrong(desk: Desk): Promise<void> {
  const { came: { page } } = desk;
  await openNew(desk);
  await choose(page, "Device profile", "SDM630");
  await page.getByLabel(/^Unit$/).fill("250");
  await page.getByText("Unit: Unit 250 is nobody's").waitFor();
  await sameDocument(page);
}

async function takesBackFaults(desk: Desk): Promise<void> {
  const { flow, came: { page } } = desk;
  const faults = page.locator(`#device-form .fault`);
  await openNew(desk);
  await choose(page, "Device profile", "SDM630");
  await page.getByLabel(/^Unit$/).fill("x");
  await page.getByLabel("Largest power").fill("much");
  await page.getByRole("button", { name: "Add device" }).click();
  await page.getByText("2 things to put right").waitFor();
  await page.locator("[data-kept][data-ready]").nth(1).waitFor({ state: "attached" });
  strictEqual(await faults.count(), 2);
  // What is still wrong stays, what is right now does not.
  await page.getByLabel(/^Unit$/).fill("1");
  await page.getByText("1 thing to put right").waitFor();
  strictEqual(await faults.count(), 1);
  strictEqual(await page.getByLabel(/^Unit$/).getAttribute("aria-invalid"), null);
  strictEqual(await page.getByLabel(/^Unit$/).getAttribute("aria-describedby"), null);
  strictEqual(await page.getByLabel("Largest power").getAttribute("aria-invalid"), "true");
  await page.getByLabel("Largest power").fill("100");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await flow.settle(page.getByText("18 of 18 plausible", { exact: true }).waitFor());
  strictEqual(await faults.count(), 0);
  strictEqual(await page.locator("[aria-invalid]").count(), 0);
  strictEqual(await page.getByText("to put right").count(), 0);
}

async function leavesTheEndpoint(desk: Desk): Promise<void> {
  const { flow, site, came: { page } } = desk;
  const connections = () => site.endpoints[0]?.connections() ?? 0;
  const unit = page.getByLabel(/^Unit$/);
  const begin = async (typed: string) => {
    await unit.fill(typed);
    await rung(page, /Connected to/).waitFor();
    strictEqual(connections(), 1);
  };
  await openNew(desk);
  await choose(page, "Device profile", "SDM630");
  await begin("77");
  await page.getByRole("button", { name: "Stop test" }).click();
  await until("a stopped test has left", () => connections() === 0);
  await begin("78");
  // Typing on ends the test of what is not meant any more.
  await unit.fill("7");
  await until("an older test has left", () => connections() === 0);
  await begin("79");
  const show = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await show(true);
  await until("nobody looks, nothing is asked", () => connections() === 0);
  await show(false);
  await rung(page, /Connected to/).waitFor();
  await page.goto("/sites");
  await until("whoever left has let go", () => connections() === 0);
  const left = await leftTests(() => listAudit(flow.opened.db, 20));
  strictEqual(left, 4, "each is written down as left");
}

/** How many tests are written down as left, once there are four. */
async function leftTests(
  read: () => Promise<readonly { readonly action: string; readonly after?: unknown }[]>,
): Promise<number> {
  let count = 0;
  await until("four tests are written down as left", async () => {
    const entries = await read();
    count = entries.filter((entry) => entry.action === "device-tested" && /left/.test(JSON.stringify(entry)))
      .length;
    return count >= 4;
  });
  return count;
}

async function canBeSwitchedOff(desk: Desk): Promise<void> {
  const { site, flow, came: { page } } = desk;
  await openNew(desk);
  match(await main(page), /Each test costs about 4 kB of the SIM/);
  await page.getByLabel("Test as I type").uncheck();
  const before = site.endpoints[0]?.requests();
  await choose(page, "Device profile", "SDM120");
  await page.getByLabel(/^Unit$/).fill("2");
  await page.waitForTimeout(1_500);
  strictEqual(site.endpoints[0]?.requests(), before);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await flow.settle(page.getByText(/plausible/).first().waitFor());
  await sameDocument(page);
  await openNew(desk);
  strictEqual(await page.getByLabel("Test as I type").isChecked(), false, "it is remembered");
  await page.getByLabel("Test as I type").check();
}

async function scansInPlace(desk: Desk): Promise<void> {
  const { flow, site, came: { page } } = desk;
  await openNew(desk);
  await page.locator("summary").filter({ hasText: "Scan units" }).click();
  await page.getByLabel("From unit").fill("9");
  await page.getByLabel("To unit").fill("1");
  await page.getByRole("button", { name: "Scan", exact: true }).click();
  await page.getByText("Unit 1 comes before unit 9").waitFor();
  await page.getByLabel("From unit").fill("1");
  await page.getByLabel("To unit").fill("30");
  await page.getByRole("button", { name: "Scan", exact: true }).click();
  // Units 1 and 2 answer at once; unit 3 is waited for, which costs time that does not pass here.
  await page.locator(".found-units li").nth(1).waitFor();
  match(
    await page.locator(".scan-live").innerText(),
    /2 of 30 units asked, 2 answered\..* so far, at most .* more/s,
  );
  deepStrictEqual(await seriousFindings(page, "light"), []);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await flow.settle(page.locator(".scan-live").getByText("stopped", { exact: true }).waitFor());
  await until("a stopped scan has left", () => site.endpoints[0]?.connections() === 0);
  await choose(page, "Device profile", "SDM120");
  await page.getByLabel("Add unit 1").first().click();
  strictEqual(await page.getByLabel(/^Unit$/).inputValue(), "1");
  await flow.settle(rung(page, /Unit 1 answers/).waitFor());
  await sameDocument(page);
}

async function withDesk(browser: Browser, body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    await withSites([SPEC], simulatorClock(flow.clock), async ([site]) => {
      if (!site) throw new Error("no site");
      const base = await draftWithUnit2(flow, site);
      const came = await signedIn(browser, { origin: flow.origin });
      await body({ flow, site, base, came });
      deepStrictEqual(came.complaints.filter((words) => !/422/.test(words)), []);
      await came.context.close();
    });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
}

Deno.test("a device is tested and looked for while it is typed, without loading the page again", async (t) => {
  const browser = await openBrowser();
  try {
    await withDesk(browser, async (desk) => {
      await t.step("a stopped scan shows what answered, and one click takes it", () => scansInPlace(desk));
      await t.step("whoever leaves, stops or types on frees the endpoint", () => leavesTheEndpoint(desk));
      await t.step("what cannot be is said beside the test", () => saysWhatIsWrong(desk));
      await t.step("a fault beside a field goes when it is put right", () => takesBackFaults(desk));
      await t.step("it can be switched off, and the button still tests", () => canBeSwitchedOff(desk));
      await t.step(
        "a wrong unit is told as silent beside a good one, the right one is green",
        () => testsAsTyped(desk),
      );
    });
  } finally {
    await browser.close();
  }
});
