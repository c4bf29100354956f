/**
 * Attacks through forms: sent from other sites, with more than was asked for, and with texts that send people or
 * programs astray.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { findUserAnyState, userVersion } from "../../lib/store/users.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { ASKED } from "../routes/every_route.ts";
import { type Attack, withstand } from "./attack.ts";
import type { Form } from "./door.ts";

interface Scene {
  readonly flow: Flow;
  /** An administrator, in whose name everything is tried. */
  readonly admin: Visitor;
  /** Somebody who is to be changed. */
  readonly viewer: Visitor;
}

const EVIL = "https://evil.example";

const send = ({ flow, admin }: Scene, path: string, form: Form, headers: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie: admin.cookie, ...headers });

const fill = (path: string, { flow, viewer }: Scene) =>
  path.replace("[site]", String(flow.siteIds[0])).replace("[device]", "1").replace("[group]", "1")
    .replace("[person]", String(viewer.user.id)).replace("[act]", "lock");

/** Everything that a form changes, whoever is signed in. */
const CHANGING = [
  ...Object.entries(ASKED).filter(([path, { asks }]) => "POST" in asks && !path.startsWith("/api/v1/"))
    .map(([path]) => path),
  "/sign-in",
  "/sign-out",
  "/theme",
  "/setup",
  "/invite",
  "/forgot",
  "/reset",
  "/confirm-email",
];

