/**
 * Attacks through registering a site: somebody who reaches few sites gives the address of another one as their own.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";

type Form = Readonly<Record<string, string>>;

interface Scene {
  readonly flow: Flow;
  /** Where the site is that the technician does not reach. */
  readonly far: { readonly host: string; readonly port: number; readonly kind: string };
  /** Reaches a group without sites. */
  readonly technician: Visitor;
  readonly admin: Visitor;
}

const FAR = "Secret Mill";
const WORDS = /This address and port are of a site that you do not reach/;
const DEVICE: Form = { name: "Incomer", profileId: "eastron-sdm630", unitId: "1", appliedBy: "" };

const look = ({ flow }: Scene, { cookie }: Visitor, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });

/** Sends a form with the version that its page carries. */
async function save(scene: Scene, visitor: Visitor, path: string, form: Form): Promise<Answer> {
  const { text } = await look(scene, visitor, path);
  const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
  return await post(scene.flow.origin, path, { version, ...form }, { cookie: visitor.cookie });
}

/** Begins a draft whose router has these addresses, and the port of the far site; its path and the port's number. */
async function draftAt(
  scene: Scene,
  visitor: Visitor,
  hosts: readonly string[],
): Promise<{ readonly base: string; readonly endpointId: string; readonly version: string }> {
  const { flow, far } = scene;
  const begun = await post(flow.origin, "/sites/register", {}, { cookie: visitor.cookie });
  const base = (begun.headers.get("location") ?? "").replace(/\/site$/, "");
  const paths = hosts.map((host, i) => [[`path${i + 1}Kind`, "cellular"], [`path${i + 1}Host`, host]]);
  const saved = await save(scene, visitor, `${base}/router`, {
    unitId: "1",
    profileId: "",
    ...Object.fromEntries(paths.flat()),
    endpoint1Kind: far.kind,
    endpoint1Port: String(far.port),
    do: "next",
  });
  strictEqual(saved.status, 303);
  const { text } = await look(scene, visitor, `${base}/devices/new`);
  const endpointId = new RegExp(`<option value="(\\d+)"[^>]*>[^<]*port ${far.port}<`).exec(text)?.[1] ?? "";
  return { base, endpointId, version: /name="version" value="(\d+)"/.exec(text)?.[1] ?? "" };
}

async function written({ flow }: Scene): Promise<number> {
  const trail = await listAudit(flow.opened.db, 1_000);
  return trail.filter(({ action }) => ["device-tested", "units-scanned"].includes(action)).length;
}

/** Spellings of 127.0.0.1 that lead there all the same. */
const SPELLINGS: readonly string[] = ["::ffff:127.0.0.1", "[::FFFF:7f00:1]", "0:0:0:0:0:ffff:7f00:0001"];

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants:
      "read the meters of a site out of reach by testing a device at its address: nothing is asked there",
    async holds(scene) {
      const { flow, far, technician } = scene;
      for (const hosts of [[far.host], ["192.0.2.1", far.host]]) {
        const { base, endpointId, version } = await draftAt(scene, technician, hosts);
        const path = `${base}/devices/new/test`;
        const form = { ...DEVICE, endpointId, version };
        const tested = await post(flow.origin, path, form, { cookie: technician.cookie });
        strictEqual(tested.status, 422);
        match(tested.text, WORDS);
        match(tested.text, /value="Incomer"/, "what was typed is still there");
        doesNotMatch(tested.text, /Voltage L1|plausible|Secret Mill/);
      }
      strictEqual(await written(scene), 0);
    },
  },
  {
    wants: "learn which units stand at a site out of reach by a scan: nothing is asked there",
    async holds(scene) {
      const { flow, far, technician } = scene;
      const { base, endpointId } = await draftAt(scene, technician, [far.host]);
      const form = { scanEndpointId: endpointId, scanFrom: "1", scanTo: "9" };
      const begun = await post(flow.origin, `${base}/devices/scan`, form, { cookie: technician.cookie });
      strictEqual(begun.status, 422);
      match(begun.text, WORDS);
      strictEqual(await written(scene), 0);
      doesNotMatch((await look(scene, technician, `${base}/devices/new`)).text, /Scan of units/);
    },
  },
  {
    wants: "ask a site out of reach by another spelling of its address: it is the same address",
    async holds(scene) {
      const { flow, technician } = scene;
      for (const host of SPELLINGS) {
        const { base, endpointId, version } = await draftAt(scene, technician, [host]);
        const asks = [
          [`${base}/devices/new/test`, { ...DEVICE, endpointId, version }],
          [`${base}/devices/scan`, { scanEndpointId: endpointId, scanFrom: "1", scanTo: "9" }],
        ] as const;
        for (const [path, form] of asks) {
          const asked = await flow.settle(post(flow.origin, path, form, { cookie: technician.cookie }));
          strictEqual(asked.status, 422, `${host} ${path}`);
          match(asked.text, WORDS);
        }
      }
      strictEqual(await written(scene), 0);
    },
  },
  {
    wants: "test a device at the address of a site within reach: that is what it is for",
    async holds(scene) {
      const { flow, far, admin } = scene;
      const { base, endpointId, version } = await draftAt(scene, admin, [far.host]);
      const form = { ...DEVICE, endpointId, version };
      const path = `${base}/devices/new/test`;
      const tested = await flow.settle(post(flow.origin, path, form, { cookie: admin.cookie }));
      strictEqual(tested.status, 200);
      strictEqual(await written(scene), 1);
    },
  },
];

Deno.test("attacks through registering a site", async (t) => {
  await withFlow({ specs: [siteSpec({ name: FAR })] }, async (flow) => {
    const { db, keys } = flow.opened;
    const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
    const group = await createGroup(db, by, { name: "North" });
    ok(group.ok);
    const far = await db.reader.selectFrom("path").innerJoin("endpoint", "endpoint.site_id", "path.site_id")
      .select(["path.host", "endpoint.port"]).orderBy("endpoint.port").limit(1).executeTakeFirstOrThrow();
    const reach = { kind: "some", groupIds: [group.value.id], siteIds: [] } as const;
    const technician = await makeVisitor(flow, { name: "technician", role: "technician", reach });
    const admin = await makeVisitor(flow, { name: "boss", role: "administrator" });
    await withstand(t, { flow, far: { ...far, kind: "gateway" }, technician, admin }, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
