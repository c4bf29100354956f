/**
 * Programs that ask the API with tokens: lists, devices, half-hours; and, where it was said, write what is there
 * already, under idempotency keys.
 *
 * @module
 */

import type { Client } from "./client.ts";
import { oneOf } from "./chance.ts";
import { askCounted, type LoadWorld, think } from "./load_world.ts";
import { jsonOf } from "./answer_look.ts";

const DAY_MS = 86_400_000;

/** One request in so many writes, where that was said. */
const WRITES_SHARE = 0.2;

interface Program {
  readonly world: LoadWorld;
  readonly client: Client;
  readonly headers: Readonly<Record<string, string>>;
  /** Ids of sites that it knows of. */
  sites: readonly number[];
}

/** A program that asks until the time is over. */
export async function askApi(
  world: LoadWorld,
  { token, writes }: { readonly token: string; readonly writes: boolean },
): Promise<void> {
  const client = world.client();
  const headers = { ...world.address(), authorization: `Bearer ${token}`, accept: "application/json" };
  const program: Program = { world, client, headers, sites: [] };
  try {
    await think(world);
    while (!world.over.aborted) await round(program, writes);
  } finally {
    client.close();
  }
}

async function round(program: Program, writes: boolean): Promise<void> {
  const { world, sites } = program;
  const siteId = oneOf(world.random, sites);
  if (siteId === undefined) {
    program.sites = await listSites(program);
    return await think(world);
  }
  const path = `/sites/${siteId}`;
  const chance = world.random();
  if (writes && chance < WRITES_SHARE) await write(program, siteId);
  else if (chance < 0.4) await get(program, "A site", path);
  else if (chance < 0.6) await get(program, "Devices of a site", `${path}/devices`);
  else if (chance < 0.9) await get(program, "List of sites", "/sites?limit=100");
  else await get(program, "Half-hours of a site", halfHoursPath(siteId, world.clock.nowMs()));
  await think(world);
}

async function listSites(program: Program): Promise<readonly number[]> {
  const text = await get(program, "List of sites", "/sites?limit=100");
  const items = jsonOf(text ?? "")?.["items"];
  return Array.isArray(items) ? items.flatMap(({ id }) => Number.isInteger(id) ? [id] : []) : [];
}

async function get({ world, client, headers }: Program, what: string, path: string): Promise<string | null> {
  const answer = await askCounted(world, client, {
    kind: "API",
    what,
    path: `/api/v1${path}`,
    ask: { headers },
  });
  return answer?.text ?? null;
}

/** Writes the town that a site has, now and then twice under one key: nothing changes, whatever is lost. */
async function write({ world, client, headers }: Program, siteId: number): Promise<void> {
  const path = `/api/v1/sites/${siteId}`;
  const seen = await askCounted(world, client, { kind: "API", what: "A site", path, ask: { headers } });
  const etag = seen?.headers.get("etag") ?? null;
  const town = jsonOf(seen?.text ?? "")?.["town"];
  if (etag === null || typeof town !== "string") return;
  const asked = {
    kind: "API",
    what: "Write to a site",
    path,
    ask: {
      method: "PATCH",
      headers: {
        ...headers,
        "content-type": "application/json",
        "if-match": etag,
        "idempotency-key": crypto.randomUUID(),
      },
      body: JSON.stringify({ town }),
    },
  } as const;
  await askCounted(world, client, asked);
  if (world.random() < 0.25) await askCounted(world, client, asked);
}

/** The last whole day in UTC of one site. */
function halfHoursPath(siteId: number, nowMs: number): string {
  const to = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const day = (ms: number) => new Date(ms).toISOString();
  const query = new URLSearchParams({
    site: String(siteId),
    from: day(to - DAY_MS),
    to: day(to),
    limit: "1000",
  });
  return `/interval-readings?${query}`;
}
