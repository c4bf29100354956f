/**
 * Colours started, switched and ended by hand, with compose and the very steps of a deploy: what the product, nginx and
 * Docker do at a switch shows without anything that might smooth it.
 *
 * @module
 */
import { openDatabase } from "../../lib/store/db.ts";
import { promoteRelease } from "../../lib/store/releases.ts";
import { type Colour, otherThan } from "../../ops/lib/release/colour.ts";
import type { Place } from "../../ops/lib/release/place.ts";
import { must, until } from "../host/run.ts";

/** What colours need. */
export interface ColoursOptions {
  readonly place: Place;
  readonly databaseUrl: string;
  readonly image: string;
}

/** What serves. */
export interface Serves {
  readonly colour: Colour;
  readonly release: string;
}

/** Folder of the project. */
const PROJECT = new URL("../..", import.meta.url).pathname;

const READY_MS = 120_000;

/** Between the switch and the end of the old colour, in ms: longer than requests that are under way take. */
const DRAIN_MS = 3_000;

/** Brings a release up in the idle colour, switches to it, and ends the one before; what serves then. */
export async function switchByHand(
  options: ColoursOptions,
  { before, release }: { readonly before: Serves | null; readonly release: string },
): Promise<Serves> {
  const colour = before ? otherThan(before.colour) : "blue";
  await compose(options, { colour, release }, [
    "up",
    "--detach",
    "--no-deps",
    "--no-build",
    "--force-recreate",
  ]);
  await until(`${colour} is ready`, () => readyAs(options.place, { colour, release }), {
    deadlineMs: READY_MS,
  });
  await moveTo(options, { colour, release });
  if (before) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
    await compose(options, before, ["stop"]);
  }
  return { colour, release };
}

/** Ends all colours and takes them away. */
export async function endColours(options: Pick<ColoursOptions, "place" | "image">): Promise<void> {
  for (const colour of ["blue", "green"] as const) {
    await compose(options, { colour, release: "none" }, ["rm", "--stop", "--force"]);
  }
  const { name } = options.place;
  await must(["docker", "network", "rm", `${name}_colours`]);
}

async function compose(
  { place, image }: Pick<ColoursOptions, "place" | "image">,
  { colour, release }: Serves,
  words: readonly string[],
): Promise<string> {
  const prefix = colour.toUpperCase();
  return await must(
    ["docker-compose", "--project-name", place.name, "--profile", colour, ...words, colour],
    {
      cwd: PROJECT,
      env: {
        WATTPOST_ROOT: place.root,
        WATTPOST_SETTINGS: place.paths.settings,
        [`${prefix}_IMAGE`]: image,
        [`${prefix}_RELEASE`]: release,
      },
      deadlineMs: 240_000,
    },
  );
}

/** Whether a release answers that it is ready. */
async function readyAs(place: Place, { colour, release }: Serves): Promise<true | undefined> {
  const url = "http://localhost/readyz";
  const socket = `${place.paths.sockets}/${colour}.sock`;
  const said = await must(["curl", "--silent", "--include", "--max-time", "5", "--unix-socket", socket, url])
    .catch(() => "");
  return /^HTTP\/1\.1 200 /.test(said) && said.toLowerCase().includes(`wattpost-release: ${release}\r`)
    ? true
    : undefined;
}

/** The switch: the release works, and the link leads to its socket. */
async function moveTo({ place, databaseUrl }: ColoursOptions, { colour, release }: Serves): Promise<void> {
  const db = await openDatabase(databaseUrl);
  try {
    await promoteRelease(db, { release, token: "switch", nowMs: Date.now() });
  } finally {
    await db.close();
  }
  const { sockets, upstream } = place.paths;
  await Deno.remove(`${upstream}.new`).catch(() => undefined);
  await Deno.symlink(`${sockets}/${colour}.sock`, `${upstream}.new`);
  await Deno.rename(`${upstream}.new`, upstream);
}
