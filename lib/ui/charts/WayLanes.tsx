/**
 * Over which path a site answered: a lane for each kind of path, filled where it was in use, and hatch over all lanes
 * where nobody answered. Server-drawn; runs of half-hours are one rectangle each.
 *
 * @module
 */

import type { JSX } from "preact";
import { wayOf } from "../../domain/link.ts";
import type { PathKind } from "../../domain/site.ts";
import { dayLabels, timeLabels } from "./time_labels.ts";
import { fitLabels } from "./labels.ts";
import { Band, type Frame, Labels, Plot, Upright } from "./Plot.tsx";
import type { DayMark } from "./types.ts";

const LANE_PX = 34;
const BAR_PX = 12;
const LOST_PX = { n: 8, m: 8, w: 8 };

/** A lane. */
export interface WayLane {
  /** Which kind of path. */
  readonly kind: PathKind;
  /** Its name: `Cellular, main path`. */
  readonly name: string;
}

/** What the drawing needs. */
export interface WayLanesProps {
  /** Half-hours of a lane each, the main path first. */
  readonly lanes: readonly WayLane[];
  /** A letter of lib/domain/link.ts for each half-hour. */
  readonly ways: string;
  /** Local time at which each starts. */
  readonly labels: readonly string[];
  /** The days they lie in. */
  readonly days: readonly DayMark[];
  /** The same in a sentence. */
  readonly sentence: string;
}

/** A run of half-hours that look the same. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly letter: string;
}

/** The lanes. */
export function WayLanes({ lanes, ways, labels, days, sentence }: WayLanesProps): JSX.Element {
  const columns = Math.max(1, ways.length);
  const heightPx = lanes.length * LANE_PX;
  const frame: Frame = { topPx: 0, heightPx, bottomPx: 24 };
  const runs = runsOf(ways);
  const cells = labels.map((label) => ({ label }));
  const times = days.length > 3 ? dayLabels(days, columns) : timeLabels({ cells, days }, 6);
  const place = ({ letter }: Run) => lanes.findIndex(({ kind }) => wayOf(letter)?.kind === kind);
  return (
    <Plot label={sentence} frame={frame} class="way-plot">
      {days.filter(({ from }) => from > 0).map(({ from }) => (
        <Upright key={from} class="midnight-line" at={from} columns={columns} from={0} to={heightPx} />
      ))}
      {lanes.map(({ kind, name }, index) => (
        <g key={kind}>
          <rect class="way-track" width="100%" y={index * LANE_PX + 17} height={BAR_PX} />
          <text class="say halo" x="0" y={index * LANE_PX + 12}>{name}</text>
        </g>
      ))}
      {runs.filter((run) => place(run) >= 0).map((run) => (
        <Band
          key={run.from}
          class={wayOf(run.letter)?.main ? "way-main" : "way-backup"}
          run={run}
          columns={columns}
          y={place(run) * LANE_PX + 17}
          heightPx={BAR_PX}
        />
      ))}
      {runs.flatMap((run) => coverOf(run, { lanes: lanes.length, columns }))}
      <Labels
        labels={fitLabels(times, { align: "start", lostPx: LOST_PX })}
        y={heightPx + 18}
        dx={2}
        strong={({ text }) => text.includes(" ")}
      />
    </Plot>
  );
}

/** What lies over all lanes: hatch where nobody answered, a pale bar where it is not known who did. */
function coverOf(run: Run, { lanes, columns }: { readonly lanes: number; readonly columns: number }) {
  const hatched = run.letter === "-";
  if (!hatched && run.letter !== "?" && run.letter !== "a") return [];
  return Array.from({ length: lanes }, (_, index) => (
    <Band
      key={`${run.from} ${index}`}
      class={hatched ? "hatch" : "way-unknown"}
      run={run}
      columns={columns}
      y={index * LANE_PX + 17}
      heightPx={BAR_PX}
      title={hatched ? "Nobody answered" : "The path is not known"}
    />
  ));
}

function runsOf(ways: string): readonly Run[] {
  const runs: Run[] = [];
  [...ways].forEach((letter, index) => {
    const last = runs.at(-1);
    if (last?.letter === letter) runs[runs.length - 1] = { ...last, to: index + 1 };
    else runs.push({ from: index, to: index + 1, letter });
  });
  return runs;
}
