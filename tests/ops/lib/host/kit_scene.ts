/**
 * A folder as a host: the real machine, with what is kept in a folder beside it.
 *
 * @module
 */

import { openMachine } from "../../../../ops/lib/host/machine.ts";
import type { Host } from "../../../../ops/lib/host/step.ts";

/** A host for one test. */
export interface Scene {
  readonly on: Host;
  /** The path of a name in the host's folder. */
  readonly at: (name: string) => string;
  /** The folder of what is kept. */
  readonly state: string;
  /** Whom files of ours belong to: us. */
  readonly owner: string;
  /** Everything there: path, mode, and text or where a link leads. */
  readonly all: () => Promise<readonly string[]>;
}

/** Gives a body a host of its own. */
export async function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-kit-" });
  const root = `${folder}/host`;
  const state = `${folder}/state`;
  await Deno.mkdir(root, { mode: 0o755 });
  try {
    const on = openMachine(state);
    const owner = (await on.stat(root))?.owner ?? "";
    await body({ on, at: (name) => `${root}/${name}`, state, owner, all: () => listAll(root, "") });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function listAll(root: string, inside: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/${inside}`)) {
    const path = `${inside}${name}`;
    const there = await Deno.lstat(`${root}/${path}`);
    const mode = ((there.mode ?? 0) & 0o7777).toString(8);
    if (there.isSymlink) found.push(`${path} -> ${await Deno.readLink(`${root}/${path}`)}`);
    else if (there.isDirectory) found.push(`${path}/ ${mode}`, ...await listAll(root, `${path}/`));
    else found.push(`${path} ${mode} ${await Deno.readTextFile(`${root}/${path}`)}`);
  }
  return found.sort();
}
