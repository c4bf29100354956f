import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { NGINX_PAGES, pageHtml, pagePolicy } from "../../../../ops/lib/host/nginx_pages.ts";
import { LOOKS, openBrowser, openLook } from "../../../gallery/gallery.ts";
import { seriousFindings, sticksOut } from "../../../gallery/look_over.ts";

Deno.test("pages of nginx are whole under their own policy, on phone and desk, in light and dark", async (t) => {
  const byPath = new Map(NGINX_PAGES.map((page) => [`/${page.name}`, page]));
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, ({ url }) => {
    const page = byPath.get(new URL(url).pathname);
    if (!page) return new Response(null, { status: 204 });
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": pagePolicy() };
    return new Response(pageHtml(page), { status: page.status, headers });
  });
  const browser = await openBrowser();
  try {
    for (const look of LOOKS) {
      const page = await openLook(browser, look);
      const complaints: string[] = [];
      // The status itself is said on the console too.
      page.on("console", (said) => {
        if (!said.text().startsWith("Failed to load resource: the server responded")) {
          complaints.push(said.text());
        }
      });
      for (const [path, { name, title }] of byPath) {
        await t.step(`${name}, ${look.widthPx} px, ${look.theme}`, async () => {
          await page.goto(`http://127.0.0.1:${server.addr.port}${path}`);
          strictEqual(await page.locator("h1").innerText(), title);
          const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          notStrictEqual(ground, "rgba(0, 0, 0, 0)", "the style is allowed");
          deepStrictEqual(await sticksOut(page), []);
          deepStrictEqual(complaints, []);
        });
      }
      await page.close();
      // axe-core brings a style of its own, which the policy refuses: it looks without one.
      const bare = await openLook(browser, look);
      for (const one of NGINX_PAGES) {
        await bare.setContent(pageHtml(one));
        deepStrictEqual(await seriousFindings(bare, look.theme), []);
      }
      await bare.close();
    }
  } finally {
    await browser.close();
    await server.shutdown();
  }
});
