/**
 * What a machine can see of a page: serious findings of axe-core, and what is wider than the screen.
 *
 * @module
 */

import axe from "axe-core";
import type { Page } from "playwright-core";

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Makes the window as high as the page meanwhile: what happens to lie under the bar at the bottom is in view then. */
export async function allInView<T>(page: Page, body: () => Promise<T>): Promise<T> {
  const size = page.viewportSize();
  if (!size) throw new Error("A page has a size");
  const heightPx = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(heightPx, size.height) });
  try {
    return await body();
  } finally {
    await page.setViewportSize(size);
  }
}

/** Serious findings of axe-core; the dark theme has the same structure, so only its colours are looked at again. */
export async function seriousFindings(page: Page, theme: "light" | "dark"): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (light) => {
    const run = globalThis as unknown as {
      axe: { run: (options: unknown) => Promise<{ violations: Finding[] }> };
    };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await run.axe.run({ runOnly: light ? tags : ["color-contrast"] })).violations;
  }, theme === "light");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** What sticks out to the right, as tag and class; scrolled regions may. */
export function sticksOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`)
      .slice(0, 5);
  });
}
