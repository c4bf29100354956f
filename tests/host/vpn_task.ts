/**
 * Runs `deno task vpn` on the host of the VPN's scene: in its network, and with the scene's folder where a host has its
 * files. Only this process and what it starts see them there.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { type Argv, must, run, type RunEnd } from "./run.ts";
import type { VpnScene } from "./vpn_scene.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;

/** What programs look for in `/etc`. */
const NEEDED = ["passwd", "group", "nsswitch.conf", "ld.so.cache"];

/** How `deno task vpn` ends with these words. */
export async function vpnTask(
  { folder, host: { within } }: VpnScene,
  ...words: readonly string[]
): Promise<RunEnd> {
  // As on a host: what is the app's is read as the app's user.
  await must(["chown", "-R", `${IDS.app.id}:${IDS.app.id}`, join(folder, "data")]);
  const apart = [...within, "unshare", "--mount", "--propagation", "private"] as unknown as Argv;
  const self = [Deno.execPath(), "run", "-q", "--no-check", "--no-prompt", "-A", import.meta.filename ?? ""];
  return await run([...apart, ...self, folder, ...words]);
}

async function main([folder = "", ...words]: readonly string[]): Promise<number> {
  for (const name of NEEDED) {
    if (await Deno.stat(`/etc/${name}`).then(() => true, () => false)) {
      await must(["cp", "--preserve", `/etc/${name}`, join(folder, "etc", name)]);
    }
  }
  const lib = join(folder, "lib");
  const inside = join(folder, "lib", basename(dirname(PATHS.data)));
  for (const name of ["data", "host"]) {
    await Deno.mkdir(join(inside, name), { recursive: true });
    await must(["mount", "--bind", join(folder, name), join(inside, name)]);
  }
  await must(["mount", "--rbind", lib, "/var/lib"]);
  await must(["mount", "--bind", join(folder, "etc"), "/etc"]);
  const { code, out, err } = await run([Deno.execPath(), "task", "--quiet", "vpn", ...words], {
    cwd: PROJECT,
  });
  console.log(out);
  console.error(err);
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
