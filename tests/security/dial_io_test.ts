/**
 * Attacks by addresses: a site is registered at an address where there is no router, so that the product dials what
 * its attacker cannot reach. Each is tried by reading its meter now, and all of them in a cycle.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { readingReasonOf } from "../../lib/domain/reading.ts";
import { readDialPlaces } from "../../lib/store/dial_places.ts";
import { readMailServer, saveSender } from "../../lib/store/mail_settings.ts";
import { registerSites, type SiteDraft } from "../../lib/store/sites.ts";
import { draftOf, siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Peer, startPeer } from "../fakes/modbus_peer.ts";
import { ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { placeOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";
import { PASSWORD } from "./door.ts";

interface Scene {
  readonly flow: Flow;
  readonly admin: Visitor;
  /** Listens on this machine; nobody may come. */
  readonly bait: Peer;
  /** Ids of sites by their host and port. */
  readonly registered: Map<string, number>;
}

/** Where the bait is on this machine. */
const BAIT = 0;

interface Target {
  readonly host: string;
  readonly port: number;
}

const at = (port: number, hosts: readonly string[]): readonly Target[] =>
  hosts.map((host) => ({ host, port }));

const TARGETS: readonly { readonly what: string; readonly targets: readonly Target[] }[] = [
  {
    what: "this machine",
    targets: at(BAIT, [
      "127.0.0.1",
      "127.1",
      "127.0.1",
      "127.255.255.254",
      "2130706433",
      "0x7f000001",
      "0x7f.0.0.1",
      "0177.0.0.1",
      "017700000001",
      "localhost",
      "LOCALHOST",
      "localhost.",
      "::1",
      "0:0:0:0:0:0:0:1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "::127.0.0.1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "0",
      "0.0.0.0",
      "::",
      "::ffff:0.0.0.0",
      "::1%lo",
      "[::1]",
      "127.0.0.1.",
      "127。0。0。1",
      "127.0.0.1\u0000.example.org",
      "127.0.0.1@example.org",
      "127.0.0.1:80",
    ]),
  },
  {
    what: "the machine's cloud",
    targets: at(502, [
      "169.254.169.254",
      "169.254.170.2",
      "2852039166",
      "0xa9fea9fe",
      "0251.0376.0251.0376",
      "::ffff:169.254.169.254",
      "::ffff:a9fe:a9fe",
      "64:ff9b::a9fe:a9fe",
      "fe80::1",
      "fd00:ec2::254",
      "100.100.100.200",
      "192.0.0.192",
    ]),
  },
  {
    what: "a private network that nobody allowed",
    targets: at(502, [
      "10.0.0.1",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "100.64.0.1",
      "fd12::1",
      "167772161",
    ]),
  },
  {
    what: "everybody at once",
    targets: at(502, ["255.255.255.255", "224.0.0.1", "239.1.1.1", "ff02::1", "240.0.0.1"]),
  },
  {
    what: "a service that is no meter",
    targets: [22, 25, 53, 80, 443, 445, 2375, 3306, 6379, 11211].map((port) => ({ host: "8.8.8.8", port })),
  },
];

const nameOf = ({ host, port }: Target) =>
  `${JSON.stringify(host)} ${port === BAIT ? "" : `port ${port}`}`.trim();

/** Hosts that may have no address at all, by the machine's resolver. */
const NO_NAMES = new Set(["localhost.", "[::1]", "127.0.0.1.", "127.0.0.1@example.org", "127.0.0.1:80"]);

const SPELLINGS: readonly Attack<Scene>[] = TARGETS.flatMap(({ what, targets }) =>
  targets.map((target) => ({
    wants: `have the product dial ${what} as ${nameOf(target)}: it does not`,
    async holds({ flow, admin, bait, registered }: Scene) {
      await flow.clock.advance(2_000); // 30 readings a minute are one person's
      const id = registered.get(nameOf(target)) ?? 0;
      const { device } = await placeOf(flow, id);
      const reading = post(flow.origin, `/sites/${id}/devices/${device}/read`, {}, { cookie: admin.cookie });
      const answer = await flow.settle(reading);
      strictEqual(answer.status, 200);
      const nowhere = NO_NAMES.has(target.host) && /no way to the router/i.test(answer.text);
      const said = answer.text.replaceAll(/<[^>]*>/g, " ").slice(0, 4_000);
      ok(nowhere || /the address is not allowed/i.test(answer.text), `it was dialled: ${said}`);
      strictEqual(bait.connections(), 0);
    },
  }))
);

