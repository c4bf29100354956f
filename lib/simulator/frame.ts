/**
 * Frames of Modbus TCP: seven bytes of header, then what is asked or said.
 *
 * @module
 */

/** Bytes before the function code: transaction id, protocol id, length, unit id. */
export const HEADER_BYTES = 7;

/** Most bytes of a frame. */
export const MOST_BYTES = 260;

/** The first whole request in the bytes; `null`: not yet; `bad`: no Modbus TCP. */
export function takeRequest(bytes: Uint8Array): Uint8Array | "bad" | null {
  if (bytes.length < HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint16(4);
  if (view.getUint16(2) !== 0 || length < 2 || length > MOST_BYTES - 6) return "bad";
  return bytes.length < 6 + length ? null : bytes.slice(0, 6 + length);
}

/** The frame that carries an answer to a request. */
export function frameOf(request: Uint8Array, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + pdu.length);
  frame.set(request.subarray(0, 2));
  new DataView(frame.buffer).setUint16(4, pdu.length + 1);
  frame[6] = request[6] ?? 0;
  frame.set(pdu, HEADER_BYTES);
  return frame;
}

/** Two runs of bytes as one. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Several frames as one run of bytes. */
export function joinAll(frames: readonly Uint8Array[]): Uint8Array {
  return frames.reduce((all, frame) => joined(all, frame), new Uint8Array(0));
}
