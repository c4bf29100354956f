/**
 * The load chart in Chromium, under the policy that pages have: it takes over from the server's drawing, reads out
 * half-hours by keyboard, follows theme and new data.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import { chromium, type Page } from "playwright-core";
import { h } from "preact";
import { render } from "preact-render-to-string";
import LoadChart from "../../../../islands/LoadChart.tsx";
import { ChartPatterns } from "../../../../lib/ui/charts/ChartFigure.tsx";
import { sampleLoad } from "./sample.ts";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'";
const CSS_DIR = new URL("../../../../static/css/", import.meta.url);

async function styles(): Promise<string> {
  const entry = await Deno.readTextFile(new URL("wattpost.css", CSS_DIR));
  const names = [...entry.matchAll(/@import "(.*?)"/g)].map(([, name]) => name ?? "");
  const files = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, CSS_DIR))));
  return `@layer reset, base, layout, component;\n${files.join("\n")}`;
}

async function bundle(outDir: string): Promise<void> {
  const { code, stderr } = await new Deno.Command("deno", {
    args: [
      "bundle",
      "--platform=browser",
      "--code-splitting",
      "--minify",
      "--quiet",
      `--outdir=${outDir}`,
      new URL("load_chart_entry.tsx", import.meta.url).pathname,
    ],
  }).output();
  strictEqual(code, 0, new TextDecoder().decode(stderr));
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

function pageText(): string {
  const body = render(h("main", { class: "page" }, [
    h(ChartPatterns, {}),
    h("div", { id: "island" }, h(LoadChart, { id: "load", load: sampleLoad(7), phoneFrom: 240 })),
    h("button", { id: "arrive", type: "button" }, "arrive"),
  ]));
  return `<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Load</title>
<link rel="stylesheet" href="/wattpost.css"></head><body>${body}
<script type="module" src="/load_chart_entry.js"></script></body></html>`;
}

async function withPage(
  act: (page: Page, troubles: readonly string[], dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  await bundle(dir);
  const css = await styles();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
    async (request) => {
      const path = new URL(request.url).pathname;
      const headers = { "content-security-policy": POLICY };
      if (path === "/") {
        return new Response(pageText(), {
          headers: { ...headers, "content-type": "text/html" },
        });
      }
      if (path === "/wattpost.css") return new Response(css, { headers: { "content-type": "text/css" } });
      if (!path.endsWith(".js")) return new Response(null, { status: 204 });
      const script = await Deno.readTextFile(`${dir}${path}`);
      return new Response(script, { headers: { "content-type": "text/javascript" } });
    },
  );
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const troubles: string[] = [];
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await page.locator(".load-live[data-ready]").waitFor();
    await act(page, troubles, dir);
  } finally {
    await browser.close();
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  }
}

function isNear(seen: string, wanted: readonly number[], message: string): void {
  const channels = seen.split(" ").map(Number);
  ok(wanted.every((each, index) => Math.abs(each - (channels[index] ?? -9)) <= 2), `${message}: ${seen}`);
}

/** The colour of a pixel of the canvas, at a share of its width and pixels above the plot's floor. */
function pixelAt(page: Page, share: number, abovePx: number): Promise<string> {
  return page.evaluate(([share, abovePx]) => {
    const canvas = document.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return "none";
    const scale = canvas.width / canvas.clientWidth;
    const x = 40 + (canvas.clientWidth - 64) * (share ?? 0);
    return [...context.getImageData(x * scale, (344 - (abovePx ?? 0)) * scale, 1, 1).data].slice(0, 3).join(
      " ",
    );
  }, [share, abovePx]);
}

Deno.test({
  name: "LoadChart takes over from the server's drawing, reads out half-hours, follows theme, data and width",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPage(async (page, troubles, dir) => {
      ok(await page.locator(".load-still").isHidden());
      const light = await pixelAt(page, 0.01, 8);
      isNear(light, [5, 42, 17], "the server's load lies lowest, in its colour");

      const said = page.locator(".load-live [role=status]");
      await page.locator(".load-canvas").focus();
      await page.keyboard.press("ArrowLeft");
      await said.filter({ hasText: "Mon 23 10:00" }).waitFor();
      await page.keyboard.press("ArrowLeft");
      await said.filter({ hasText: "Mon 23 09:30" }).waitFor();
      match(await said.innerText(), /Mon 23 09:30: [\d.]+ kW\. Heating [\d.]+ kW, Lighting/);
      await page.keyboard.press("Home");
      await said.filter({ hasText: "Tue 17 00:00" }).waitFor();
      for (let day = 0; day < 6; day++) await page.keyboard.press("PageDown");
      for (let half = 0; half < 6; half++) await page.keyboard.press("ArrowRight");
      await said.filter({ hasText: "Mon 23 03:00: no data, router unreachable" }).waitFor();
      strictEqual(await page.locator(".load-uses button b").first().innerText(), "—", "missing is never 0");

      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Server/ }).click();
      strictEqual(await page.getByRole("button", { name: /^Server/ }).getAttribute("aria-pressed"), "false");
      isNear(await pixelAt(page, 0.01, 4), [101, 8, 99], "UPS lies lowest without the server");
      await page.getByRole("button", { name: /^Server/ }).click();

      await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
      await page.waitForFunction(() => document.querySelector("canvas") !== null);
      isNear(await pixelAt(page, 0.01, 8), [203, 240, 210], "dark has its own colours");

      await page.locator("#arrive").click();
      await page.locator(".load-uses p", { hasText: "10:30–11:00" }).waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      await page.waitForFunction(() => (document.querySelector("canvas")?.clientWidth ?? 999) < 360);
      ok(
        await page.evaluate(() => document.documentElement.scrollWidth <= 390),
        "nothing is wider than a phone",
      );
      strictEqual(await page.locator("[style]:not(canvas, .load-uses li)").count(), 0);
      strictEqual(troubles.join("\n"), "");

      let bytes = 0;
      for await (const file of Deno.readDir(dir)) {
        if (file.name.endsWith(".js")) bytes += await gzipped(await Deno.readFile(`${dir}/${file.name}`));
      }
      ok(bytes <= 85_000, `all scripts of the chart are ${bytes} bytes compressed`);
    }),
});
