/**
 * Where a router is: its fix on a graticule with a scale bar and its accuracy, and where the site was registered
 * when that is elsewhere. No tiles are fetched and no streets invented.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText } from "../format.ts";
import { distanceM, gridLines, metresAPixel, offsetM, type Place, scaleBarM } from "./map_scale.ts";
import { coordinate } from "./scale.ts";

const HEIGHT_PX = 168;
/** Widest place it is drawn in; lines beyond the edge are cut. */
const REACH_PX = 480;
/** Between which lines around the middle a degree fits into the narrowest place, 300 px. */
const LABELS_FROM_PX = -146;
const LABELS_TO_PX = 84;

/** What the map needs. */
export interface MapDotProps {
  /** The router's fix. */
  readonly place: Place;
  /** Radius in metres within which it surely is; `null` when the router does not say. */
  readonly accuracyM: number | null;
  /** Where the site was registered; absent when nowhere. */
  readonly registered?: Place | undefined;
  /** Metres around the registered place in which the router should be; absent: none is drawn. */
  readonly fenceM?: number | undefined;
}

/** Says where the fix is and how far from the registered place. */
export function placeText({ place, accuracyM, registered }: MapDotProps): string {
  const at = `${numberText(place.latitude, 5)}, ${numberText(place.longitude, 5)}`;
  const parts = [accuracyM === null ? `Fix at ${at}` : `Fix at ${at}, within ${metresText(accuracyM)}`];
  if (registered) {
    const away = distanceM(place, registered);
    parts.push(
      away <= Math.max(50, accuracyM ?? 0)
        ? "where it was registered"
        : `${metresText(away)} from where it was registered`,
    );
  }
  return parts.join(", ");
}

function metresText(metres: number): string {
  if (metres < 1000) return `${numberText(metres)} m`;
  return `${numberText(metres / 1000, metres < 10_000 ? 1 : 0)} km`;
}

/** The map: as wide as its place, 168 px high. */
export function MapDot(props: MapDotProps): JSX.Element {
  const { place, accuracyM, registered, fenceM } = props;
  const away = registered ? distanceM(place, registered) : 0;
  const metresPx = Math.max(metresAPixel(accuracyM ?? 20, 32), metresAPixel(Math.max(away, fenceM ?? 0), 56));
  const px = (metres: number) => coordinate(metres / metresPx);
  const other = registered && away > Math.max(50, accuracyM ?? 0) ? offsetM(place, registered) : undefined;
  const home = registered && fenceM !== undefined ? offsetM(place, registered) : undefined;
  const barM = scaleBarM(metresPx, 110);
  return (
    <div class="map-dot">
      <svg width="100%" height={HEIGHT_PX} role="img" aria-label={placeText(props)}>
        <rect class="ground" width="100%" height={HEIGHT_PX} />
        <Graticule place={place} metresPx={metresPx} />
        <svg class="end-labels" x="50%" y={HEIGHT_PX / 2} width="1" height="1">
          {accuracyM !== null && <circle class="reach" r={px(accuracyM)} />}
          {accuracyM !== null && <circle class="reach-edge" r={px(accuracyM)} />}
          {home && (
            <circle
              class="fence"
              data-state={away > (fenceM ?? 0) ? "warn" : undefined}
              cx={px(home.eastM)}
              cy={px(-home.northM)}
              r={px(fenceM ?? 0)}
            />
          )}
          {other && (
            <g>
              <path class="map-lead" d={`M0 0L${px(other.eastM)} ${px(-other.northM)}`} />
              <circle class="home" cx={px(other.eastM)} cy={px(-other.northM)} r="5" />
              <text class="say halo" x={px(other.eastM)} y={px(-other.northM) + 20} text-anchor="middle">
                registered
              </text>
            </g>
          )}
          <path class="pin" d="M0 0c-7-9-11-13-11-19a11 11 0 0 1 22 0c0 6-4 10-11 19z" />
          <circle class="pin-hole" cy="-19" r="4" />
        </svg>
        <svg class="end-labels" x="100%" y={HEIGHT_PX - 14} width="1" height="1">
          <path class="axis-line" d={`M${coordinate(-12 - barM / metresPx)} -5v5H-12v-5`} />
          <text class="halo" x="-12" y="-8" text-anchor="end">{metresText(barM)}</text>
        </svg>
      </svg>
    </div>
  );
}

function Graticule({ place, metresPx }: { readonly place: Place; readonly metresPx: number }): JSX.Element {
  const options = { metresPx, reachPx: REACH_PX };
  const text = (degree: number) => `${Math.abs(degree)}°`;
  const latitudes = gridLines(place, { ...options, reachPx: HEIGHT_PX / 2, along: "latitude" });
  return (
    <g>
      {latitudes.map(({ degree, px }) => (
        <line key={degree} class="mesh" x1="0" x2="100%" y1={HEIGHT_PX / 2 + px} y2={HEIGHT_PX / 2 + px} />
      ))}
      <svg class="end-labels" x="50%" width="1" height="1">
        {gridLines(place, { ...options, along: "longitude" }).map(({ degree, px }) => (
          <g key={degree}>
            <path class="mesh" d={`M${coordinate(px)} 0V${HEIGHT_PX}`} />
            {px >= LABELS_FROM_PX && px <= LABELS_TO_PX && (
              <text class="map-degree" x={coordinate(px + 4)} y="14">
                {text(degree)} {degree < 0 ? "W" : "E"}
              </text>
            )}
          </g>
        ))}
      </svg>
      {latitudes.filter(({ px }) => px > -HEIGHT_PX / 2 + 40 && px < HEIGHT_PX / 2).map(({ degree, px }) => (
        <text key={degree} class="map-degree halo" x="6" y={coordinate(HEIGHT_PX / 2 + px - 4)}>
          {text(degree)} {degree < 0 ? "S" : "N"}
        </text>
      ))}
    </g>
  );
}
