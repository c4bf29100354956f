/**
 * Icons and the mark of the product, inline, in the colour of the words beside them.
 *
 * @module
 */

import type { JSX } from "preact";
import { type Drawing, DRAWINGS, type IconName } from "./drawings.ts";

/** What an icon needs. */
export interface IconProps {
  /** Which one. */
  readonly name: IconName;
  /** Said to those who do not see it; absent where words beside it say the same. */
  readonly label?: string | undefined;
}

/** One icon of 16 px in the current colour. */
export function Icon({ name, label }: IconProps): JSX.Element {
  const drawing: Drawing = DRAWINGS[name];
  return (
    <svg class="icon" viewBox="0 0 20 20" {...spoken(label)}>
      {drawing.fill && <path fill="currentColor" fill-rule="evenodd" d={drawing.fill} />}
      {drawing.line && <Stroke d={drawing.line} />}
      {drawing.dots && <Stroke d={drawing.dots} dashes="0.1 3.3" />}
    </svg>
  );
}

function Stroke({ d, dashes }: { readonly d: string; readonly dashes?: string }): JSX.Element {
  return (
    <path
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      stroke-dasharray={dashes}
      d={d}
    />
  );
}

/** Four bars of a radio signal, of which some are lit. */
export function SignalIcon(
  { bars, label }: { readonly bars: 0 | 1 | 2 | 3 | 4; readonly label?: string | undefined },
): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" fill="currentColor" {...spoken(label)}>
      {[1, 2, 3, 4].map((bar) => (
        <path
          key={bar}
          class={bar <= bars ? undefined : "signal-off"}
          d={`M${4.4 * bar - 2.6} ${17 - 3.4 * bar}h3.2v${3.4 * bar}h-3.2z`}
        />
      ))}
    </svg>
  );
}

/** The mark: four half-hours, one of them in ink. */
export function Mark(): JSX.Element {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path class="load" d="M1 12.5h3.2V18H1zM5.9 7.5h3.2V18H5.9zM15.7 9.5H19V18h-3.3z" />
      <path class="bar-tall" d="M10.8 2H14v16h-3.2z" />
    </svg>
  );
}

function spoken(label: string | undefined) {
  return label === undefined
    ? { "aria-hidden": "true" as const, focusable: "false" as const }
    : { role: "img" as const, "aria-label": label };
}
