/**
 * A peer on this machine that speaks as the test says, byte for byte, for what no well-behaved server does: silence,
 * a cut connection, nonsense.
 *
 * @module
 */

import { type AddressInfo, createServer, type Socket } from "node:net";

/** A running peer. */
export interface RawPeer {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** What it was told so far, over all connections. */
  said(): string;
  /** Connections so far. */
  connections(): number;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/** What it does with a new connection (line `null`) and with each line: text to send, nothing, or an end. */
export type RawAnswer = (line: string | null) => string | "cut" | null;

/** Starts a peer on a free port. */
export async function startRawPeer(answer: RawAnswer): Promise<RawPeer> {
  const sockets = new Set<Socket>();
  let said = "";
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    const react = (line: string | null) => {
      const reaction = answer(line);
      if (reaction === "cut") socket.destroy();
      else if (reaction !== null) socket.write(reaction);
    };
    react(null);
    let open = "";
    socket.on("data", (bytes: Uint8Array) => {
      const text = new TextDecoder().decode(bytes);
      said += text;
      const lines = `${open}${text}`.split("\r\n");
      open = lines.pop() ?? "";
      for (const line of lines) react(line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    said: () => said,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
