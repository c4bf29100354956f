/**
 * What everybody shares who puts load on a Wattpost: the time, the pace that nobody passes, the end, and what it came
 * to.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Answer, Ask, Client } from "./client.ts";
import type { Ending, LoadKind, LoadTally } from "./load_tally.ts";

/** What they share. */
export interface LoadWorld {
  readonly clock: Clock;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** When it began, in monotonic milliseconds. */
  readonly startMs: number;
  /** Aborts when nobody asks anything more. */
  readonly over: AbortSignal;
  /** Aborts when what is still under way is ended too. */
  readonly cut: AbortSignal;
  /** Milliseconds that somebody thinks on average before they ask again. */
  readonly thinkMs: number;
  /** Waits until one more request may be made. */
  readonly pace: () => Promise<void>;
  /** Makes a client with connections of its own, as a browser has. */
  readonly client: () => Client;
  /** An address of its own for somebody who comes over a socket, as the proxy would tell it; else none. */
  readonly address: () => Readonly<Record<string, string>>;
  readonly tally: LoadTally;
}

/** What is asked, and what it is called in the table. */
export interface LoadAsk {
  readonly kind: LoadKind;
  readonly what: string;
  readonly path: string;
  readonly ask: Ask;
  /** The status that is right; default 200. */
  readonly wants?: number;
  /** What the answer must hold; default: anything. */
  readonly holds?: string;
}

/** Seconds that somebody waits at most who was told to come again. */
const AGAIN_MAX_S = 60;

/** Thinks no longer than so many times the average. */
const THINK_MOST = 4;

/** Asks at the common pace and counts how it went; `null`: there is no answer to go on with. */
export async function askCounted(world: LoadWorld, client: Client, asked: LoadAsk): Promise<Answer | null> {
  const { clock, tally, cut, over } = world;
  await world.pace();
  if (over.aborted) return null;
  const startMs = clock.monotonicMs();
  const got = await client.ask(asked.path, { ...asked.ask, signal: cut });
  if (!got.ok && cut.aborted) return null; // ended by us: nobody's fault
  const endMs = clock.monotonicMs();
  const ending = got.ok ? endingOf(got.value, asked) : { kind: "failed", why: plainWhy(got.error) } as const;
  tally.add({ ...asked, tookMs: endMs - startMs, ending, atMs: endMs - world.startMs });
  if (ending.kind === "held-back" && got.ok) {
    const seconds = Number(got.value.headers.get("retry-after") ?? "1");
    await rest(world, Math.min(AGAIN_MAX_S, Math.max(1, seconds || 1)) * 1_000);
  }
  return got.ok && ending.kind === "ok" ? got.value : null;
}

function endingOf({ status, text }: Answer, { wants = 200, holds }: LoadAsk): Ending {
  if (status === 429) return { kind: "held-back" };
  if (status !== wants) return { kind: "failed", why: `status ${status}` };
  if (holds !== undefined && !text.includes(holds)) return { kind: "failed", why: "not what was asked for" };
  return { kind: "ok" };
}

/** Why nothing came, without the place, so that the same reasons count together. */
export function plainWhy(error: string): string {
  return error.replace(/^Cannot (ask|read the answer of) .*?: /, "").slice(0, 120);
}

/** Thinks, as people do: mostly shortly, now and then long. */
export async function think(world: LoadWorld, share = 1): Promise<void> {
  const ms = -Math.log(1 - world.random()) * world.thinkMs * share;
  await rest(world, Math.min(ms, THINK_MOST * world.thinkMs));
}

/** Waits, at most until nobody asks anything more. */
export async function rest({ clock, over }: Pick<LoadWorld, "clock" | "over">, ms: number): Promise<void> {
  if (!over.aborted) await clock.sleep(ms, over);
}

/** A pace that nobody passes: at most so many requests a second, evenly. */
export function paceOf(
  clock: Clock,
  { perSecond, over }: { readonly perSecond: number; readonly over: AbortSignal },
) {
  const gapMs = 1_000 / perSecond;
  let nextMs = clock.monotonicMs();
  return async () => {
    const nowMs = clock.monotonicMs();
    const atMs = Math.max(nowMs, nextMs);
    nextMs = atMs + gapMs;
    if (atMs > nowMs && !over.aborted) await clock.sleep(atMs - nowMs, over);
  };
}
