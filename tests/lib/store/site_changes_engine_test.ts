import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../../lib/domain/half_hour.ts";
import type { Registration } from "../../../lib/domain/registration.ts";
import { changeOf } from "../../../lib/domain/site_change.ts";
import { changeSiteWords } from "../../../lib/store/api_sites.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import type { Database } from "../../../lib/store/db.ts";
import { createGroup, removeGroup } from "../../../lib/store/groups.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { listSecretNames, putSecret, readSecret } from "../../../lib/store/secrets.ts";
import { type SiteUpdate, updateSite } from "../../../lib/store/site_changes.ts";
import {
  createDraft,
  draftSecretName,
  listDrafts,
  readDraft,
  saveDraft,
} from "../../../lib/store/site_drafts.ts";
import { readSiteState } from "../../../lib/store/site_state.ts";
import { registerSite, routerSecretName } from "../../../lib/store/sites.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { claimAll, draftOf, H } from "./estate.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const OWN = { ownerId: 7 };
const box = await createSecretBox([newRingKey()]);
const SINCE = H + 4;

const METER = {
  profileId: "test-meter",
  profileVersion: 3,
  wholeSite: false,
  endUse: null,
  maxPowerW: null,
  transformer: null,
  channels: [{ quantity: "importWh", kind: "counter", unit: "Wh", decimals: 0 }],
} as const;

async function begin(
  db: Database,
  name = "Kiln",
): Promise<{ readonly siteId: number; readonly draftId: number }> {
  const siteId = valueOf(await registerSite(db, draftOf(name)));
  return { siteId, draftId: await beginAt(db, siteId) };
}

async function beginAt(db: Database, siteId: number): Promise<number> {
  const registration = changeOf(valueOf(await readSiteState(db, siteId)));
  return valueOf(await createDraft(db, { ...OWN, nowMs: NOW, registration }));
}

/** Saves what is typed into a draft and applies it. */
async function apply(
  db: Database,
  draftId: number,
  type: (registration: Registration) => Registration = (registration) => registration,
) {
  return await updateSite(db, BY, await typed(db, draftId, type));
}

async function typed(
  db: Database,
  draftId: number,
  type: (registration: Registration) => Registration,
): Promise<SiteUpdate> {
  const draft = await readDraft(db, { ...OWN, draftId });
  if (!draft) throw new Error("no draft");
  const registration = type(draft.registration);
  const version = valueOf(
    await saveDraft(db, { ...OWN, draftId, registration, version: draft.version, nowMs: NOW }),
  );
  const { change, site, router, devices, hours } = registration;
  if (!change || !site || !router) throw new Error("not whole");
  return {
    ...OWN,
    draftId,
    version,
    change,
    target: { site, router, devices, hours },
    since: SINCE,
    meterOf: ({ id, parentId, name, unitId }) => ({ ...METER, name, unitId, ref: id, parentRef: parentId }),
    routerMeter: null,
    box,
  };
}

function withSite(more: Partial<NonNullable<Registration["site"]>>) {
  return (registration: Registration): Registration => ({
    ...registration,
    site: registration.site && { ...registration.site, ...more },
  });
}

function withRouter(more: Partial<NonNullable<Registration["router"]>>) {
  return (registration: Registration): Registration => ({
    ...registration,
    router: registration.router && { ...registration.router, ...more },
  });
}

