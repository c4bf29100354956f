/**
 * Where on the earth a pair of degrees is, drawn on a graticule with the continents hinted at: enough to see a
 * lost minus or latitude and longitude swapped. The band of the time zone shows when place and zone do not belong together.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Place } from "../../charts/map_scale.ts";
import { coordinate } from "../../charts/scale.ts";
import { numberText } from "../../format.ts";
import { LAND_PATH } from "./land.ts";

/** What the map needs. */
export interface PlaceMapProps {
  /** The position; `null`: none that can be drawn. */
  readonly place: Place | null;
  /** Minutes that the zone is ahead of UTC in its standard time; `null`: not known. */
  readonly zoneOffsetMin: number | null;
}

const HEIGHT_PX = 240;
const MERIDIANS = [-150, -120, -90, -60, -30, 0, 30, 60, 90, 120, 150] as const;
const PARALLELS = [60, 30, 0, -30, -60] as const;
const MINUTES_A_DEGREE = 4;
const BAND_DEGREES = 15;

/** A place in words, such as `54.97480° N, 2.01850° W`. */
export function degreesText({ latitude, longitude }: Place): string {
  const side = (degrees: number, positive: string, negative: string) =>
    `${numberText(Math.abs(degrees), 5)}° ${degrees < 0 ? negative : positive}`;
  return `${side(latitude, "N", "S")}, ${side(longitude, "E", "W")}`;
}

/** The map: as wide as its place, 240 px high, with the position in words below it. */
export function PlaceMap({ place, zoneOffsetMin }: PlaceMapProps): JSX.Element {
  return (
    <figure class="place-map">
      <div class="map-dot">
        <svg width="100%" height={HEIGHT_PX} aria-hidden="true" focusable="false">
          <rect class="ground" width="100%" height={HEIGHT_PX} />
          <svg
            width="100%"
            height={HEIGHT_PX}
            viewBox="-180 -90 360 180"
            preserveAspectRatio="none"
          >
            <path class="land" d={LAND_PATH} />
          </svg>
          {zoneOffsetMin !== null && <ZoneBand offsetMin={zoneOffsetMin} />}
          <Lines />
          {place && <Pin place={place} />}
        </svg>
      </div>
      <figcaption>{captionOf(place, zoneOffsetMin)}</figcaption>
    </figure>
  );
}

function captionOf(place: Place | null, zoneOffsetMin: number | null): string {
  const band = zoneOffsetMin === null ? "" : " The tinted band is where the sun keeps the time of the zone.";
  if (place === null) return `No position yet: north and east are positive.${band}`;
  return `${degreesText(place)}.${band}`;
}

function ZoneBand({ offsetMin }: { readonly offsetMin: number }): JSX.Element {
  const middle = offsetMin / MINUTES_A_DEGREE;
  const lefts = [middle - 360, middle, middle + 360].map((degrees) => degrees - BAND_DEGREES / 2);
  return (
    <g>
      {lefts.filter((left) => left < 180 && left + BAND_DEGREES > -180).map((left) => {
        const from = Math.max(-180, left);
        const to = Math.min(180, left + BAND_DEGREES);
        return (
          <rect
            key={left}
            class="zone-band"
            x={atLongitude(from)}
            width={`${coordinate((to - from) / 3.6)}%`}
            height={HEIGHT_PX}
          />
        );
      })}
    </g>
  );
}

function Lines(): JSX.Element {
  return (
    <g>
      {MERIDIANS.map((degrees) => (
        <line
          key={degrees}
          class={degrees === 0 ? "mesh-main" : "mesh"}
          x1={atLongitude(degrees)}
          x2={atLongitude(degrees)}
          y2={HEIGHT_PX}
        />
      ))}
      {PARALLELS.map((degrees) => (
        <line
          key={degrees}
          class={degrees === 0 ? "mesh-main" : "mesh"}
          x2="100%"
          y1={atLatitude(degrees)}
          y2={atLatitude(degrees)}
        />
      ))}
      {MERIDIANS.filter((degrees) => degrees % 90 === 0).map((degrees) => (
        <svg key={degrees} class="end-labels" x={atLongitude(degrees)} width="1" height="1">
          <text class="map-degree halo" x="4" y="14">{sideText(degrees, "E", "W")}</text>
        </svg>
      ))}
      {PARALLELS.filter((degrees) => degrees !== 0).map((degrees) => (
        <text key={degrees} class="map-degree halo" x="6" y={atLatitude(degrees) - 4}>
          {sideText(degrees, "N", "S")}
        </text>
      ))}
    </g>
  );
}

function Pin({ place }: { readonly place: Place }): JSX.Element {
  return (
    <svg
      class="end-labels"
      x={atLongitude(place.longitude)}
      y={atLatitude(place.latitude)}
      width="1"
      height="1"
    >
      <path class="pin" d="M0 0c-5-7-8-10-8-14a8 8 0 0 1 16 0c0 4-3 7-8 14z" />
      <circle class="pin-hole" cy="-14" r="3" />
    </svg>
  );
}

function sideText(degrees: number, positive: string, negative: string): string {
  return degrees === 0 ? "0°" : `${Math.abs(degrees)}° ${degrees < 0 ? negative : positive}`;
}

function atLongitude(degrees: number): string {
  return `${coordinate((degrees + 180) / 3.6)}%`;
}

function atLatitude(degrees: number): number {
  return Math.round((90 - degrees) / 180 * HEIGHT_PX);
}
