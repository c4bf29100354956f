/**
 * People who look at pages: each with a browser of their own that keeps its connections and the files that it has,
 * from Today to a site and back, thinking in between.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import type { Client } from "./client.ts";
import { oneOf } from "./chance.ts";
import { askCounted, type LoadWorld, think } from "./load_world.ts";
import { answerText, assetsIn, sitesIn } from "./answer_look.ts";
import type { TrialAccount } from "./smoke_context.ts";

/** What is inside every page that is whole. */
const WHOLE = "</html>";

interface Person {
  readonly world: LoadWorld;
  readonly client: Client;
  /** The session as `name=value`; `null`: nobody is signed in. */
  readonly cookie: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Files that the browser has. */
  readonly has: Set<string>;
  /** Paths of sites that were seen in the list. */
  sites: readonly string[];
}

/** Somebody who looks at pages until the time is over; `cookie`: their session, `null`: they are not signed in. */
export async function lookAround(world: LoadWorld, cookie: string | null): Promise<void> {
  const client = world.client();
  const person: Person = { world, client, cookie, headers: world.address(), has: new Set(), sites: [] };
  try {
    await think(world); // nobody begins with the others
    while (!world.over.aborted) {
      await (cookie === null ? lookFromOutside(person) : lookInside(person));
    }
  } finally {
    client.close();
  }
}

async function lookFromOutside(person: Person): Promise<void> {
  await page(person, "Sign in", "/sign-in");
  await think(person.world);
  await page(person, "Forgot", "/forgot");
  await think(person.world);
}

/** A morning's look: Today, the list, two sites of it, each with its figures, and what else there is. */
async function lookInside(person: Person): Promise<void> {
  const { world } = person;
  await page(person, "Today", "/");
  await think(world);
  const list = await page(person, "Sites", "/sites");
  if (list !== null) person.sites = sitesIn(list);
  await think(world);
  for (let visit = 0; visit < 2 && !world.over.aborted; visit++) {
    const site = oneOf(world.random, person.sites);
    if (site === undefined) break;
    await page(person, "Site", site);
    await figures(person, `${site}/load?range=week`);
    await think(world);
  }
  if (world.random() < 0.2) {
    await page(person, "Profiles", "/profiles");
    await think(world);
  }
}

/** A page and the files it asks for that the browser has not got yet; its text, `null`: it did not come. */
async function page(
  { world, client, cookie, headers, has }: Person,
  what: string,
  path: string,
): Promise<string | null> {
  const answer = await askCounted(world, client, {
    kind: "page",
    what,
    path,
    ask: { cookie, headers },
    holds: WHOLE,
  });
  if (answer === null) return null;
  const missing = assetsIn(answer.text).filter((file) => !has.has(file));
  for (const file of missing) has.add(file);
  await Promise.all(missing.map(async (file) => {
    const what = /\.css(\?|$)/.test(file) ? "Styles" : "Scripts and pictures";
    await askCounted(world, client, { kind: "file", what, path: file, ask: { cookie, headers } });
  }));
  return answer.text;
}

async function figures({ world, client, cookie, headers }: Person, path: string): Promise<void> {
  const asked = { kind: "page", what: "Figures of a site", path, ask: { cookie, headers } } as const;
  await askCounted(world, client, asked);
}

/** Signs somebody in; the session as `name=value`. */
export async function sessionOf(
  client: Client,
  { account, headers }: {
    readonly account: TrialAccount;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<Result<string, string>> {
  const asked = await client.ask("/sign-in", { form: { ...account, back: "/" }, headers });
  if (!asked.ok) return asked;
  const { status, headers: got } = asked.value;
  const set = got.getSetCookie().find((one) => /^(__Host-)?wattpost=/.test(one))?.split(";", 1)[0];
  const to = got.get("location") ?? "";
  if (status === 303 && set !== undefined && !to.startsWith("/sign-in")) return ok(set);
  const what = to.startsWith("/sign-in")
    ? "is asked for a second factor"
    : `is answered ${answerText(asked.value)}`;
  return err(`${account.email} cannot sign in: it ${what}`);
}
