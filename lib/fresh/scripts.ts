/**
 * Writes the one inline script of a page: it imports the islands' chunks and starts them with their props.
 *
 * @module
 */

import { isValidElement } from "preact";
import type { RenderState } from "./render.ts";
import { type Replacer, serialize } from "./serialize.ts";

/** True for a signal of `@preact/signals`, whatever copy of the package made it. */
export function isSignal(value: unknown): value is { peek(): unknown } {
  return typeof value === "object" && value !== null && "peek" in value && typeof value.peek === "function" &&
    "value" in value;
}

/** A signal that follows others crosses as one that no longer changes. */
function isComputed(value: object): boolean {
  return isSignal(value) && ("x" in value && typeof value.x === "function" ||
    "_fn" in value && typeof value._fn === "function");
}

const REPLACERS: Readonly<Record<string, Replacer>> = {
  Computed: (value) => isComputed(value) && isSignal(value) ? { value: value.peek() } : undefined,
  Signal: (value) => isSignal(value) ? { value: value.peek() } : undefined,
  JSX: (value) => {
    if (!isValidElement(value)) return undefined;
    throw new Error("Cannot give an island JSX: give it data, and let it render that itself");
  },
};

/** Keeps text from ending the script element it stands in. */
function safeInScript(code: string): string {
  return code.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Reloads the page when the development server comes back as another process. */
const RELOAD = `let run; new EventSource("/_frsh/alive").onmessage = ({ data }) => {` +
  ` if (data !== (run ??= data)) location.reload(); };`;

/**
 * Writes the inline module for the islands met so far, with the modules that the browser may fetch at once;
 * it is empty where the page has none and `client.ts` has no code.
 */
export function bootScript(
  { build, islands, islandProps, assets }: RenderState,
): { readonly preload: readonly string[]; readonly script: string } {
  const { client, development } = build;
  const url = (path: string) => JSON.stringify(encodeURI(path));
  const lines: string[] = [];
  const preload = new Set<string>();
  if (client?.script) {
    lines.push(`import ${url(client.script)};`);
    preload.add(client.script);
  }
  if (client !== null && islands.size > 0) {
    lines.push(`import { boot } from ${url(client.runtime)};`);
    for (const path of [client.runtime, ...client.preload]) preload.add(path);
    for (const island of islands) {
      lines.push(`import { ${island.exportName} as ${island.name} } from ${url(island.chunk)};`);
      for (const path of [island.chunk, ...island.preload]) preload.add(path);
    }
    const props = JSON.stringify(serialize(islandProps, REPLACERS));
    const names = [...islands].map((island) => island.name).join(",");
    lines.push(`boot({${names}},${props},${JSON.stringify(assets)});`);
  }
  if (development) lines.push(RELOAD);
  return { preload: [...preload].map(encodeURI), script: safeInScript(lines.join("\n")) };
}
