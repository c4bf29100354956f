/**
 * What a phone on 2G has to load: the built scripts and the stylesheet, gzipped, against the budgets.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Builder } from "fresh/dev";
import { render } from "preact-render-to-string";
import type { State } from "../../../lib/web/state.ts";
import { documentOf } from "../../gallery/frame.tsx";
import { pageSpecimens } from "../../gallery/pages.tsx";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Bytes that cross the network. */
function gzipped(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
}

/** The scripts that a page loads at once for its islands, and those they import. */
function scriptsOf(folder: string, islands: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(folder, name), "utf8");
    for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) if (other) add(other);
  };
  for (const name of readdirSync(folder)) {
    if (name === "runtime.js" || islands.some((island) => name === `island-${island}.js`)) add(name);
  }
  return [...found].map((name) => join(folder, name));
}

/** What scripts load only when it is needed. */
function lazyOf(folder: string, scripts: readonly string[]): readonly string[] {
  return scripts.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/import\("\.\/([\w.-]+\.js)"\)/g)].map(([, name = ""]) =>
      join(folder, name)
    )
  );
}

Deno.test("the build keeps to the budgets of pages with and without charts", async (test) => {
  const outDir = await mkdtemp(join(tmpdir(), "wattpost-budget-"));
  try {
    await new Builder<State>({ root: ROOT, outDir }).build({ mode: "production", snapshot: "disk" });
    const files = readdirSync(join(outDir, "static"), { recursive: true, encoding: "utf8" });
    const runtime = files.find((name) => basename(name) === "runtime.js") ?? "";
    const folder = join(outDir, "static", runtime, "..");
    const sheet = files.find((name) => /^wattpost-\w+\.css$/.test(basename(name))) ?? "";
    const css = gzipped([join(outDir, "static", sheet)]);
    const base = gzipped(scriptsOf(folder, ["Live"]));
    await test.step("every page loads at most 25 kB of script", () => {
      ok(base > 1_000 && base <= 25_000, `${base} bytes`);
    });
    await test.step("the page to sign in loads at most 25 kB of script, what shows a passkey included", () => {
      const own = scriptsOf(folder, ["PasskeySignIn"]);
      const lazy = lazyOf(folder, own);
      const bytes = gzipped([...new Set([...own, ...lazy])]);
      ok(lazy.length === 1 && bytes > 1_000 && bytes <= 25_000, `${bytes} bytes, ${lazy.length} lazy`);
    });
    await test.step("a page with a chart loads at most 95 kB of script, the lazy chunk included", () => {
      const own = scriptsOf(folder, ["Live", "LiveLoad", "LoadChart"]);
      const bytes = gzipped([...new Set([...own, ...lazyOf(folder, own)])]);
      ok(bytes > base && bytes <= 95_000, `${bytes} bytes`);
    });
    await test.step("the editor of a register map loads at most 30 kB of script", () => {
      const bytes = gzipped(scriptsOf(folder, ["Live", "RegisterEditor"]));
      ok(bytes > base && bytes <= 30_000, `${bytes} bytes`);
    });
    await test.step("the stylesheet is at most 15 kB", () =>
      ok(css > 1_000 && css <= 15_000, `${css} bytes`));
    for (const specimen of pageSpecimens().filter(({ name }) => /^(?:sign-in|today|sites)$/.test(name))) {
      await test.step(`the first view of ${specimen.name} is at most 50 kB`, () => {
        const html = gzipSync(render(documentOf(specimen, "light")), { level: 9 }).length;
        ok(html + css + base <= 50_000, `${html} + ${css} + ${base} bytes`);
      });
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
});
