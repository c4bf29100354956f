/**
 * Writes the one inline script of a page: it imports the islands' chunks and starts them with their props.
 *
 * @module
 */

import { isValidElement } from "preact";
import type { RenderState } from "./render_state.ts";
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

function replacers(slotType: unknown): Record<string, Replacer> {
  return {
    Computed: (value) => isComputed(value) && isSignal(value) ? { value: value.peek() } : undefined,
    Signal: (value) => isSignal(value) ? { value: value.peek() } : undefined,
    Slot: (value) => {
      if (!isValidElement(value)) return undefined;
      if (value.type === slotType) return { value: (value.props as unknown as { slot: number }).slot };
      throw new Error("Cannot give an island JSX inside a list or object: make it a prop of its own");
    },
  };
}

/** What a page needs to start its islands; an empty script where it has none and `client.ts` has no code. */
export interface BootScript {
  /** Modules that the browser may fetch at once. */
  readonly preload: readonly string[];
  /** The inline module. */
  readonly script: string;
}

/** Keeps text from ending the script element it stands in. */
function safeInScript(code: string): string {
  return code.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Writes the script for the islands met so far. */
export function bootScript(state: RenderState, slotType: unknown): BootScript {
  const { client } = state.build;
  const url = (path: string) => JSON.stringify(encodeURI(state.basePath + path));
  const lines: string[] = [];
  const preload = new Set<string>();
  const islands = [...state.islands];
  if (client?.script) {
    lines.push(`import ${url(client.script)};`);
    preload.add(client.script);
  }
  if (client !== null && islands.length > 0) {
    lines.push(`import { boot } from ${url(client.runtime)};`);
    for (const path of [client.runtime, ...client.preload]) preload.add(path);
    for (const island of islands) {
      lines.push(`import { ${island.exportName} as ${island.name} } from ${url(island.chunk)};`);
      for (const path of [island.chunk, ...island.preload]) preload.add(path);
    }
    const props = JSON.stringify(serialize(state.islandProps, replacers(slotType)));
    const names = islands.map((island) => island.name).join(",");
    lines.push(`boot({${names}},${props},${JSON.stringify(state.assets)});`);
  }
  if (state.development) lines.push(reloadScript(`${state.basePath}/_frsh/alive`));
  return {
    preload: [...preload].map((path) => encodeURI(state.basePath + path)),
    script: safeInScript(lines.join("\n")),
  };
}

/** Reloads the page when the development server comes back as another process. */
function reloadScript(path: string): string {
  return `let run; new EventSource(${JSON.stringify(path)}).onmessage = ({ data }) => {` +
    ` if (data !== (run ??= data)) location.reload(); };`;
}