onEveryEngine(
  "updateSite() changes a site in one go: ids of what stays are as they were, the trail says what",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    const before = await getSitePlan(db, siteId, SINCE);
    await putSecret(db, box, { name: draftSecretName(draftId), plain: "a router's secret", nowMs: NOW });
    const done = await apply(db, draftId, (registration) => {
      const { site, router, devices: [main] } = registration;
      const [endpoint] = router?.endpoints ?? [];
      if (!site || !router || !main || !endpoint) throw new Error("not whole");
      return {
        ...registration,
        site: { ...site, name: "Kiln Lane", town: "Epsom", collected: false },
        router: {
          ...router,
          user: "admin",
          paths: [{ kind: "wired", host: "127.0.0.2" }, { kind: "cellular", host: "127.0.0.9" }],
          endpoints: [{ ...endpoint, port: 1502 }, { ...endpoint, id: 2, port: 503, kind: "gateway" }],
        },
        devices: [
          { ...main, name: "Incomer", serial: "S-1", parentId: null },
          { ...main, id: 2, name: "Ovens", unitId: 4, endpointId: 2, wholeSite: false, parentId: 1 },
        ],
        hours: null,
      };
    });
    strictEqual(valueOf(done), siteId);
    const after = await getSitePlan(db, siteId, SINCE);
    if (!before || !after) throw new Error("no plan");
    deepStrictEqual([after.site.name, after.site.town, after.site.collected, after.site.hours], [
      "Kiln Lane",
      "Epsom",
      false,
      null,
    ]);
    const [cellular, wired] = before.paths;
    deepStrictEqual(after.paths, [
      { ...wired, rank: 0 },
      { ...cellular, rank: 1, host: "127.0.0.9" },
    ], "an address that stays keeps its id, one that is replaced hands it on");
    deepStrictEqual(after.endpoints.map(({ id, port }) => [id === before.endpoints[0]?.id, port]), [
      [true, 1502],
      [false, 503],
    ]);
    const [main, ovens] = after.meters;
    deepStrictEqual([main?.id, main?.name, ovens?.name], [before.meters[0]?.id, "Incomer", "Ovens"]);
    deepStrictEqual(after.channels.filter(({ meterId }) => meterId === main?.id), before.channels);
    deepStrictEqual(after.channels.filter(({ meterId }) => meterId === ovens?.id).map(({ since }) => since), [
      SINCE,
    ]);
    strictEqual(
      (await getSitePlan(db, siteId, SINCE - 1))?.meters.length,
      1,
      "new devices begin with the next half-hour",
    );
    const parent = await db.reader.selectFrom("meter").select("parent_id").where(
      "meter_id",
      "=",
      ovens?.id ?? 0,
    )
      .executeTakeFirst();
    strictEqual(parent?.parent_id, main?.id);
    deepStrictEqual([await listSecretNames(db), await readSecret(db, box, routerSecretName(siteId))], [
      [routerSecretName(siteId)],
      "a router's secret",
    ]);
    strictEqual(await readDraft(db, { ...OWN, draftId }), null);
    const trail = await listAudit(db);
    deepStrictEqual(trail.map(({ action, siteId: at }) => [action, at]), [["secret-changed", siteId], [
      "site-changed",
      siteId,
    ]]);
    const change = trail[1];
    deepStrictEqual((change?.before as { site: unknown }).site, {
      name: "Kiln",
      town: "Oulu",
      collected: true,
    });
    deepStrictEqual((change?.after as { site: unknown }).site, {
      name: "Kiln Lane",
      town: "Epsom",
      collected: false,
    });
    strictEqual(JSON.stringify(trail).includes("a router's secret"), false);
  },
);

onEveryEngine(
  "updateSite() leaves alone what nobody changed, and forgets a password where that is wanted",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    await putSecret(db, box, { name: routerSecretName(siteId), plain: "old", nowMs: NOW });
    const rows = () =>
      Promise.all(
        (["site", "router", "path", "endpoint", "meter", "channel"] as const).map((table) =>
          db.reader.selectFrom(table).selectAll().where("site_id", "=", siteId).execute()
        ),
      );
    const before = await rows();
    valueOf(await apply(db, draftId));
    deepStrictEqual(await rows(), before);
    deepStrictEqual(await listSecretNames(db), [routerSecretName(siteId)]);
    const again = await beginAt(db, siteId);
    notStrictEqual(again, draftId);
    valueOf(
      await apply(db, again, (registration) => ({
        ...registration,
        ...(registration.change ? { change: { ...registration.change, forgetsPassword: true } } : {}),
      })),
    );
    deepStrictEqual(await listSecretNames(db), []);
  },
);

onEveryEngine("updateSite() does nothing where somebody else changed the site meanwhile", async (db) => {
  const { siteId, draftId } = await begin(db);
  const seen = { name: "Kiln", town: "Oulu", groupId: null };
  valueOf(await changeSiteWords(db, BY, { siteId, seen, wanted: { ...seen, town: "Ewell" } }));
  deepStrictEqual(await apply(db, draftId, withSite({ name: "Kiln Lane" })), {
    ok: false,
    error: "site-changed",
  });
  strictEqual((await getSitePlan(db, siteId, SINCE))?.site.name, "Kiln");
  strictEqual(
    (await readDraft(db, { ...OWN, draftId }))?.registration.site?.name,
    "Kiln Lane",
    "the draft stays",
  );
});

