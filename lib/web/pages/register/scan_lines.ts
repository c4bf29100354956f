/**
 * How the scan of a draft stands, line by line until it has ended or whoever looks has left. The scan itself goes on
 * without anybody looking, until it is stopped.
 *
 * @module
 */

import type { ScanLine } from "../../../ui/pages/register/lines.ts";
import { linesAnswer } from "../../lines.ts";
import type { State } from "../../state.ts";
import { tooMany } from "../../too_many.ts";
import { scanKey, scanShown, scansIn } from "./device_page.ts";
import type { OpenDraft } from "./draft.ts";

/** Pages of one person that follow a scan at once; more are windows that were forgotten. */
const FOLLOWERS_MAX = 8;

/** Seconds after which one more may follow. */
const AGAIN_S = 30;

/** Answers with a line now, and one after each change; only the newest is told to whoever takes them slowly. */
export function linesOfScan(state: State, draft: OpenDraft, left: AbortSignal): Response {
  if (scansIn(state, draft).followers(scanKey(draft)) >= FOLLOWERS_MAX) throw tooMany(state, AGAIN_S);
  const leaving = new AbortController();
  const signal = AbortSignal.any([left, leaving.signal]);
  return linesAnswer(stands(state, { draft, signal }), () => leaving.abort());
}

async function* stands(
  state: State,
  { draft, signal }: { readonly draft: OpenDraft; readonly signal: AbortSignal },
): AsyncGenerator<ScanLine> {
  const scans = scansIn(state, draft);
  const key = scanKey(draft);
  while (!signal.aborted) {
    const scan = scans.read(key);
    if (scan === null) return;
    const changed = scans.changed(scan, signal);
    yield { scan: scanShown(state, draft, scan) };
    if (scan.state !== "running") return;
    await changed;
  }
}
