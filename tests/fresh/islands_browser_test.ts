import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";
import { serveFixture } from "./served.ts";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a page and notes what it complains about and loads. */
async function open(browser: Browser, url: string) {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const loaded: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => loaded.push(request.url()));
  await page.addInitScript(() => {
    // Remembers the elements that the server sent, before any script of the page runs.
    document.addEventListener("readystatechange", () => {
      if (document.readyState !== "interactive") return;
      Object.assign(globalThis, { sent: document.querySelector("#one button") });
    });
  });
  await page.goto(url);
  return { page, complaints, loaded };
}

const count = (page: Page, id: string) => page.locator(`#${id} > button`).first().textContent();

Deno.test("islands come to life in Chromium", async (t) => {
  await using served = await serveFixture();
  const executablePath = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ARGS });
  try {
    const { page, complaints, loaded } = await open(browser, served.origin);

    await t.step("an island counts, on the very element that the server sent", async () => {
      strictEqual(await count(page, "one"), "3");
      await page.locator("#one > button").first().click();
      strictEqual(await count(page, "one"), "4");
      ok(
        await page.evaluate(() =>
          (globalThis as { sent?: unknown }).sent === document.querySelector("#one button")
        ),
      );
    });

    await t.step("a signal given to several islands stays one, also in islands inside islands", async () => {
      deepStrictEqual([await count(page, "two"), await count(page, "inner")], ["4", "4"]);
      await page.locator("#inner > button").click();
      deepStrictEqual([await count(page, "one"), await count(page, "two")], ["5", "5"]);
      strictEqual(await page.locator("#one em").textContent(), "given by the page");
    });

    await t.step("a Date, a Map of bigint and hostile text arrive as they were", async () => {
      await page.locator("#kinds > button").first().click();
      strictEqual(
        await page.locator("#kinds output").textContent(),
        "true 2026-11-25T00:00:00.000Z true </script><script>window.hacked = 1</script><!--",
      );
      strictEqual(await page.evaluate(() => "hacked" in globalThis), false);
    });

    await t.step("a lazy import loads its chunk only then", async () => {
      ok(!loaded.some((url) => url.includes("/lazy-")));
      await page.locator("#lazy").click();
      await page.getByText("came later").waitFor();
      ok(loaded.some((url) => url.includes("/lazy-")));
    });

    await t.step("an island that another has not shown yet comes alive when it does", async () => {
      await page.locator("#fold > button").click();
      strictEqual(await count(page, "folded"), "5");
      await page.locator("#folded > button").click();
      strictEqual(await count(page, "one"), "6");
    });

    await t.step("nothing violates the policy, and the page's own style and the sheet apply", async () => {
      deepStrictEqual(complaints, []);
      strictEqual(await page.title(), "Islands");
      const colour = (selector: string) =>
        page.locator(selector).first().evaluate((element) => getComputedStyle(element).color);
      strictEqual(await colour("h1"), "rgb(4, 5, 6)");
      strictEqual(await colour(".counter"), "rgb(1, 2, 3)");
    });

    await t.step("a page without islands asks for no script", async () => {
      const plain = await open(browser, `${served.origin}/plain`);
      deepStrictEqual(plain.complaints, []);
      deepStrictEqual(plain.loaded.filter((url) => url.endsWith(".js")), []);
    });
  } finally {
    await browser.close();
  }
});
