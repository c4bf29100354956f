/**
 * The two patterns that charts and legends fill with: hatch for missing, dots for estimated. Once a page.
 *
 * @module
 */

import type { JSX } from "preact";

/** Patterns `#hatch` and `#dots`, out of sight. */
export function ChartPatterns(): JSX.Element {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="track" d="M0 0h6v6H0z" />
          <path class="hatch-line" stroke-width="2.5" d="M0 0v6" />
        </pattern>
        <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">
          <circle class="estimated-dot" cx="1" cy="1" r="0.95" />
          <circle class="estimated-dot" cx="3" cy="3" r="0.95" />
        </pattern>
      </defs>
    </svg>
  );
}
