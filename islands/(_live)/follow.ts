/**
 * Follows the stream for one page: asks for the page again when something of it was stored, says since when it is not
 * live, rests while nobody looks, and leaves when the session is over.
 *
 * @module
 */

import type { LiveMessage } from "./messages.ts";
import { paced, waitOnTimer } from "./pace.ts";
import { watchPresence } from "./presence.ts";
import { shareStream } from "./share.ts";
import { swapChanged } from "./swap.ts";

/** What following needs. */
export interface Following {
  /** The site of the page; `null`: it is about all. */
  readonly siteId: number | null;
  /** For whom the page was made. */
  readonly userId: number;
  /** The newest change that the page has seen. */
  readonly after: number;
  /** Told when new half-hours stand on the page. */
  readonly onArrived: () => void;
  /** Told when the page is live, and when it is not since an instant in epoch milliseconds. */
  readonly onLive: (lostMs: number | null) => void;
}

/** Milliseconds without a word after which the stream of another tab is taken for lost. */
const SILENT_MS = 75_000;

/** Milliseconds between two looks at that. */
const LOOK_MS = 15_000;

/** Milliseconds after the session's end before the page goes: whoever has just signed out here goes by themselves. */
const LEAVE_MS = 3_000;

const PACING = { gatherMs: 500, leastMs: 5_000, spreadMs: 1_000, deadlineMs: 30_000 } as const;

/** Follows until the function that is returned is called. */
export function follow(following: Following): () => void {
  const { siteId, userId } = following;
  const leaving = new AbortController();
  const { signal } = leaving;
  let lastId = following.after;
  /** Something was stored while nobody looked. */
  let missed = false;
  /** Leaves the stream; `null`: it is left. */
  let joined: AbortController | null = null;

  const pace = paced(async (over) => {
    missed = document.hidden;
    if (!missed) await refresh(following, over);
  }, { ...PACING, wait: waitOnTimer, random: Math.random });
  const changed = () => {
    if (document.hidden) missed = true;
    else pace.ask();
  };
  const liveness = watchLiveness(following.onLive, signal);
  const hear = (message: LiveMessage) => {
    if (message.kind === "lost") return liveness.lost(message.sinceMs);
    if (message.kind === "ended") return void leaveSoon(signal);
    liveness.heard();
    if (message.kind === "hello" && message.userId !== userId) return goToSignIn();
    if (message.kind === "hello" && message.id > lastId) changed();
    if (message.kind === "stored" && concerns(message.siteIds, siteId)) changed();
    if ("id" in message) lastId = Math.max(lastId, message.id);
  };
  const onRest = () => {
    liveness.rest();
    joined?.abort();
    joined = null;
    missed = true;
  };
  const onSeen = () => {
    if (missed) pace.ask();
    missed = false;
    if (joined) return;
    joined = new AbortController();
    liveness.expect();
    shareStream({ siteId, lastId: () => lastId, hear, signal: joined.signal });
  };
  watchPresence({ onSeen, onRest, signal });
  return () => {
    onRest();
    leaving.abort();
    pace.stop();
  };
}

interface Liveness {
  /** The stream is broken. */
  lost(sinceMs: number): void;
  /** A word was heard. */
  heard(): void;
  /** A word is expected from now on. */
  expect(): void;
  /** Nothing is expected. */
  rest(): void;
}

/** Keeps since when the page is not live; a tab that hears nothing from the one with the stream notices it itself. */
function watchLiveness(onLive: Following["onLive"], signal: AbortSignal): Liveness {
  let heardMs: number | null = null;
  let lostMs: number | null = null;
  const lost = (sinceMs: number) => {
    lostMs ??= sinceMs;
    onLive(lostMs);
  };
  const looking = setInterval(() => {
    if (heardMs !== null && !document.hidden && Date.now() - heardMs > SILENT_MS) lost(heardMs);
  }, LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(looking));
  return {
    lost,
    heard() {
      heardMs = Date.now();
      lostMs = null;
      onLive(null);
    },
    expect: () => heardMs = Date.now(),
    rest: () => heardMs = null,
  };
}

/** Brings page and charts up to date. */
async function refresh({ userId, onArrived }: Following, over: AbortSignal): Promise<void> {
  document.dispatchEvent(new CustomEvent("wattpost:stored"));
  const swapped = await swapChanged(userId, over);
  if (swapped === "not-ours") goToSignIn();
  if (swapped === "swapped") onArrived();
}

async function leaveSoon(signal: AbortSignal): Promise<void> {
  await waitOnTimer(LEAVE_MS, signal);
  if (!signal.aborted) goToSignIn();
}

function concerns(siteIds: readonly number[] | null, siteId: number | null): boolean {
  return siteIds === null || siteId === null || siteIds.includes(siteId);
}

/** Whether the page is on its way to sign-in: several things may tell it that its session is over. */
let going = false;

/** To sign in and back; whoever is signed in by now is sent on from there. */
function goToSignIn(): void {
  if (going) return;
  going = true;
  location.assign(`/sign-in?back=${encodeURIComponent(`${location.pathname}${location.search}`)}`);
}
