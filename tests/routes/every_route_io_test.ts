/**
 * Every route of the product, each method it answers, by everybody: nobody, every role with all sites, and every role
 * with one named site, at that site and at another. What must come back follows from the table of permissions.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  ALL_ROLES,
  ALL_SITES,
  isWithin,
  PERMISSIONS,
  type PlaceAction,
  type Reach,
  type Role,
  type SiteAction,
} from "../../lib/domain/permission.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { createUser } from "../../lib/store/users.ts";
import { OPERATIONS } from "../../lib/web/api/operations.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { PROJECT } from "../flows/built.ts";
import { ask, type Flow, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, type Visitor } from "../flows/visitors.ts";
import { ASKED, ASKED_BY_QUERY, type Asks, OPEN } from "./every_route.ts";
import { fillPath, type Place, placeOf, valuesOf } from "./places.ts";

type Action = PlaceAction | SiteAction;

interface Route {
  /** Its path, parameters as the files name them. */
  readonly path: string;
  /** Methods its file answers. */
  readonly methods: readonly string[];
}

const API = "/api/v1/";

/** All routes by their files; a file or folder of which no path is made begins with `_`, or with `(_`. */
async function listRoutes(folder = "routes", before = ""): Promise<readonly Route[]> {
  const found: Route[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${PROJECT}${folder}`)) {
    if (/^\(?_/.test(name)) continue;
    const step = name.replace(/\.tsx?$/, "");
    const path = /^\(.*\)$/.test(step) || step === "index" ? before : `${before}/${step}`;
    if (isDirectory) found.push(...await listRoutes(`${folder}/${name}`, path));
    else found.push({ path: path || "/", methods: await methodsOf(`${folder}/${name}`, path) });
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function methodsOf(file: string, path: string): Promise<readonly string[]> {
  const { handler } = await import(`${PROJECT}${file}`);
  if (typeof handler === "object") return Object.keys(handler);
  const described = OPERATIONS.filter((one) => `/api/v1${one.path}`.replaceAll("{", "[") === bracketed(path));
  return described.length > 0 ? described.map(({ method }) => method) : ["GET"];
}

const bracketed = (path: string) => path.replaceAll("]", "}");

interface Scene {
  readonly flow: Flow;
  /** The one that is named in the reach of some. */
  readonly near: Place;
  readonly far: Place;
  /** Somebody who is changed by whoever may. */
  readonly person: number;
  /** A group by which that person reaches sites, so that nobody can remove it. */
  readonly group: number;
  readonly visitors: readonly (Visitor & { readonly role: Role; readonly reach: Reach })[];
}

async function setScene(flow: Flow): Promise<Scene> {
  const [near, far] = await Promise.all(flow.siteIds.map((id) => placeOf(flow, id)));
  if (!near || !far) throw new Error("Two sites are needed");
  const visitors: (Visitor & { role: Role; reach: Reach })[] = [];
  const named: Reach = { kind: "some", groupIds: [], siteIds: [near.id] };
  for (const role of ALL_ROLES) {
    for (const reach of [ALL_SITES, named]) {
      const visitor = await makeVisitor(flow, { name: `${role} ${reach.kind}`, role, reach });
      visitors.push({ ...visitor, role, reach });
    }
  }
  const nowMs = flow.clock.nowMs();
  const draft = { email: "changed@wattpost.example", name: "Changed", passwordHash: "x", nowMs };
  const made = await createUser(flow.opened.db, { ...draft, role: "viewer" });
  if (!made.ok) throw new Error(made.error.kind);
  const group = await createGroup(flow.opened.db, authorAt(nowMs), { name: "North" });
  if (!group.ok) throw new Error("The name is taken");
  await setReach(flow, made.value.id, { kind: "some", groupIds: [group.value.id], siteIds: [] });
  return { flow, near, far, person: made.value.id, group: group.value.id, visitors };
}

/** A path with its parameters filled in; one that is not known here needs a line of its own. */
function fill(text: string, place: Place, { person, group }: Scene): string {
  const named = {
    act: "lock",
    session: "none",
    finding: "reversed",
    passkey: "none",
    profile: "eastron-sdm630",
    template: "general-sheet",
    draft: "999",
    import: "999",
    map: "999",
    window: "999",
    version: "1",
  };
  return fillPath(text, { ...valuesOf(place), person, group, ...named });
}

interface Request {
  readonly path: string;
  readonly method: string;
  readonly visitor: Visitor | null;
  /** What is sent with an unsafe method; default: nothing. */
  readonly sent?: string | undefined;
}

interface Answered {
  readonly status: number;
  readonly location: string;
}

async function send({ flow }: Scene, { path, method, visitor, sent }: Request): Promise<Answered> {
  const { origin } = flow;
  const unsafe = method !== "GET" && method !== "HEAD";
  const isApi = path.startsWith(API);
  const body = !unsafe ? {} : {
    body: sent ?? (isApi ? "{}" : ""),
    headers: { "content-type": isApi ? "application/json" : "application/x-www-form-urlencoded" },
  };
  const key: Readonly<Record<string, string>> = !visitor
    ? {}
    : isApi
    ? { authorization: `Bearer ${visitor.token}` }
    : { cookie: visitor.cookie };
  const headers = { ...body.headers, ...key, origin };
  const asked = fetch(`${origin}${path}`, { method, redirect: "manual", ...body, headers });
  // A live reading waits by the clock of the test, and nothing else may see it move.
  const answer = await (path.endsWith("/read") ? flow.settle(asked) : asked);
  await answer.body?.cancel();
  return { status: answer.status, location: answer.headers.get("location") ?? "" };
}

interface Asked {
  readonly request: Request;
  readonly place: Place;
  readonly scene: Scene;
}

/** What must come back: a status, or `null` for whatever an allowed request gets. */
function wanted(action: Action, { request, place, scene }: Asked): number | null {
  const { path, method, visitor } = request;
  const isApi = path.startsWith(API);
  const isPage = method === "GET" && !path.startsWith("/api/");
  if (!visitor) return isPage ? 303 : 401;
  const known = scene.visitors.find(({ user }) => user.id === visitor.user.id);
  if (!known) throw new Error("Who is that?");
  const allows = (one: Action) => PERMISSIONS[one].roles.includes(known.role);
  if (isApi && !allows("tokens.own")) return 401;
  const atSite = action.startsWith("site.");
  if (atSite && !isWithin(known.reach, { id: place.id, groupId: null })) return 404;
  return allows(action) ? null : 403;
}

/** Statuses of forms and programs that were let in and then told what they left out. */
const LET_IN = [400, 422, 428];

function check({ status, location }: Answered, want: number | readonly number[], words: string): void {
  if (typeof want === "number") return strictEqual(status, want, words);
  const said = `${words} answers ${status} ${location}`;
  ok(status < 400 || want.includes(status), said);
  ok(!location.startsWith("/sign-in"), said);
}

async function askEverybody(scene: Scene, line: Asks & { readonly path: string }): Promise<void> {
  const { near, far, visitors } = scene;
  for (const [method, action] of Object.entries(line.asks)) {
    const places = action.startsWith("site.") ? [near, far] : [near];
    for (const place of places) {
      const path = fill(line.query ? `${line.path}?${line.query}` : line.path, place, scene);
      for (const each of method === "GET" ? ["GET", "HEAD"] : [method]) {
        for (const visitor of [null, ...visitors]) {
          const request = { path, method: each, visitor, sent: line.sent };
          const more = line.nobodys ? 404 : method === "GET" ? undefined : line.answers;
          const letIn = more === undefined ? LET_IN : [...LET_IN, more];
          const want = wanted(action, { request, place, scene }) ?? letIn;
          const who = visitor ? visitor.user.name : "nobody";
          check(await send(scene, request), want, `${each} ${path} by ${who}`);
        }
      }
    }
  }
}

/** Without the cookie of a sign-in that is half done there is nothing to go on with. */
const LEAD_TO_THE_DOOR = ["/sign-out", "/sign-in/second-factor", "/sign-in/set-up"];

async function nobodyAsks(scene: Scene, { path, methods }: Route): Promise<void> {
  const real = path.replace("[...rest]", "nowhere/at/all");
  for (const method of methods) {
    const { status, location } = await send(scene, { path: real, method, visitor: null });
    const words = `${method} ${path}: ${OPEN[path]}`;
    ok(status < 500, `${words} answers ${status}`);
    if (path === "/api/v1/[...rest]") strictEqual(status, 401, words);
    else ok(status !== 401, `${words} answers ${status}`);
    if (!LEAD_TO_THE_DOOR.includes(path)) ok(!location.startsWith("/sign-in"), words);
  }
}

const TWO_SITES = { specs: [siteSpec(), siteSpec({ name: "Mill", seed: 8 })], env: { COLLECT: "off" } };

Deno.test("every route has a line that says what it asks, and every line a route", async () => {
  const routes = await listRoutes();
  ok(routes.length > 40, `${routes.length} routes`);
  const paths = routes.map(({ path }) => path);
  deepStrictEqual(paths.filter((path) => !(path in ASKED) && !(path in OPEN)), [], "routes without a line");
  deepStrictEqual([...Object.keys(ASKED), ...Object.keys(OPEN)].filter((path) => !paths.includes(path)), []);
  deepStrictEqual(Object.keys(ASKED).filter((path) => path in OPEN), []);
  for (const { path, methods } of routes) {
    const line = ASKED[path];
    if (line) deepStrictEqual(Object.keys(line.asks).sort(), [...methods].sort(), `methods of ${path}`);
    else match(OPEN[path] ?? "", /^[a-z].{8,}/, `${path} is open, and why`);
  }
});

Deno.test("every route asks everybody, at every site", async (t) => {
  const routes = await listRoutes();
  await withFlow(TWO_SITES, async (flow) => {
    const scene = await setScene(flow);
    const lines = [...Object.entries(ASKED).map(([path, line]) => ({ path, ...line })), ...ASKED_BY_QUERY];
    for (const line of lines) {
      await t.step(`${line.path} ${line.query ?? ""}`.trim(), async () => {
        await askEverybody(scene, line);
        // What an address may send, and how many wrong tokens it may show, is counted anew.
        await flow.clock.advance(600_000);
      });
    }
    await t.step("what is open says why, and asks nobody to sign in", async () => {
      for (const route of routes.filter(({ path }) => path in OPEN)) await nobodyAsks(scene, route);
    });
    await t.step("methods that no line names are refused", async () => {
      const administrator = scene.visitors.find(({ role, reach }) =>
        role === "administrator" && reach === ALL_SITES
      );
      for (const [i, { path, methods }] of routes.filter(({ path }) => path in ASKED).entries()) {
        if (i % 50 === 49) await flow.clock.advance(600_000);
        for (const method of ["POST", "PUT", "PATCH", "DELETE"].filter((one) => !methods.includes(one))) {
          const request = { path: fill(path, scene.near, scene), method, visitor: administrator ?? null };
          strictEqual((await send(scene, request)).status, 405, `${method} ${path}`);
        }
      }
    });
    await t.step("nothing of it was an error of ours, and everybody is still signed in", async () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
      for (const { cookie, user } of scene.visitors) {
        strictEqual((await ask(flow.origin, "/", { headers: { cookie } })).status, 200, user.name);
      }
    });
  });
});
