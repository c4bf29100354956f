/**
 * One connection to a simulated device: requests in turn, answers late, spoilt or not at all, as it is told.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { frameOf, HEADER_BYTES, joinAll, joined, MOST_BYTES, takeRequest } from "./frame.ts";

/** What a request is answered with. */
export type Reply =
  /** A frame, `delayMs` late. */
  | { readonly kind: "frame"; readonly pdu: Uint8Array; readonly delayMs: number; readonly damage: Damage }
  /** Nothing. */
  | { readonly kind: "nothing" };

/** How the frame is spoilt on its way. */
export type Damage =
  | "none"
  | "wrong-transaction"
  | "late"
  | "garbage"
  | "half-frame"
  | "dropped";

/** What a connection needs. */
export interface ConnectionOptions {
  /** Time. */
  readonly clock: Clock;
  /** Milliseconds without a request after which it is closed. */
  readonly idleMs: number;
  /** Waits for a place among those served at once; `false`: ended before there was one. */
  takePlace(ended: AbortSignal): Promise<boolean>;
  /** Gives the place back. */
  leavePlace(): void;
  /** Answers a request. */
  answer(unitId: number, pdu: Uint8Array): Reply;
}

/** A connection that is served. */
export interface Conversation {
  /** Ends it. */
  end(): void;
  /** Resolves when it has ended. */
  readonly done: Promise<void>;
}

/** Serves a connection until either side ends it. */
export function converse(connection: Deno.TcpConn, options: ConnectionOptions): Conversation {
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    closeQuietly(connection);
  };
  return { end, done: serveInTurn(connection, options, ended).finally(end) };
}

async function serveInTurn(
  connection: Deno.TcpConn,
  options: ConnectionOptions,
  ended: AbortController,
): Promise<void> {
  if (!await options.takePlace(ended.signal)) return;
  const heard = { atMs: options.clock.monotonicMs() };
  const idle = closeWhenIdle(connection, options, { heard, ended: ended.signal });
  const held: Uint8Array[] = [];
  const chunk = new Uint8Array(MOST_BYTES);
  let buffered = new Uint8Array(0);
  try {
    while (!ended.signal.aborted) {
      const read = await connection.read(chunk);
      if (read === null) break;
      heard.atMs = options.clock.monotonicMs();
      buffered = joined(buffered, chunk.subarray(0, read));
      for (let request = takeRequest(buffered); request; request = takeRequest(buffered)) {
        if (request === "bad") return;
        buffered = buffered.slice(request.length);
        const said = options.answer(request[6] ?? 0, request.slice(HEADER_BYTES));
        if (said.kind === "nothing") continue;
        if (said.delayMs > 0) await options.clock.sleep(said.delayMs, ended.signal);
        await sendAll(connection, spoilt(frameOf(request, said.pdu), said.damage, held));
        if (said.damage === "dropped") return;
      }
    }
  } catch {
    // The peer went away, or the connection was told to end.
  } finally {
    ended.abort();
    options.leavePlace();
    await idle;
  }
}

/** The bytes that are sent instead of the frame; a held one goes before the next. */
function spoilt(frame: Uint8Array, damage: Damage, held: Uint8Array[]): Uint8Array {
  switch (damage) {
    case "none":
      return joinAll([...held.splice(0), frame]);
    case "late":
      if (held.length > 0) return joinAll([...held.splice(0), frame]);
      held.push(frame);
      return new Uint8Array(0);
    case "wrong-transaction":
      return frame.map((byte, i) => i === 0 ? byte ^ 0x55 : byte);
    case "garbage":
      return frame.map((byte, i) => (byte * 31 + i * 97 + 13) & 0xff);
    case "half-frame":
    case "dropped":
      return frame.slice(0, frame.length >> 1);
  }
}

async function sendAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function closeWhenIdle(
  connection: Deno.TcpConn,
  { clock, idleMs }: ConnectionOptions,
  state: { readonly heard: { readonly atMs: number }; readonly ended: AbortSignal },
): Promise<void> {
  while (!state.ended.aborted) {
    const leftMs = state.heard.atMs + idleMs - clock.monotonicMs();
    if (leftMs <= 0) return closeQuietly(connection);
    await clock.sleep(leftMs, state.ended);
  }
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
