/**
 * How the scan of a draft stands, line by line until it has ended or whoever looks has left. The scan itself goes on
 * without anybody looking, until it is stopped. It is told as long as whoever looks might ask for it anew: a session
 * that has ended, or a site that is out of reach by now, ends it.
 *
 * @module
 */

import { HttpError } from "fresh";
import { findSitePlace } from "../../../store/site_places.ts";
import type { ScanLine } from "../../../ui/pages/register/lines.ts";
import { mightDo } from "../../allow.ts";
import { linesAnswer } from "../../lines.ts";
import type { ScanProgress } from "../../scans.ts";
import type { State } from "../../state.ts";
import { requireStillThere } from "../../still_there.ts";
import { tooMany } from "../../too_many.ts";
import { scanKey, scanShown, scansIn } from "./device_page.ts";
import type { OpenDraft } from "./draft.ts";

/** Pages of one person that follow scans at once; more are windows that were forgotten. */
export const FOLLOWERS_MAX = 8;

/** Seconds after which one more may follow. */
const AGAIN_S = 30;

/** Milliseconds after which it is asked again whether whoever looks still may, whatever the scan does. */
const BEAT_MS = 20_000;

/** How many each person follows, of each process. */
const FOLLOWED = new WeakMap<object, Map<number, number>>();

/** Answers with a line now, and one after each change; only the newest is told to whoever takes them slowly. */
export function linesOfScan(state: State, draft: OpenDraft, left: AbortSignal): Response {
  const leaving = new AbortController();
  const signal = AbortSignal.any([left, leaving.signal]);
  follow(state, draft, signal);
  const lines = stands(state, { draft, signal });
  const told: AsyncIterator<ScanLine> = {
    async next() {
      const line = await lines.next();
      if (line.done) leaving.abort();
      return line;
    },
  };
  return linesAnswer(told, () => leaving.abort());
}

/** Counts a follower until it leaves; 429 where there are as many as may. */
function follow(state: State, draft: OpenDraft, signal: AbortSignal): void {
  const scans = scansIn(state, draft);
  const counts = FOLLOWED.get(scans) ?? new Map<number, number>();
  FOLLOWED.set(scans, counts);
  const { id } = draft.user;
  const count = counts.get(id) ?? 0;
  if (count >= FOLLOWERS_MAX) throw tooMany(state, AGAIN_S);
  if (signal.aborted) return;
  counts.set(id, count + 1);
  signal.addEventListener("abort", () => {
    const left = (counts.get(id) ?? 1) - 1;
    if (left > 0) counts.set(id, left);
    else counts.delete(id);
  }, { once: true });
}

interface Looking {
  readonly draft: OpenDraft;
  readonly signal: AbortSignal;
}

async function* stands(state: State, { draft, signal }: Looking): AsyncGenerator<ScanLine> {
  const scans = scansIn(state, draft);
  const key = scanKey(draft);
  for (let scan = scans.read(key); scan !== null && !signal.aborted; scan = scans.read(key)) {
    const changed = changedOrLate(state, { draft, scan, signal });
    yield { scan: scanShown(state, draft, scan) };
    if (scan.state !== "running") return;
    await changed;
    if (!await mayStillLook(state, draft)) return;
  }
}

async function changedOrLate(
  state: State,
  { draft, scan, signal }: Looking & { readonly scan: ScanProgress },
): Promise<void> {
  const turn = new AbortController();
  const over = AbortSignal.any([signal, turn.signal]);
  const changed = scansIn(state, draft).changed(scan, over);
  await Promise.race([changed, state.base.clock.sleep(BEAT_MS, over)]);
  turn.abort();
}

async function mayStillLook(state: State, { record, services: { db } }: OpenDraft): Promise<boolean> {
  try {
    await requireStillThere(state);
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
  const { change } = record.registration;
  if (!change) return true;
  const place = await findSitePlace(db, change.siteId);
  return place !== null && mightDo(state, "site.change", place);
}
