/**
 * The sources of releases on a host: a folder each, root's own, whole or not there at all.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { IDS } from "../host/layout.ts";
import { type Host, HostError } from "../host/step.ts";
import type { Place } from "./place.ts";

/** What of a project is no part of a release: its history, what was made of it, what its operators keep there. */
const LEFT_OUT = [
  ".git",
  ".ci",
  "data",
  "coverage",
  "_fresh",
  "node_modules",
  "secrets",
  ".env",
  "ops/host.json",
] as const;

/** Where sources come from: a folder, or whatever fills one. */
export type SourcesFrom =
  | { readonly from: string; readonly to: string }
  | { readonly fill: (folder: string) => Promise<void>; readonly to: string };

const COPY_MS = 300_000;

/** Makes the folder of a release: filled beside first, then renamed. */
export async function copySources(on: Host, sources: SourcesFrom): Promise<string> {
  const { to } = sources;
  const beside = `${to}.partial`;
  await on.must(["rm", "-rf", "--one-file-system", "--", beside]);
  await on.must(["mkdir", "-p", "-m", "755", "--", beside]);
  if ("fill" in sources) await sources.fill(beside);
  else await copyFolder(on, sources.from, beside);
  await on.must(["rm", "-rf", "--", `${beside}/data`]);
  await refuseLinks(on, beside);
  await on.must(["chown", "-R", "root:root", "--", beside]);
  await ownSources(on, beside);
  await on.must(["sync", "--file-system", beside]);
  await on.must(["mv", "-T", "--", beside, to]);
  return `in ${to}`;
}

/** Root runs what sources lead to: a link out of them may lead to what somebody else writes. */
async function refuseLinks(on: Host, folder: string): Promise<void> {
  const { out } = await on.must(["find", folder, "-type", "l", "-printf", "%p\\0%l\\0"]);
  const found = out.split("\0");
  for (let at = 0; at + 1 < found.length; at += 2) {
    const [path = "", target = ""] = found.slice(at, at + 2);
    if (resolve(dirname(path), target).startsWith(`${folder}/`)) continue;
    const name = path.slice(folder.length + 1);
    throw new HostError(`"${name}" is a link to "${target}", out of the project: a release has none`);
  }
}

/**
 * Sources are root's, and the app's group reads them. Nobody else gets into the folder: what an operator keeps in a
 * project without naming it to anybody, such as a key, would lie there for all who have an account.
 */
export async function ownSources(on: Host, folder: string): Promise<void> {
  await on.must(["chmod", "-R", "u+rwX,go+rX,go-w", "--", folder]);
  await on.must(["chgrp", "--", String(IDS.app.id), folder]);
  await on.must(["chmod", "750", "--", folder]);
}

async function copyFolder(on: Host, from: string, to: string): Promise<void> {
  await archiveOf(on, from, (archive) => {
    return on.must(["tar", "-x", "-f", archive, "-C", to, "--no-same-owner"], { deadlineMs: COPY_MS });
  });
}

/** Gives an archive of a project's folder to somebody; the same files make the same archive. */
export async function archiveOf<T>(
  on: Host,
  folder: string,
  give: (archive: string) => Promise<T>,
): Promise<T> {
  const archive = (await on.must(["mktemp", "--tmpdir", "wattpost-sources-XXXXXX"])).out.trim();
  const excludes = LEFT_OUT.map((path) => `--exclude=./${path}`);
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  try {
    const argv = ["tar", "-c", "-f", archive, "-C", folder, ...same, ...excludes, "."] as const;
    await on.must(argv, { deadlineMs: COPY_MS });
    return await give(archive);
  } finally {
    await on.run(["rm", "-f", "--", archive]);
  }
}

/** An image has no compose.yaml in it: the one of the project that deploys it is taken. */
export async function copyCompose(
  on: Host,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  for (const name of ["compose.yaml", ".env.example"]) {
    await on.must(["cp", "--remove-destination", "--", `${from}/${name}`, `${to}/${name}`]);
  }
}

/** Takes the sources of a release away; only what lies in the folder of releases. */
export async function takeAway(on: Host, place: Place, sources: string): Promise<void> {
  const folder = `${place.paths.releases}/`;
  const name = sources.slice(folder.length);
  if (!sources.startsWith(folder) || name === "" || name.includes("/") || name.startsWith(".")) {
    throw new HostError(`"${sources}" is no folder of a release: it is left alone`);
  }
  await on.must(["rm", "-rf", "--one-file-system", "--", sources, `${sources}.partial`]);
}