onEveryEngine(
  "updateSite() applies one of two at once, and a draft only in the version that was looked at",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    const update = await typed(db, draftId, withSite({ town: "Epsom" }));
    deepStrictEqual(await updateSite(db, BY, { ...update, version: update.version - 1 }), {
      ok: false,
      error: "changed",
    });
    const both = await Promise.all([updateSite(db, BY, update), updateSite(db, BY, update)]);
    strictEqual(both.filter(({ ok }) => ok).length, 1);
    strictEqual((await getSitePlan(db, siteId, SINCE))?.site.town, "Epsom");
    strictEqual((await listAudit(db)).length, 1);
  },
);

onEveryEngine(
  "updateSite() refuses a name that is taken, a group that is gone, and a port that had a device",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    valueOf(await registerSite(db, draftOf("Mill")));
    const group = valueOf(await createGroup(db, BY, { name: "North" }));
    deepStrictEqual(await apply(db, draftId, withSite({ name: "mill" })), { ok: false, error: "name-taken" });
    valueOf(await removeGroup(db, BY, { groupId: group.id }));
    deepStrictEqual(await apply(db, draftId, withSite({ name: "Kiln", groupId: group.id })), {
      ok: false,
      error: "group-gone",
    });
    const other = { id: 9, port: 510, kind: "gateway", pauseMs: 0, responseTimeoutMs: null } as const;
    const held = (registration: Registration): Registration => ({
      ...withSite({ groupId: null })(withRouter({ endpoints: [other] })(registration)),
      devices: [],
    });
    deepStrictEqual(await apply(db, draftId, held), { ok: false, error: "port-held" });
    const plan = await getSitePlan(db, siteId, SINCE);
    deepStrictEqual([plan?.site.name, plan?.endpoints.map(({ port }) => port)], ["Kiln", [502]]);
  },
);

onEveryEngine(
  "a visit under way to an address that is changed is not stored, and is made again",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    const halfHour = halfHourOf(NOW) - 1;
    await claimAll(db, halfHour, NOW);
    const stateOf = async () =>
      (await db.reader.selectFrom("ledger").select("state").where("half_hour", "=", halfHour)
        .where("site_id", "=", siteId).executeTakeFirst())?.state;
    valueOf(await apply(db, draftId, withSite({ town: "Epsom" })));
    strictEqual(await stateOf(), 1, "another name of its town is no reason");
    const next = await beginAt(db, siteId);
    valueOf(await apply(db, next, withRouter({ paths: [{ kind: "cellular", host: "127.0.0.9" }] })));
    strictEqual(await stateOf(), 0);
  },
);

onEveryEngine(
  "createDraft() takes up again the draft by which somebody changes a site already",
  async (db) => {
    const { siteId, draftId } = await begin(db);
    const twice = await Promise.all([beginAt(db, siteId), beginAt(db, siteId)]);
    deepStrictEqual(twice, [draftId, draftId]);
    strictEqual((await listDrafts(db, OWN.ownerId)).length, 1);
    const registration = changeOf(valueOf(await readSiteState(db, siteId)));
    notStrictEqual(valueOf(await createDraft(db, { ownerId: 8, nowMs: NOW, registration })), draftId);
  },
);

onEveryEngine(
  "a draft of a change keeps what it was made from, also where devices are typed anew",
  async (db) => {
    const { draftId } = await begin(db);
    const own = { ...OWN, draftId };
    const draft = await readDraft(db, own);
    if (!draft) throw new Error("no draft");
    const { registration, version } = draft;
    const devices = registration.devices.map((one) => ({ ...one, name: "Typed" }));
    valueOf(await saveDraft(db, { ...own, registration: { ...registration, devices }, version, nowMs: NOW }));
    const now = await readDraft(db, own);
    deepStrictEqual(now?.registration.change, registration.change);
    strictEqual(now?.registration.devices[0]?.name, "Typed");
  },
);
