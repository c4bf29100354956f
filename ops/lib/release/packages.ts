/**
 * Packages of releases on a host, in the one folder from which units and operators' tasks take them.
 *
 * @module
 */

import { IDS, PATHS } from "../host/layout.ts";
import type { Host } from "../host/step.ts";

const FETCH_MS = 300_000;
const OWNER = `root:${IDS.app.name}`;

/** Packages of a release, for operators' tasks and units: those that the folder of packages lacks are fetched. */
export async function layPackages(
  on: Host,
  { sources, ca }: { readonly sources: string; readonly ca: string | null },
): Promise<void> {
  const env = denoEnvironment(ca);
  const config = ["--config", `${sources}/deno.json`] as const;
  await on.must([PATHS.deno, "install", "--quiet", "--frozen", ...config], { env, deadlineMs: FETCH_MS });
  await ownPackages(on);
}

/** What Deno is told for a release on the host. */
export function denoEnvironment(ca: string | null): Readonly<Record<string, string>> {
  return { DENO_DIR: PATHS.denoDir, DENO_NO_UPDATE_CHECK: "1", ...(ca === null ? {} : { DENO_CERT: ca }) };
}

/** Packages are root's, and the app's group reads them; what is mounted there is somebody else's. */
export async function ownPackages(on: Host): Promise<void> {
  const find = (...words: readonly string[]) =>
    on.must(["find", PATHS.denoDir, "-xdev", "-writable", "!", "-type", "l", ...words]);
  const group = IDS.app.name;
  await find("!", "-group", group, "-exec", "chgrp", "--", group, "{}", "+");
  await find("!", "-perm", "-040", "-exec", "chmod", "--", "g+rX", "{}", "+");
  await find("-perm", "/022", "-exec", "chmod", "--", "go-w", "{}", "+");
}

/**
 * An image has nothing but the folders of packages that only tests import. Deno's tasks ask for what is written on each
 * package, so that much is put there.
 */
export async function nameEmptied(on: Host): Promise<void> {
  const root = `${PATHS.denoDir}/npm`;
  const argv = [
    "find",
    root,
    "-mindepth",
    "3",
    "-maxdepth",
    "4",
    "-type",
    "d",
    "-empty",
    "-printf",
    "%P\\n",
  ] as const;
  const { out } = await on.must(argv);
  for (const path of out.split("\n")) {
    const named = packageAt(path);
    if (named === null) continue;
    const text = `${JSON.stringify(named)}\n`;
    await on.write(`${root}/${path}/package.json`, { text, mode: 0o640, owner: OWNER });
  }
}

/** The package whose folder that is, `registry.npmjs.org/kysely/0.29.9`; `null`: of none. Pure. */
export function packageAt(path: string): { readonly name: string; readonly version: string } | null {
  const [, name, version] = /^[^/]+\/(@[^/]+\/[^/]+|[^@/][^/]*)\/(\d[^/]*)$/.exec(path) ?? [];
  return name === undefined || version === undefined ? null : { name, version };
}
