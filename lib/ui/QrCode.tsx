/**
 * A picture that a phone scans (QR code, ISO/IEC 18004). Dark on light in both themes: many cameras read it no other
 * way. The only file that uses the library.
 *
 * @module
 */

import type { JSX } from "preact";
import { encode } from "uqr";

/** Light squares around it that the standard asks for. */
const QUIET = 4;

/** What the picture needs. */
export interface QrCodeProps {
  /** What is read from it. */
  readonly text: string;
  /** What it is, for those who do not see it. */
  readonly label: string;
}

/** The picture, as wide as it has room. */
export function QrCode({ text, label }: QrCodeProps): JSX.Element {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const path = data.flatMap((row, y) =>
    runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`)
  )
    .join("");
  return (
    <svg class="qr-code" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <path d={path} />
    </svg>
  );
}

/** Where dark squares begin and how many follow, in one row. */
function runsOf(row: readonly boolean[]): readonly (readonly [number, number])[] {
  return row.flatMap((dark, x) => {
    if (!dark || row[x - 1]) return [];
    const end = row.indexOf(false, x);
    return [[x, (end < 0 ? row.length : end) - x] as const];
  });
}