/** What a browser says of a form that another site sends in it, or of one that says nothing at all. */
const FOREIGN: readonly Form[] = [
  { origin: EVIL },
  { origin: "null" },
  { origin: `${EVIL}:443`, "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
  { "sec-fetch-site": "cross-site", referer: "ORIGIN/" },
  { referer: "ORIGIN/admin/people" },
];

const FORGERIES: readonly Attack<Scene>[] = CHANGING.map((path) => ({
  wants: `send the form of ${path} from another site, in an administrator's browser: nothing is taken`,
  async holds(scene) {
    const { flow, admin } = scene;
    const before = await listDone(flow);
    for (const told of FOREIGN) {
      const headers = Object.fromEntries(
        Object.entries(told).map(([name, value]) => [name, value.replace("ORIGIN", flow.origin)]),
      );
      const init = { method: "POST", headers: { cookie: admin.cookie, ...headers } };
      for (
        const body of [new URLSearchParams({ name: "x" }), "{}", new Blob(["a=b"], { type: "text/plain" })]
      ) {
        const answer = await ask(flow.origin, fill(path, scene), { ...init, body });
        strictEqual(answer.status, 403, JSON.stringify(told));
        strictEqual(answer.headers.get("set-cookie"), null);
      }
    }
    deepStrictEqual(await listDone(flow), before);
    await flow.clock.advance(60_000); // what an address may send in a minute is counted anew
  },
}));

/** What was done, as the trail tells it; what was refused is told there too. */
async function listDone({ opened }: Flow) {
  return (await listAudit(opened.db, 1_000)).filter(({ action }) => action !== "refused");
}

const ASSIGNMENTS: readonly Attack<Scene>[] = [
  {
    wants: "become something by a field that no form has: it is refused as unknown, and nothing is changed",
    async holds(scene) {
      const { flow, viewer } = scene;
      const person = `/admin/people/${viewer.user.id}`;
      const before = await findUserAnyState(flow.opened.db, viewer.user.id);
      const version = before ? userVersion(before) : "";
      const right = { name: "viewer", role: "viewer", reach: "all", find: "", do: "save", version };
      for (
        const name of [
          "id",
          "userId",
          "user_id",
          "passwordHash",
          "password_hash",
          "sessionEpoch",
          "state",
          "disabled",
          "secondFactor",
          "__proto__",
          "constructor",
          "hasOwnProperty",
          "role[]",
          "role.0",
          "user[role]",
        ]
      ) {
        const answer = await send(scene, person, { ...right, name: "Changed", [name]: "1" });
        strictEqual(answer.status, 422, name);
      }
      deepStrictEqual(await findUserAnyState(flow.opened.db, viewer.user.id), before);
    },
  },
  {
    wants: "slip a role into the form to sign in or into a setting: both are refused whole",
    async holds(scene) {
      const { origin } = scene.flow;
      const form = { email: scene.viewer.user.email, password: "a sentence that is long enough", back: "/" };
      strictEqual((await post(origin, "/sign-in", { ...form, role: "administrator" })).status, 422);
      const networks = { networks: "", ports: "", version: "0", role: "administrator" };
      strictEqual((await send(scene, "/admin/networks", networks)).status, 422);
      const cookie = await signInAs(scene.flow, scene.admin.user.email); // lately there: a token asks for that
      const token = { userId: "1", name: "x" };
      strictEqual((await post(origin, "/account/tokens/new", token, { cookie })).status, 422);
    },
  },
  {
    wants: "send a field twice, so that one is checked and the other taken: neither is",
    async holds({ flow, admin, viewer }) {
      const form = new URLSearchParams({
        name: "viewer",
        role: "viewer",
        reach: "all",
        find: "",
        do: "save",
        version: userVersion(viewer.user),
      });
      form.append("role", "administrator");
      const headers = { origin: flow.origin, cookie: admin.cookie };
      const path = `/admin/people/${viewer.user.id}`;
      const answer = await ask(flow.origin, path, { method: "POST", headers, body: form });
      strictEqual(answer.status, 422);
      strictEqual((await findUserAnyState(flow.opened.db, viewer.user.id))?.role, "viewer");
    },
  },
  {
    wants: "change by a program what it may not: unknown members are named and nothing is changed",
    async holds({ flow, admin }) {
      const path = `/api/v1/sites/${flow.siteIds[0]}`;
      const headers = { authorization: `Bearer ${admin.token}`, "content-type": "application/json" };
      const seen = await ask(flow.origin, path, { headers });
      const etag = seen.headers.get("etag") ?? "";
      for (
        const body of [
          '{"id":7}',
          '{"collected":false}',
          '{"town":"x","paths":[]}',
          '{"__proto__":{"role":"administrator"}}',
          '{"constructor":{"prototype":{"x":1}}}',
          '{"name":["a"]}',
          '{"name":{"$ne":""}}',
          "[]",
          "null",
          '"x"',
        ]
      ) {
        const init = { method: "PATCH", body, headers: { ...headers, "if-match": etag } };
        strictEqual((await ask(flow.origin, path, init)).status, 422, body);
      }
      strictEqual((await ask(flow.origin, path, { headers })).text, seen.text);
      strictEqual(({} as Record<string, unknown>)["x"], undefined);
    },
  },
  {
    wants: "have one method taken for another by a header or a field: none is believed",
    async holds(scene) {
      const { flow, admin } = scene;
      const headers = {
        cookie: admin.cookie,
        "x-http-method-override": "POST",
        "x-http-method": "POST",
        "x-method-override": "POST",
      };
      strictEqual((await ask(flow.origin, "/sign-out", { headers })).status, 405);
      strictEqual((await ask(flow.origin, "/sign-out?_method=POST", { headers })).status, 405);
      strictEqual((await ask(flow.origin, "/", { headers })).status, 200, "still signed in");
    },
  },
];

/** Where somebody would like people to land. */
const ELSEWHERE = [
  "https://evil.example/",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/%0d%0aLocation:%20https://evil.example",
  "/\r\nSet-Cookie: a=b",
  "javascript:alert(1)",
  "data:text/html,x",
  "http:evil.example",
  "https:evil.example",
  "evil.example",
  "@evil.example",
  ".evil.example",
  "/..//evil.example",
  "/\u2028/evil.example",
  "/。evil.example",
];

const ASTRAY: readonly Attack<Scene>[] = [
  {
    wants: "send people to another site after they signed in or chose a theme: they stay with us",
    async holds(scene) {
      const { flow } = scene;
      const lands = (answer: Answer) => new URL(answer.headers.get("location") ?? "", flow.origin).origin;
      for (const back of ELSEWHERE) {
        const theme = await send(scene, "/theme", { theme: "dark", back });
        ok([303, 400].includes(theme.status), `${back}: ${theme.status}`);
        strictEqual(lands(theme), flow.origin, back);
        deepStrictEqual(theme.headers.getSetCookie().filter((one) => !one.startsWith("theme=")), [], back);
        const page = await ask(flow.origin, `/sign-in?back=${encodeURIComponent(back)}`);
        const kept = /name="back" value="([^"]*)"/.exec(page.text)?.[1] ?? "/";
        strictEqual(new URL(kept, flow.origin).origin, flow.origin, back);
      }
    },
  },
  {
    wants: "put signs that reverse or hide text into names: they are refused where they are typed",
    async holds(scene) {
      const form = { email: "n@wattpost.example", role: "viewer", reach: "all", find: "", do: "save" };
      for (const sign of ["\u202e", "\u2066", "\u200b", "\u0000", "\u001b[31m", "\r\n", "\ufeff", "\u2028"]) {
        const answer = await send(scene, "/admin/people/invite", { ...form, name: `Nina${sign}x` });
        strictEqual(answer.status, 422, JSON.stringify(sign));
      }
    },
  },
  {
    wants: "break the reading of a form by bytes that are no text: it is answered, and nothing breaks",
    async holds({ flow, admin }) {
      const headers = {
        origin: flow.origin,
        cookie: admin.cookie,
        "content-type": "application/x-www-form-urlencoded",
      };
      const bodies = [
        "%",
        "%zz=%f0%28",
        "a=%00",
        "=",
        "&&&",
        "\xff\xfe\x00",
        "theme=%ed%a0%80",
        "a".repeat(500),
      ];
      for (const body of bodies) {
        for (const path of ["/theme", "/sign-in", "/admin/networks"]) {
          const bytes = Uint8Array.from(body, (sign) => sign.charCodeAt(0));
          const { status } = await ask(flow.origin, path, { method: "POST", headers, body: bytes });
          ok([303, 400, 422, 429].includes(status), `${path} ${JSON.stringify(body)}: ${status}`);
        }
      }
    },
  },
  {
    wants: "read how we are made from an error: there is none of our insides in it",
    async holds(scene) {
      const { flow, admin } = scene;
      const headers = { cookie: admin.cookie };
      const answers = [
        await ask(flow.origin, "/nowhere", { headers }),
        await ask(flow.origin, "/sites/0", { headers }),
        await ask(flow.origin, "/api/live?site=x", { headers }),
        await ask(flow.origin, "/sites?page=-1&sort=__proto__", { headers }),
        await ask(flow.origin, "/api/v1/sites?cursor=x", {
          headers: { authorization: `Bearer ${admin.token}` },
        }),
        await send(scene, "/sign-in", { x: "y" }),
        await ask(flow.origin, "/%c0%ae%c0%ae/"),
      ];
      for (const { text, status } of answers) {
        ok(status < 500, `${status}`);
        doesNotMatch(text, /\.tsx?:\d|at async|node_modules|sqlite|select ["`]|\/lib\/|file:\/\//i);
      }
    },
  },
];

Deno.test("attacks through forms", async (t) => {
  await withFlow({ specs: [siteSpec()], env: { COLLECT: "off" } }, async (flow) => {
    const admin = await makeVisitor(flow, { name: "admin", role: "administrator" });
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    for (const attacks of [FORGERIES, ASSIGNMENTS, ASTRAY]) {
      await flow.clock.advance(600_000);
      const cookie = await signInAs(flow, admin.user.email); // lately there: people and security ask for that
      await withstand(t, { flow, admin: { ...admin, cookie }, viewer }, attacks);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
