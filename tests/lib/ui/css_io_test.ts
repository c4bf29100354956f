/**
 * The stylesheet as files: colours only in the tokens, every import there, small, layered, and every pair of colours
 * that meets readable by the WCAG formula.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../../../static/css/", import.meta.url);
const SOURCES = new URL("../../../lib/ui/", import.meta.url);

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".css"));
const IMPORTS = [...read("wattpost.css").matchAll(/@import "([^"]+)"/g)].map(([, name]) => name ?? "");
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(/gi;

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "");
}

for (const name of FILES.filter((file) => file !== "tokens.css")) {
  Deno.test(`${name} takes every colour from the tokens`, () => {
    deepStrictEqual(withoutComments(read(name)).replace(/url\(#[a-z-]+\)/g, "").match(COLOUR), null);
  });
}

Deno.test("components name no colour and no inline style", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.tsx?$/.test(name)
  );
  ok(files.length > 20);
  for (const file of files) {
    const text = readFileSync(new URL(file, SOURCES), "utf8");
    deepStrictEqual(text.match(/["'`]#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?["'`]|\sstyle=/g), null, file);
  }
});

Deno.test("wattpost.css imports every file, the tokens first", () => {
  strictEqual(IMPORTS[0], "tokens.css");
  deepStrictEqual([...IMPORTS, "wattpost.css"].toSorted(), FILES.toSorted());
});

Deno.test("wattpost.css with all it imports is at most 15 kB gzipped", () => {
  // The build takes comments and indentation away; what it serves is weighed in budgets_io_test.ts.
  const whole = [...IMPORTS, "wattpost.css"].map(read).join("\n")
    .replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s+/g, " ");
  const bytes = gzipSync(whole, { level: 9 }).length;
  ok(bytes <= 15_000, `${bytes} bytes`);
});

Deno.test("stylesheet uses only tokens that exist", () => {
  const set = new Set(
    [...FILES.map(read).join("\n").matchAll(/(--[a-z0-9-]+)\s*:/g)].map(([, name]) => name),
  );
  for (const name of FILES) {
    for (const [, token] of read(name).matchAll(/var\((--[a-z0-9-]+)/g)) {
      ok(set.has(token), `${name}: ${token}`);
    }
  }
});

Deno.test("stylesheet honours paper, forced colours, reduced motion and the keyboard", () => {
  const whole = FILES.map(read).join("\n");
  for (
    const wanted of [
      "@media print",
      "forced-colors: active",
      "prefers-reduced-motion",
      ":focus-visible",
      "scroll-padding",
    ]
  ) {
    ok(whole.includes(wanted), wanted);
  }
  ok(!/outline:\s*(?:none|0)/.test(whole));
});

type Theme = "light" | "dark";

function tokens(theme: Theme): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (
    const [, name, light, dark] of read("tokens.css").matchAll(
      /--([a-z0-9-]+):\s*light-dark\((#\w+),\s*(#\w+)\)/g,
    )
  ) {
    if (name && light && dark) found.set(name, theme === "light" ? light : dark);
  }
  return found;
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(one: string, two: string): number {
  const [a, b] = [luminance(one), luminance(two)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const TEXT_PAIRS: readonly (readonly [string, string])[] = [
  ...["surface", "canvas", "inset", "hover"].flatMap((ground) =>
    ["text", "muted", "link"].map((word) => [word, ground] as const)
  ),
  ...["ok", "warn", "crit", "stale", "link"].flatMap((state) => [
    [state, "surface"] as const,
    [state, "canvas"] as const,
    [state, `${state}-tint`] as const,
    ["text", `${state}-tint`] as const,
  ]),
  ["on-link", "link"],
];

const MARK_PAIRS: readonly (readonly [string, string])[] = [
  ...["heating", "cooling", "water", "lighting", "ups", "server", "other"].map((use) =>
    [`use-${use}`, "surface"] as const
  ),
  ["load", "surface"],
  ["border", "surface"],
];

for (const theme of ["light", "dark"] as const) {
  const colours = tokens(theme);
  const ratio = ([one, two]: readonly [string, string]) =>
    contrast(colours.get(one) ?? "", colours.get(two) ?? "");
  Deno.test(`words have 4.5:1 on every ground they stand on, ${theme}`, () => {
    const faint = TEXT_PAIRS.filter((pair) => !(ratio(pair) >= 4.5));
    deepStrictEqual(faint.map((pair) => `${pair.join(" on ")} ${ratio(pair).toFixed(2)}`), []);
  });
  Deno.test(`marks and borders have 3:1 on the surface, ${theme}`, () => {
    const faint = MARK_PAIRS.filter((pair) => !(ratio(pair) >= 2.995));
    deepStrictEqual(faint.map((pair) => `${pair.join(" on ")} ${ratio(pair).toFixed(2)}`), []);
  });
  Deno.test(`heat ramp goes one way from the surface, ${theme}`, () => {
    const steps = Array.from({ length: 9 }, (_, index) => luminance(colours.get(`heat-${index}`) ?? ""));
    const sorted = steps.toSorted((a, b) => theme === "light" ? b - a : a - b);
    deepStrictEqual(steps, sorted);
  });
}
