/**
 * Watches the frames of a connection beside the Modbus library, which believes any length that a header claims
 * and then stays silent for good. So garbage is told from silence at its first bytes, and an answer that was
 * never asked for from one that came late.
 *
 * @module
 */

/** What the bytes received so far say. */
export type FrameVerdict = "fine" | "bad";

/** Follows the frames of one connection. */
export interface FrameWatch {
  /** Notes that a request with this transaction id was sent. */
  sent(transactionId: number): void;
  /** Takes received bytes; `bad` once they cannot be Modbus TCP, and from then on. */
  feed(bytes: Uint8Array): FrameVerdict;
  /** Whether a frame has begun and is not complete. */
  halfFrame(): boolean;
  /** Whether a whole frame came whose transaction id was never sent, since the newest request. */
  strangerSeen(): boolean;
}

/** Bytes before the unit id: transaction id, protocol id, length. */
const HEADER_BYTES = 6;

/** Bytes that a response has behind its header: unit, function and exception code at least. */
const LEAST_LENGTH = 3;

/** Bytes at most: unit, function, byte count and 250 bytes, and the 2 that some devices add. */
const MOST_LENGTH = 255;

/** Starts to watch a new connection. */
export function createFrameWatch(): FrameWatch {
  const issued = new Set<number>();
  let buffered = new Uint8Array(0);
  let verdict: FrameVerdict = "fine";
  let stranger = false;
  const takeFrame = (): boolean => {
    if (buffered.length < HEADER_BYTES) return false;
    const view = new DataView(buffered.buffer, buffered.byteOffset, buffered.length);
    const length = view.getUint16(4);
    if (view.getUint16(2) !== 0 || length < LEAST_LENGTH || length > MOST_LENGTH) verdict = "bad";
    if (verdict === "bad" || buffered.length < HEADER_BYTES + length) return false;
    if (!issued.has(view.getUint16(0))) stranger = true;
    buffered = buffered.slice(HEADER_BYTES + length);
    return true;
  };
  return {
    sent(transactionId) {
      issued.add(transactionId);
      stranger = false;
    },
    feed(bytes) {
      if (verdict === "bad") return verdict;
      const joined = new Uint8Array(buffered.length + bytes.length);
      joined.set(buffered);
      joined.set(bytes, buffered.length);
      buffered = joined;
      while (takeFrame());
      return verdict;
    },
    halfFrame: () => buffered.length > 0,
    strangerSeen: () => stranger,
  };
}
