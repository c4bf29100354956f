/**
 * Attacks through answers that grow: tests and scans that are followed by a session that has ended, for a site that is
 * out of reach by now, or in more windows than anybody has.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createGroup } from "../../lib/store/groups.ts";
import { endAllSessions } from "../../lib/store/users.ts";
import { LINES_TYPE } from "../../lib/ui/pages/register/lines.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";

type Form = Readonly<Record<string, string>>;

interface Scene {
  readonly flow: Flow;
  readonly siteId: number;
  readonly north: number;
  readonly south: number;
}

interface Scan {
  /** The pages of its devices. */
  readonly path: string;
  readonly cookie: string;
  readonly endpointId: string;
}

const look = (flow: Flow, cookie: string, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });

/** Begins a draft that changes the site, in which its port is scanned. */
async function scanned({ flow, siteId }: Scene, visitor: Visitor): Promise<Scan> {
  const { cookie } = visitor;
  const begun = await post(flow.origin, `/sites/${siteId}/change`, {}, { cookie });
  const path = (begun.headers.get("location") ?? "").replace(/\/site$/, "/devices");
  const { text } = await look(flow, cookie, `${path}/new`);
  const port = flow.sites[0]?.endpoints.find(({ kind }) => kind === "gateway")?.port;
  const endpointId = new RegExp(`<option value="(\\d+)"[^>]*>[^<]*port ${port}<`).exec(text)?.[1] ?? "";
  const form = { scanEndpointId: endpointId, scanFrom: "20", scanTo: "247" };
  strictEqual((await post(flow.origin, `${path}/scan`, form, { cookie })).status, 303);
  return { path, cookie, endpointId };
}

const follow = ({ origin }: Flow, { path, cookie }: Scan): Promise<Response> =>
  fetch(`${origin}${path}/scan`, { headers: { cookie, accept: LINES_TYPE } });

/** The lines that come after something was done when the first had come. */
async function linesAfter(flow: Flow, answer: Response, meanwhile: () => Promise<unknown>): Promise<number> {
  strictEqual(answer.status, 200);
  const reader = answer.body?.getReader();
  ok(reader);
  await reader.read();
  await meanwhile();
  const rest = async () => {
    let text = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += new TextDecoder().decode(read.value);
    }
    return text.split("\n").filter((line) => line !== "").length;
  };
  return await flow.settle(rest());
}

async function operator({ flow, north }: Scene, name: string): Promise<Visitor> {
  const reach = { kind: "some", groupIds: [north], siteIds: [] } as const;
  return await makeVisitor(flow, { name, role: "operator", reach });
}

const byNow = ({ clock, opened }: Flow) => authorAt(clock.nowMs(), { seal: opened.keys.seal });

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants: "follow a scan with a session that was ended: the next line does not come",
    async holds(scene) {
      const { flow } = scene;
      const visitor = await operator(scene, "ended");
      const scan = await scanned(scene, visitor);
      const end = () => endAllSessions(flow.opened.db, byNow(flow), visitor.user.id);
      ok(await linesAfter(flow, await follow(flow, scan), end) <= 2);
    },
  },
  {
    wants: "follow and go on with a scan of a site that was moved out of reach: nothing is told",
    async holds(scene) {
      const { flow, siteId, south, north } = scene;
      const scan = await scanned(scene, await operator(scene, "moved"));
      const put = (group_id: number) =>
        flow.opened.db.kysely.updateTable("site").set({ group_id }).where("site_id", "=", siteId).execute();
      try {
        ok(await linesAfter(flow, await follow(flow, scan), () => put(south)) <= 2);
        strictEqual((await look(flow, scan.cookie, `${scan.path}/new`)).status, 404);
        strictEqual(
          await follow(flow, scan).then(async (answer) => {
            await answer.body?.cancel();
            return answer.status;
          }),
          404,
        );
      } finally {
        await put(north);
      }
      await post(flow.origin, `${scan.path}/scan/stop`, {}, { cookie: scan.cookie });
    },
  },
  {
    wants: "have a scan go on with rights that were taken away: it ends with them",
    async holds(scene) {
      const { flow, north } = scene;
      const visitor = await operator(scene, "demoted");
      const scan = await scanned(scene, visitor);
      const reach = { kind: "some", groupIds: [north], siteIds: [scene.siteId] } as const;
      const { email } = await setReach(flow, visitor.user.id, reach);
      const again = { ...scan, cookie: await signInAs(flow, email) };
      const answer = await follow(flow, again);
      const reader = answer.body?.getReader();
      ok(reader);
      const last = async () => {
        let text = "";
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          text += new TextDecoder().decode(read.value);
        }
        return text.trim().split("\n").at(-1) ?? "";
      };
      const { scan: shown } = JSON.parse(await flow.settle(last()));
      strictEqual(shown.state.kind, "stopped", JSON.stringify(shown.state));
    },
  },
  {
    wants:
      "hold streams in thirty windows at once: eight are followed, the others are told when to come again",
    async holds(scene) {
      const { flow } = scene;
      const scan = await scanned(scene, await operator(scene, "windows"));
      const answers = await Promise.all(Array.from({ length: 30 }, () => follow(flow, scan)));
      strictEqual(answers.filter(({ status }) => status === 200).length, 8);
      const refused = answers.filter(({ status }) => status === 429);
      strictEqual(refused.length, 22);
      for (const { headers } of refused) ok(Number(headers.get("retry-after")) > 0);
      await Promise.all(answers.map(({ body }) => body?.cancel()));
      strictEqual(
        (await post(flow.origin, `${scan.path}/scan/stop`, {}, { cookie: scan.cookie })).status,
        303,
      );
    },
  },
  {
    wants: "have another page post for lines with somebody's session: it is refused as any other form",
    async holds(scene) {
      const { flow } = scene;
      const { cookie } = await operator(scene, "forged");
      const begun = await post(flow.origin, `/sites/${scene.siteId}/change`, {}, { cookie });
      const path = (begun.headers.get("location") ?? "").replace(/\/site$/, "/devices");
      const form: Form = { scanEndpointId: "1", scanFrom: "1", scanTo: "2" };
      for (const to of [`${path}/scan`, `${path}/new/test`, `${path}/scan/stop`]) {
        const headers = { cookie, accept: LINES_TYPE, origin: "https://evil.example" };
        strictEqual((await post(flow.origin, to, form, headers)).status, 403, to);
      }
    },
  },
];

Deno.test("attacks through answers that grow", async (t) => {
  await withFlow({ specs: [siteSpec({ name: "Mill" })] }, async (flow) => {
    const { db } = flow.opened;
    const [north, south] = [
      await createGroup(db, byNow(flow), { name: "North" }),
      await createGroup(db, byNow(flow), { name: "South" }),
    ];
    ok(north.ok && south.ok);
    const siteId = flow.siteIds[0] ?? 0;
    await db.kysely.updateTable("site").set({ group_id: north.value.id }).where("site_id", "=", siteId)
      .execute();
    const scene = { flow, siteId, north: north.value.id, south: south.value.id };
    await withstand(t, scene, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
