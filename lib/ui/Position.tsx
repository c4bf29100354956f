/**
 * Where a router stands, drawn without a map service: a grid of whole metres around the place where it was
 * registered, the fix on it, and the fix's reach. No tile is fetched, so no one learns where our sites are.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText, positionText } from "./format.ts";

/** A place on earth. */
export interface Place {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

/** What the drawing needs. */
export interface PositionProps {
  /** Where the router says it is. */
  readonly fix: Place;
  /** Where it was registered; `null`: not given. */
  readonly registered: Place | null;
  /** Radius in metres within which the router says it is; `null`: it does not say. */
  readonly accuracyM: number | null;
}

const WIDTH = 320;
const HEIGHT = 148;
const METRES_A_DEGREE = 111_320;
const STEPS_M = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000, 1_000_000] as const;

/** How far apart two places are, in metres east and north; good to a percent within 100 km. */
export function offsetM(from: Place, to: Place): { readonly eastM: number; readonly northM: number } {
  const northM = (to.latitude - from.latitude) * METRES_A_DEGREE;
  const eastM = (to.longitude - from.longitude) * METRES_A_DEGREE * Math.cos((from.latitude * Math.PI) / 180);
  return { eastM, northM };
}

/** Distance in words, such as `40 m` or `3.2 km`. */
export function distanceText(metres: number): string {
  if (metres < 1_000) return `${numberText(Math.round(metres / 10) * 10)} m`;
  return `${numberText(metres / 1_000, metres < 100_000 ? 1 : 0)} km`;
}

/** What the fix means against the place of registration; `null` where there is nothing to compare. */
export function positionSentence({ fix, registered }: Omit<PositionProps, "accuracyM">): string | null {
  if (registered === null) return null;
  const { eastM, northM } = offsetM(registered, fix);
  const metres = Math.hypot(eastM, northM);
  return metres <= 150 ? "Where it was registered." : `${distanceText(metres)} from where it was registered.`;
}

/** A grid, the fix, and where it should be. */
export function Position({ fix, registered, accuracyM }: PositionProps): JSX.Element {
  const away = registered === null ? { eastM: 0, northM: 0 } : offsetM(fix, registered);
  const reachM = Math.max(Math.abs(away.eastM) / 110, Math.abs(away.northM) / 50, 1) * 40;
  const stepM = STEPS_M.find((step) => step >= reachM) ?? STEPS_M[STEPS_M.length - 1] ?? 1;
  const home = { x: WIDTH / 2 + (away.eastM / stepM) * 40, y: HEIGHT / 2 - (away.northM / stepM) * 40 };
  const reach = accuracyM === null ? null : Math.min(64, Math.max(14, (accuracyM / stepM) * 40));
  const said = `Position ${positionText(fix.latitude, fix.longitude)}`;
  return (
    <div class="minimap">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        <path class="ground" d={`M0 0h${WIDTH}v${HEIGHT}H0z`} />
        <path
          class="mesh"
          d="M0 34H320M0 114H320M40 0V148M80 0V148M120 0V148M200 0V148M240 0V148M280 0V148"
        />
        <path class="mesh-main" d="M0 74H320M160 0V148" />
        {registered !== null && (
          <path class="home" d={`M${round(home.x - 6)} ${round(home.y + 6)}v-7l6-5 6 5v7z`} />
        )}
        {reach !== null && <circle class="reach" cx={WIDTH / 2} cy={HEIGHT / 2} r={reach} />}
        {reach !== null && <circle class="reach-edge" cx={WIDTH / 2} cy={HEIGHT / 2} r={reach} />}
        <path class="pin" d="M160 76c5.5-6.5 8-10.2 8-14a8 8 0 0 0-16 0c0 3.8 2.5 7.5 8 14z" />
        <circle class="pin-hole" cx="160" cy="62" r="2.8" />
        <path class="axis-line" d="M268 134v4h40v-4" />
        <text x="288" y="130" text-anchor="middle">{distanceText(stepM)}</text>
      </svg>
    </div>
  );
}

function round(value: number): string {
  return value.toFixed(1);
}
