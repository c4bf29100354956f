/**
 * One event stream a browser: HTTP/1.1 allows six connections to a host, and a stream for each tab would leave none
 * for pages. The tab that holds a lock has the stream and tells the others; when it goes, the next one takes over.
 * Browsers without locks or channels (and plain HTTP to another host) have a stream a tab.
 *
 * @module
 */

import type { LiveMessage } from "./messages.ts";
import { keepStream } from "./stream.ts";

/** What taking part needs. */
export interface Sharing {
  /** The site of the page; `null`: it is about all. */
  readonly siteId: number | null;
  /** The newest change that the page has heard of. */
  readonly lastId: () => number;
  /** Told of each message. */
  readonly hear: (message: LiveMessage) => void;
  /** Leaves. */
  readonly signal: AbortSignal;
}

/** The name of lock and channel; a release with other messages takes another number. */
const NAME = "wattpost-live-1";

type Said = LiveMessage | { readonly kind: "ask" };

/** Hears what the browser's stream says, and holds it when it is this tab's turn. */
export async function shareStream(sharing: Sharing): Promise<void> {
  const { lastId, signal } = sharing;
  const locks: LockManager | undefined = navigator.locks;
  if (!locks || typeof BroadcastChannel === "undefined") return await keepOwn(sharing);
  const channel = new BroadcastChannel(NAME);
  signal.addEventListener("abort", () => channel.close());
  const tell = (said: Said) => {
    if (!signal.aborted) channel.postMessage(said);
  };
  /** The newest that the stream of this tab has said; `null`: another tab holds it. */
  let newest: LiveMessage | null = null;
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.kind !== "ask") return sharing.hear(data);
    if (newest) tell(newest);
  };
  tell({ kind: "ask" });
  const lead = async () => {
    let userId = 0;
    const hear = (message: LiveMessage) => {
      if (message.kind === "hello") userId = message.userId;
      const firstLost = message.kind === "lost" && newest?.kind === "lost" ? newest : message;
      sharing.hear(firstLost);
      tell(firstLost);
      newest = firstLost.kind === "lost" ? firstLost : { kind: "hello", id: lastId(), userId };
    };
    await keepStream({ hear, signal, href: () => `/api/live?after=${lastId()}` });
  };
  try {
    await locks.request(NAME, { signal }, lead);
  } catch {
    // The page has left before it was its turn, or the browser grants no locks here.
    if (!signal.aborted) await keepOwn(sharing);
  }
}

function keepOwn(sharing: Sharing): Promise<void> {
  const { siteId, lastId } = sharing;
  const site = siteId === null ? "" : `&site=${siteId}`;
  return keepStream({ ...sharing, href: () => `/api/live?after=${lastId()}${site}` });
}