const SETTINGS: readonly Attack<Scene>[] = [
  {
    wants: "allow networks in which this machine, the cloud or everybody is: none of them can be",
    async holds({ flow, admin }) {
      const networks = [
        "0.0.0.0/0",
        "::/0",
        "127.0.0.0/8",
        "::1/128",
        "169.254.0.0/16",
        "fe80::/10",
        "224.0.0.0/4",
        "10.0.0.0/7",
        "8.8.8.0/24",
        "::ffff:127.0.0.0/104",
        "10.8.0.0/16\u0000",
        "10.8.0.0/16; rm -rf",
      ];
      for (const network of networks) {
        const form = { networks: network, ports: "", version: "0" };
        const answer = await post(flow.origin, "/admin/networks", form, { cookie: admin.cookie });
        strictEqual(answer.status, 422, network);
      }
      for (const port of ["0", "-1", "65536", "22", "3306", "1e3", "0x16", "80,443"]) {
        const form = { networks: "", ports: port, version: "0" };
        const answer = await post(flow.origin, "/admin/networks", form, { cookie: admin.cookie });
        strictEqual(answer.status, 422, port);
      }
      deepStrictEqual((await readDialPlaces(flow.opened.db)).places, { networks: [], ports: [] });
    },
  },
  {
    wants: "have letters sent through the machine's cloud or this product: such a mail server is not called",
    async holds({ flow, admin }) {
      const { port: own } = new URL(flow.origin);
      const mail = {
        form: "mail",
        security: "none",
        user: "",
        password: "",
        from: "a@example.org",
        fromName: "",
      };
      let version = 0;
      for (
        const [host, port] of [["169.254.169.254", "80"], ["0xa9fea9fe", "25"], ["127.0.0.1", own]] as const
      ) {
        const form = { ...mail, host, port, version: String(version) };
        const saved = await post(flow.origin, "/admin/mail", form, { cookie: admin.cookie });
        if (saved.status === 422) continue;
        strictEqual(saved.status, 303, host);
        version += 1;
        const test = { form: "mail-test" };
        const tried = await flow.settle(post(flow.origin, "/admin/mail", test, { cookie: admin.cookie }));
        strictEqual(tried.status, 422, host);
        match(tried.text, /may not be dialled/, host);
      }
    },
  },
];

/** A mail server of a form that says where it is, and whether somebody ticked that it is here. */
const relayAt = (host: string, port: number) => ({
  host,
  port,
  security: "none" as const,
  user: "",
  from: "a@example.org",
  fromName: "",
});

const RELAYS: readonly Attack<Scene>[] = [
  {
    wants: "reach the database through the mail settings: this machine answers at ports of mail alone",
    async holds({ flow, admin, bait }) {
      const { db } = flow.opened;
      const { version } = await readMailServer(db);
      for (const host of ["127.0.0.1", "::1", "localhost", "127.9.9.9", "::ffff:127.0.0.1"]) {
        for (const port of [3306, bait.port, Number(new URL(flow.origin).port)]) {
          const form = { ...relayAt(host, port), form: "mail", password: "", onThisMachine: "on" };
          const typed = { ...form, port: String(port), version: String(version) };
          const answer = await post(flow.origin, "/admin/mail", typed, { cookie: admin.cookie });
          strictEqual(answer.status, 422, `${host}:${port}`);
        }
      }
      strictEqual((await readMailServer(db)).version, version);
    },
  },
  {
    wants: "reach it by a setting that no form has checked, ticked or not: it is judged when it is dialled",
    async holds({ flow, admin, bait }) {
      const { db, keys: { box } } = flow.opened;
      for (const onThisMachine of [false, true]) {
        for (const host of ["127.0.0.1", "localhost", "127.9.9.9"]) {
          const { version } = await readMailServer(db);
          const value = { ...relayAt(host, bait.port), onThisMachine };
          const change = { box, name: "mail", value, version, secret: { kind: "keep" } } as const;
          ok((await saveSender(db, authorAt(flow.clock.nowMs()), change)).ok);
          const test = { form: "mail-test" };
          const tried = await flow.settle(post(flow.origin, "/admin/mail", test, { cookie: admin.cookie }));
          strictEqual(tried.status, 422, host);
          match(tried.text, /may not be dialled/, host);
        }
      }
      strictEqual(bait.connections(), 0);
    },
  },
];

