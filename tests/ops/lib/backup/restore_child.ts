/**
 * A restore that is killed when its rows are in and nothing is compared yet: `deno run restore_child.ts FOLDER KEY URL`.
 *
 * @module
 */

import { mustRestore } from "./restore_scene.ts";

const [folder = "", keyFile = "", url = ""] = Deno.args;

function say(line: string): void {
  if (!/read back/.test(line)) return;
  console.log("in the middle");
  Deno.kill(Deno.pid, "SIGKILL");
}

await mustRestore({ folder, keyFile, url, say });
