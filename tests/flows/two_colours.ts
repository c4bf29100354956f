/**
 * Two releases of the product side by side on one database and one data folder, each in a process of its own with a
 * build of its own, behind one address that is switched between them.
 *
 * @module
 */

import { join } from "node:path";
import { freePort } from "../engines/server.ts";
import { buildInto, eventually, type ProductProcess, startProcess } from "./product_process.ts";
import { ask } from "./running_product.ts";

/** The colours in the order in which they work. */
export const COLOURS = ["blue", "green"] as const;

/** A colour. */
export type Colour = (typeof COLOURS)[number];

/** Names of the releases. */
export const RELEASES: Readonly<Record<Colour, string>> = { blue: "r1-aaaaaaa", green: "r2-bbbbbbb" };

/** Folder of a colour's build, below the common one. */
export function buildFolder(colour: Colour): string {
  return `build-${colour}`;
}

/**
 * Builds the product for both: the second build's chunks lie in a folder of another name, as they do when anything of
 * their source has changed.
 *
 * @returns The folders of the chunks.
 */
export async function buildBoth(folder: string): Promise<Readonly<Record<Colour, string>>> {
  await buildInto(folder);
  const [blue, green] = COLOURS.map((colour) => join(folder, buildFolder(colour)));
  if (blue === undefined || green === undefined) throw new Error("There are two colours");
  await Deno.rename(join(folder, "_fresh"), blue);
  const chunks = join("static", "_fresh", "js");
  const [hash] = await Array.fromAsync(Deno.readDir(join(blue, chunks)), ({ name }) => name);
  if (hash === undefined) throw new Error("The build has no chunks");
  const other = hash.split("").reverse().join("");
  await copyFolder(blue, green);
  await Deno.rename(join(green, chunks, hash), join(green, chunks, other));
  const snapshot = join(green, "snapshot.js");
  await Deno.writeTextFile(snapshot, (await Deno.readTextFile(snapshot)).replaceAll(hash, other));
  return { blue: hash, green: other };
}

/** Starts a colour. */
export async function startColour(
  folder: string,
  colour: Colour,
  env: Readonly<Record<string, string>>,
): Promise<ProductProcess & { readonly port: number }> {
  const port = freePort();
  const own = { LISTEN: `127.0.0.1:${port}`, RELEASE: RELEASES[colour] };
  const started = await startProcess(folder, { ...env, ...own }, { build: buildFolder(colour) });
  let over = false;
  started.ended().finally(() => over = true);
  // Where people ask, another colour may answer.
  const ready = () =>
    eventually(`${colour} is ready`, async () => {
      if (over) throw new Error(`${colour} ended: ${started.said()}`);
      return await ask(`http://127.0.0.1:${port}`, "/readyz").then(
        ({ status }) => status === 200,
        () => false,
      );
    });
  return { ...started, ready, port };
}

/** An address behind which one port answers, and then another one. */
export interface Switch extends AsyncDisposable {
  /** Where people ask. */
  readonly origin: string;
  /** Sends new connections to a port; those that are open stay where they are. */
  to(port: number): void;
}

/** Starts one; before it is sent anywhere, connections are closed. */
export function startSwitch(): Switch {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Promise<void>>();
  let target: number | null = null;
  const accepting = (async () => {
    for await (const client of listener) {
      if (target === null) client.close();
      else {
        const joined: Promise<void> = joinTo(client, target).finally(() => open.delete(joined));
        open.add(joined);
      }
    }
  })();
  return {
    origin: `http://127.0.0.1:${listener.addr.port}`,
    to: (port) => void (target = port),
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(open);
    },
  };
}

/** Joins a connection to a port until either side ends. */
async function joinTo(client: Deno.TcpConn, port: number): Promise<void> {
  try {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    const ways = [client.readable.pipeTo(server.writable), server.readable.pipeTo(client.writable)];
    await Promise.allSettled(ways);
  } catch {
    client.close(); // the client sees a connection that broke off
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