/** A site at a target, with one meter. */
function siteAt(flow: Flow, { target, bait, name }: {
  readonly target: Target;
  readonly bait: Peer;
  readonly name: string;
}): SiteDraft {
  const [site] = flow.sites;
  if (!site) throw new Error("A site is needed to draw another like it");
  const draft = draftOf(site, { since: FIRST, name });
  const endpoints = draft.endpoints.slice(1, 2).map((endpoint) => ({
    ...endpoint,
    port: target.port === BAIT ? bait.port : target.port,
  }));
  return { ...draft, endpoints, paths: [{ kind: "cellular", host: target.host }] };
}

async function inACycle({ flow, admin, bait, registered }: Scene): Promise<void> {
  const lines = flow.lines.length;
  await flow.collect(FIRST + 1);
  strictEqual(bait.connections(), 0);
  const rows = await flow.opened.db.kysely.selectFrom("attempt").select(["site_id", "reason"])
    .where("half_hour", "=", FIRST + 1).execute();
  const unresolved = new Set([...NO_NAMES].map((host) => nameOf({ host, port: BAIT })));
  for (const [name, id] of registered) {
    const own = rows.filter(({ site_id }) => site_id === id).map(({ reason }) =>
      reason === null ? null : readingReasonOf(reason)
    );
    ok(own.length > 0, `${name} was not tried`);
    const allowed = unresolved.has(name) ? ["address-not-allowed", "no-route"] : ["address-not-allowed"];
    ok(own.every((reason) => allowed.includes(String(reason))), `${name}: ${own}`);
  }
  const page = await ask(flow.origin, `/sites/${[...registered.values()][0]}`, {
    headers: { cookie: admin.cookie },
  });
  match(page.text, /address is not allowed/i);
  doesNotMatch(JSON.stringify(flow.lines.slice(lines)), /"level":"error"/);
}

/** Made by an administrator who has just typed the password. */
function confirmed(attack: Attack<Scene>): Attack<Scene> {
  return {
    ...attack,
    async holds(scene) {
      const { flow, admin } = scene;
      const form = { password: PASSWORD, back: "/admin/networks" };
      strictEqual((await post(flow.origin, "/account/confirm", form, { cookie: admin.cookie })).status, 303);
      await attack.holds(scene);
    },
  };
}

Deno.test("attacks by addresses", async (t) => {
  const bait = await startPeer(() => null);
  try {
    await withFlow({ specs: [siteSpec()], env: { LOOPBACK_SITES: "off" } }, async (flow) => {
      const admin = await makeVisitor(flow, { name: "admin", role: "administrator" });
      const all = TARGETS.flatMap(({ targets }) => targets);
      const drafts = all.map((target, index) => siteAt(flow, { target, bait, name: `Site ${index}` }));
      const ids = await registerSites(flow.opened.db, drafts);
      if (!ids.ok) throw new Error(ids.error.kind);
      const registered = new Map(all.map((target, index) => [nameOf(target), ids.value[index] ?? 0]));
      const scene = { flow, admin, bait, registered };
      await withstand(t, scene, [...SPELLINGS, ...[...SETTINGS, ...RELAYS].map(confirmed), {
        wants: "have any of these dialled in a cycle: none is, and the page says why",
        holds: inACycle,
      }]);
      await t.step("nothing of it was an error of ours", () => {
        deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
      });
    });
  } finally {
    await bait.close();
  }
});
