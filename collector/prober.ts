/**
 * Tests devices before they are registered: on the same queues as the half-hourly visits, by the same rules of
 * dialling, within limits, and without storing anything.
 *
 * @module
 */
import {
  PROBE_MS,
  PROBE_TURN_MS,
  type ProbePlace,
  type Prober,
  type ProbeTarget,
  type ProbeWindow,
  SCAN_MS,
  type WindowRead,
} from "../lib/domain/probe.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { reasonOf } from "./read_error.ts";
import { openSession, runProbe } from "./probe_run.ts";
import type { CollectorTools } from "./tools.ts";
import { scanEndpoint } from "./unit_scan.ts";
import { queueKeyOf, startDeadline } from "./visit.ts";

type ProberTools = Pick<
  CollectorTools,
  "clock" | "findProfile" | "loadProfiles" | "rules" | "queues" | "draining"
>;

/** Most registers of a request (Modbus Application Protocol V1.1b3, 6.3). */
const COUNT_MAX = 125;

/** Registers of a device. */
const ADDRESSES = 65_536;

/** Tests and single reads at once in the process; visits have places of their own. */
const AT_ONCE_MAX = 16;

/** Makes the prober of a collector. */
export function createProber(tools: ProberTools): Prober {
  let running = 0;
  const atOnce = async <T>(work: () => Promise<Result<T, "busy">>): Promise<Result<T, "busy">> => {
    if (running >= AT_ONCE_MAX) return err("busy");
    running++;
    try {
      return await work();
    } finally {
      running--;
    }
  };
  return {
    probe: (target, signal, { onStep } = {}) =>
      atOnce(() =>
        inTurn(
          tools,
          { place: target, signal },
          async (until) => {
            const findProfile = await tools.loadProfiles?.([target.profileId]) ?? tools.findProfile;
            return await runProbe({ ...tools, findProfile, ...(onStep && { onStep }) }, target, until);
          },
        )
      ),
    async readWindow(target, window, signal) {
      checkWindow(window);
      const read = await atOnce(() =>
        inTurn(
          tools,
          { place: target, signal },
          (until) => readWindow(tools, { target, window, signal: until }),
        )
      );
      return read.ok ? read.value : read;
    },
    async scan(place, range, { onUnit, signal }) {
      const { clock, queues, draining } = tools;
      const told = AbortSignal.any([signal, draining]);
      const deadline = startDeadline(clock, { deadlineMs: SCAN_MS, signal: told });
      const firstTurn = startDeadline(clock, { deadlineMs: PROBE_TURN_MS });
      const sinceMs = clock.monotonicMs();
      const key = queueKeyOf(place, place.endpoint);
      try {
        const work = { place, range, onUnit, key, firstTurn: firstTurn.signal, signal: deadline.signal };
        const { state, ...seen } = await scanEndpoint({ ...tools, queues }, work);
        const tookMs = Math.round(clock.monotonicMs() - sinceMs);
        const cut = told.aborted ? "stopped" as const : "late" as const;
        return { ...seen, state: state === "cut" ? cut : state, tookMs };
      } finally {
        firstTurn.release();
        deadline.release();
      }
    },
  };
}

/** Does work when it is its turn at the endpoint; `busy`: the turn does not come soon. */
async function inTurn<T>(
  { clock, queues, draining }: ProberTools,
  { place, signal }: { readonly place: ProbePlace; readonly signal: AbortSignal },
  work: (until: AbortSignal) => Promise<T>,
): Promise<Result<T, "busy">> {
  const deadline = startDeadline(clock, {
    deadlineMs: PROBE_MS,
    signal: AbortSignal.any([signal, draining]),
  });
  const turn = startDeadline(clock, { deadlineMs: PROBE_TURN_MS, signal: deadline.signal });
  try {
    const key = queueKeyOf(place, place.endpoint);
    const done = await queues.run({ key, signal: turn.signal }, async () => {
      turn.release();
      return await work(deadline.signal);
    });
    return done.ok ? done : err("busy");
  } finally {
    turn.release();
    deadline.release();
  }
}

/** Asks over one path after the other until something answers; the main path's reason speaks for all. */
async function readWindow(
  tools: ProberTools,
  { target, window, signal }: {
    readonly target: ProbePlace & Pick<ProbeTarget, "unitId">;
    readonly window: ProbeWindow;
    readonly signal: AbortSignal;
  },
): Promise<Result<WindowRead, ReadingReason>> {
  const { unitId, endpoint: { pauseMs } } = target;
  let bytes = 0;
  let first: ReadingReason | null = null;
  for (const path of target.paths) {
    const session = openSession(tools, { ...target, paths: [path] }, signal);
    const read = await session.ask({ unitId, pauseMs, ...window });
    const { attempts, answered } = session.end();
    bytes += attempts.reduce((sum, attempt) => sum + attempt.bytes, 0);
    if (read.ok) {
      return ok({ words: read.value.words, tookMs: Math.round(read.value.tookMs), bytes });
    }
    if (answered) return err(reasonOf(read.error));
    first ??= reasonOf(read.error);
    if (signal.aborted) break;
  }
  return err(first ?? "no-route");
}

/** What a form lets through that no register has is a bug of the form. */
function checkWindow({ address, count }: ProbeWindow): void {
  const fits = Number.isInteger(address) && Number.isInteger(count) && address >= 0 && count >= 1 &&
    count <= COUNT_MAX && address + count <= ADDRESSES;
  if (!fits) throw new RangeError(`Cannot read ${count} registers from ${address}`);
}
