/**
 * A Modbus TCP peer on a raw socket whose every answer the test decides, down to the byte: for what no
 * well-behaved server does.
 *
 * @module
 */
import { createServer, type Server, type Socket } from "node:net";

/** A request as it came. */
export interface PeerRequest {
  /** Transaction id. */
  readonly transactionId: number;
  /** Unit. */
  readonly unitId: number;
  /** Function code. */
  readonly functionCode: number;
  /** First register. */
  readonly address: number;
  /** Registers. */
  readonly count: number;
  /** Place among all requests of the peer, 0 first. */
  readonly index: number;
  /** Place of its connection among all, 0 first. */
  readonly connection: number;
}

/** What the peer does with a request: bytes to send (with a pause before), nothing, or an end. */
export type PeerAnswer = Uint8Array | null | "close" | Promise<Uint8Array | null | "close">;

/** A running peer. */
export interface Peer {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** Connections so far. */
  connections(): number;
  /** Requests so far. */
  readonly requests: readonly PeerRequest[];
  /** Ends it. */
  close(): Promise<void>;
}

/** Starts a peer on a free port. */
export async function startPeer(answer: (request: PeerRequest) => PeerAnswer): Promise<Peer> {
  const sockets = new Set<Socket>();
  const requests: PeerRequest[] = [];
  let connections = 0;
  const server: Server = createServer((socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let buffered = new Uint8Array(0);
    socket.on("data", async (bytes: Uint8Array) => {
      buffered = new Uint8Array([...buffered, ...bytes]);
      while (buffered.length >= 12) {
        const request = parse(buffered, { index: requests.length, connection });
        buffered = buffered.slice(12);
        requests.push(request);
        const sent = await answer(request);
        if (sent === "close") socket.destroy();
        else if (sent) socket.write(sent);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => connections,
    requests,
    close: async () => {
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(
  bytes: Uint8Array,
  place: { readonly index: number; readonly connection: number },
): PeerRequest {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    transactionId: view.getUint16(0),
    unitId: view.getUint8(6),
    functionCode: view.getUint8(7),
    address: view.getUint16(8),
    count: view.getUint16(10),
    ...place,
  };
}

/** A frame with any header and body. */
export function frame(head: { transactionId: number; length?: number; protocol?: number }, body: number[]) {
  const bytes = new Uint8Array(6 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, head.transactionId);
  view.setUint16(2, head.protocol ?? 0);
  view.setUint16(4, head.length ?? body.length);
  bytes.set(body, 6);
  return bytes;
}

/** The proper answer to a request: these words. */
export function wordsFrame(request: PeerRequest, words: readonly number[]): Uint8Array {
  const data = words.flatMap((word) => [word >> 8, word & 0xff]);
  return frame(request, [request.unitId, request.functionCode, data.length, ...data]);
}

/** An exception as answer to a request. */
export function exceptionFrame(request: PeerRequest, code: number): Uint8Array {
  return frame(request, [request.unitId, request.functionCode | 0x80, code]);
}

/** The answer of a peer whose every register holds its own address. */
export function addressWords(request: PeerRequest): Uint8Array {
  return wordsFrame(request, Array.from({ length: request.count }, (_, i) => request.address + i));
}
