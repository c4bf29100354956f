/**
 * A Modbus TCP server on a plain socket that can be made to refuse and to listen again.
 *
 * @module
 */

import { type ConnectionOptions, type Conversation, converse } from "./connection.ts";

/** A server on one address. */
export interface Listening {
  /** The port it has. */
  readonly port: number;
  /** Stops listening and ends its connections, so that the next one is refused; it may listen again. */
  refuse(): Promise<void>;
  /** Listens on its port unless it does already. */
  listen(): void;
}

/** Connections that one address keeps at most, served or waiting; further ones are closed at once. */
const MOST_CONNECTIONS = 16;

/** Listens. Throws what the system throws if the address is taken. */
export function serve(
  at: { readonly host: string; readonly port: number },
  options: ConnectionOptions,
): Listening {
  const conversations = new Set<Conversation>();
  let listener: Deno.TcpListener | null = Deno.listen({ hostname: at.host, port: at.port });
  const port = listener.addr.port;
  let accepting = acceptAll(listener, conversations, options);
  return {
    port,
    refuse: async () => {
      listener?.close();
      listener = null;
      await accepting;
      const open = [...conversations];
      for (const conversation of open) conversation.end();
      await Promise.all(open.map((conversation) => conversation.done));
    },
    listen: () => {
      if (listener) return;
      listener = Deno.listen({ hostname: at.host, port });
      accepting = acceptAll(listener, conversations, options);
    },
  };
}

async function acceptAll(
  listener: Deno.TcpListener,
  conversations: Set<Conversation>,
  options: ConnectionOptions,
): Promise<void> {
  try {
    for await (const connection of listener) {
      if (conversations.size >= MOST_CONNECTIONS) {
        connection.close();
        continue;
      }
      const conversation = converse(connection, options);
      conversations.add(conversation);
      conversation.done.finally(() => conversations.delete(conversation));
    }
  } catch {
    // The listener was closed: nobody is accepted any more.
  }
}
