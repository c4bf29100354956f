/**
 * Waits for the word that keeps a change of the firewall: typed here, or given by `deno task firewall confirm` in
 * another session.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { confirm, RESTORED, rollbackState } from "./firewall_rollback.ts";
import type { Host } from "./step.ts";

const LOOK_MS = 500;
/** Seconds given to the timer itself, which may be late on a busy host. */
const GRACE_S = 60;

/** How a change ended. */
export type Ending =
  | "confirmed"
  /** Nobody confirmed it in time. */
  | "back";

/** How it is waited. */
export interface Waiting {
  /** Seconds after which the timer brings the former state back. */
  readonly withinS: number;
  /** Whether somebody may type here. */
  readonly terminal: boolean;
}

/** Waits until the change is confirmed or has gone back; on a terminal, `yes` confirms. */
export async function awaitEnding(on: Host, { withinS, terminal }: Waiting): Promise<Ending> {
  const over = new AbortController();
  const typed = terminal ? typedYes(over.signal) : undefined;
  let said = false;
  void typed?.then((yes) => said = yes);
  const endMs = systemClock.monotonicMs() + (withinS + GRACE_S) * 1_000;
  try {
    while (systemClock.monotonicMs() < endMs) {
      if (said) return await confirm(on) ? "confirmed" : "back";
      const { kind } = await rollbackState(on);
      if (kind === "none") return await on.stat(RESTORED) !== null ? "back" : "confirmed";
      await systemClock.sleep(LOOK_MS);
    }
    return "back";
  } finally {
    over.abort();
    await typed;
  }
}

/** Whether somebody typed yes before the end. */
async function typedYes(signal: AbortSignal): Promise<boolean> {
  const reader = Deno.stdin.readable.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop);
  const decoder = new TextDecoder();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text = (text + decoder.decode(part.value)).slice(-1_000);
    if (/^\s*yes\s*$/im.test(text)) break;
  }
  signal.removeEventListener("abort", stop);
  reader.releaseLock();
  return /^\s*yes\s*$/im.test(text);
}
