/**
 * The link that nginx follows: to the socket of the colour that serves. It is replaced in one step of the kernel, so a
 * request finds the one or the other, never none.
 *
 * @module
 */

import { dirname } from "node:path";
import { type Host, HostError } from "../host/step.ts";
import { type Colour, COLOURS } from "./colour.ts";
import type { Place } from "./place.ts";

/** The colour to which the link leads; `null`: there is no link, or it leads elsewhere. */
export async function linkedColour(on: Pick<Host, "stat">, { paths }: Place): Promise<Colour | null> {
  const there = await on.stat(paths.upstream);
  const name = there?.target?.split("/").at(-1);
  return COLOURS.find((colour) => name === socketName(colour)) ?? null;
}

/** Path of a colour's socket, as the host sees it. */
export function socketOf({ paths }: Place, colour: Colour): string {
  return `${paths.sockets}/${socketName(colour)}`;
}

/** Lets the link lead to a colour; `null`: takes it away. */
export async function linkTo(on: Host, place: Place, colour: Colour | null): Promise<void> {
  const { upstream } = place.paths;
  if (colour === null) await on.must(["rm", "-f", "--", upstream]);
  else await pointLink(on, upstream, socketName(colour));
  if (place.root === "") await keepOverRestart(on, place, colour);
}

/** Lets a link lead elsewhere in one step; what is no link is left alone. */
export async function pointLink(on: Host, path: string, target: string): Promise<void> {
  const there = await on.stat(path);
  if (there && there.kind !== "link") throw new HostError(`"${path}" is no link: it is left alone`);
  if (there?.target === target) return;
  const beside = `${path}.next`;
  await on.must(["ln", "-sfn", "--", target, beside]);
  await on.must(["mv", "-T", "--", beside, path]);
  await on.must(["sync", dirname(path)]);
}

/** What lies in /run is gone after a restart; systemd makes the link anew. */
async function keepOverRestart(on: Host, { paths }: Place, colour: Colour | null): Promise<void> {
  if (colour === null) return void await on.must(["rm", "-f", "--", TMPFILES]);
  await on.write(TMPFILES, { text: tmpfilesLine(paths, colour), mode: 0o644, owner: "root:root" });
}

/** What systemd-tmpfiles is told of the link. */
export function tmpfilesLine({ upstream }: Pick<Place["paths"], "upstream">, colour: Colour): string {
  return `# Made by Wattpost (deno task deploy): the colour that serves\nL ${upstream} - - - - ${
    socketName(colour)
  }\n`;
}

const TMPFILES = "/etc/tmpfiles.d/wattpost-upstream.conf";

function socketName(colour: Colour): string {
  return `${colour}.sock`;
}
