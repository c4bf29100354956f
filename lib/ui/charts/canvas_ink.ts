/**
 * Colours and type of a canvas, read from the page's custom properties, so that it follows the theme.
 *
 * @module
 */

import type { EndUse } from "../../domain/end_use.ts";

const NAMES = ["surface", "text", "muted", "line", "line-soft", "border", "hours", "hatch"] as const;

/** What a canvas draws with. */
export interface Ink {
  /** A colour by the name of its token. */
  readonly of: (name: typeof NAMES[number] | `use-${EndUse}`) => string;
  /** The page's font at 13 px. */
  readonly font: string;
  /** The same, for what is said in ink. */
  readonly fontStrong: string;
}

/** Reads the colours as they are now inside an element. */
export function inkOf(host: HTMLElement): Ink {
  const probe = document.createElement("span");
  host.append(probe);
  const seen = new Map<string, string>();
  const family = getComputedStyle(host).fontFamily;
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const uses = ["server", "ups", "other", "water", "lighting", "cooling", "heating"];
  for (const name of [...NAMES, ...uses.map((use) => `use-${use}`)]) seen.set(name, read(name));
  probe.remove();
  return {
    of: (name) => seen.get(name) ?? "CanvasText",
    font: `400 13px ${family}`,
    fontStrong: `500 13px ${family}`,
  };
}
