import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { EMPTY_REGISTRATION } from "../../../lib/domain/registration.ts";
import type { Reach } from "../../../lib/domain/permission.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import { hasFarTwin } from "../../../lib/store/host_twins.ts";
import { createSecretBox, newRingKey } from "../../../lib/store/secret_box.ts";
import { listSecretNames, putSecret, readSecret } from "../../../lib/store/secrets.ts";
import {
  createDraft,
  DRAFT_TEXT_MAX,
  DRAFTS_MAX,
  draftSecretName,
  listDrafts,
  type PasswordWish,
  readDraft,
  removeDraft,
  saveDraft,
  saveDraftAndPassword,
  startSite,
} from "../../../lib/store/site_drafts.ts";
import { createGroup, removeGroup } from "../../../lib/store/groups.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { draftOf } from "./estate.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const OWN = { ownerId: 7 };
const box = await createSecretBox([newRingKey()]);

onEveryEngine(
  "drafts belong to who began them, and there are twenty at most, also two at once",
  async (db) => {
    for (let n = 1; n < DRAFTS_MAX; n++) valueOf(await createDraft(db, { ...OWN, nowMs: NOW + n }));
    const both = await Promise.all([1, 2].map(() => createDraft(db, { ...OWN, nowMs: NOW + 100 })));
    strictEqual(both.filter(({ ok }) => ok).length, 1);
    const drafts = await listDrafts(db, 7);
    strictEqual(drafts.length, DRAFTS_MAX);
    strictEqual(drafts[0]?.changedMs, NOW + 100, "the one changed last stands first");
    strictEqual(await readDraft(db, { draftId: drafts[0]?.id ?? 0, ownerId: 8 }), null);
    strictEqual(await removeDraft(db, BY, { draftId: drafts[0]?.id ?? 0, ownerId: 8 }), false);
    deepStrictEqual(await listDrafts(db, 8), []);
  },
);

onEveryEngine("saveDraft() tells the second of two windows, and refuses what does not fit", async (db) => {
  const draftId = valueOf(await createDraft(db, { ...OWN, nowMs: NOW }));
  const own = { ...OWN, draftId, nowMs: NOW + 5 };
  const registration = { ...EMPTY_REGISTRATION, hoursSeen: true };
  const saved = await Promise.all([1, 2].map(() => saveDraft(db, { ...own, registration, version: 0 })));
  deepStrictEqual(saved.map((one) => one.ok ? one.value : one.error).sort(), [1, "changed"]);
  const now = await readDraft(db, { ...OWN, draftId });
  deepStrictEqual([now?.registration, now?.version, now?.changedMs], [registration, 1, NOW + 5]);
  const words = "ä".repeat(DRAFT_TEXT_MAX / 2);
  const large = { ...registration, tests: { "1": { atMs: 1, state: "good", words, of: "" } as const } };
  deepStrictEqual(await saveDraft(db, { ...own, registration: large, version: 1 }), {
    ok: false,
    error: "too-large",
  });
  deepStrictEqual(await saveDraft(db, { ...own, ownerId: 8, registration, version: 1 }), {
    ok: false,
    error: "changed",
  });
});

onEveryEngine(
  "startSite() makes a site of a draft once, with its parents and its router's password",
  async (db) => {
    const draftId = valueOf(await createDraft(db, { ...OWN, nowMs: NOW }));
    await putSecret(db, box, { name: draftSecretName(draftId), plain: "a router's secret", nowMs: NOW });
    const plain = draftOf("Kiln");
    const [endpoint] = plain.endpoints;
    const [meter] = endpoint?.meters ?? [];
    if (!endpoint || !meter) throw new Error("no meter");
    const meters = [
      { ...meter, ref: 1, parentRef: 2, serial: "S-1", label: "F12", location: "Cellar" },
      { ...meter, ref: 2, unitId: 2, name: "Incomer" },
    ];
    const site = {
      ...plain,
      address: "1 Kiln Lane",
      contacts: [{ name: "Jo", phone: "1", email: "" }],
      endpoints: [{ ...endpoint, meters }],
    };
    const start = () => startSite(db, BY, { ...OWN, draftId, version: 0, site, box });
    const both = await Promise.all([start(), start()]);
    deepStrictEqual(both.map((one) => one.ok ? "started" : one.error).sort(), ["changed", "started"]);
    const siteId = both.flatMap((one) => one.ok ? [one.value] : [])[0] ?? 0;
    strictEqual(await readDraft(db, { ...OWN, draftId }), null);
    deepStrictEqual(await listSecretNames(db), [`router:${siteId}`]);
    strictEqual(await readSecret(db, box, `router:${siteId}`), "a router's secret");
    const rows = await db.reader.selectFrom("meter")
      .select(["meter_id", "name", "parent_id", "serial", "label", "location"]).where("site_id", "=", siteId)
      .orderBy("meter_id").execute();
    const [main, incomer] = rows;
    deepStrictEqual(
      [main?.parent_id, main?.serial, main?.label, main?.location],
      [incomer?.meter_id, "S-1", "F12", "Cellar"],
    );
    strictEqual(incomer?.parent_id, null);
    const trail = await listAudit(db);
    deepStrictEqual(trail.map(({ action }) => action), ["secret-changed", "site-registered"]);
    strictEqual(JSON.stringify(trail).includes("a router's secret"), false);
  },
);

onEveryEngine("startSite() keeps the draft where the site's name is taken meanwhile", async (db) => {
  const [one, other] = [
    valueOf(await createDraft(db, { ...OWN, nowMs: NOW })),
    valueOf(await createDraft(db, { ...OWN, nowMs: NOW })),
  ];
  const start = (draftId: number) =>
    startSite(db, BY, { ...OWN, draftId, version: 0, site: draftOf("Mill"), box });
  valueOf(await start(one));
  deepStrictEqual(await start(other), { ok: false, error: "name-taken" });
  strictEqual((await readDraft(db, { ...OWN, draftId: other }))?.id, other);
});

onEveryEngine("startSite() keeps the draft where its group is removed meanwhile", async (db) => {
  const group = valueOf(await createGroup(db, BY, { name: "North" }));
  const draftId = valueOf(await createDraft(db, { ...OWN, nowMs: NOW }));
  const site = { ...draftOf("Mill"), groupId: group.id };
  const start = () => startSite(db, BY, { ...OWN, draftId, version: 0, site, box });
  valueOf(await removeGroup(db, BY, { groupId: group.id }));
  deepStrictEqual(await start(), { ok: false, error: "group-gone" });
  strictEqual((await readDraft(db, { ...OWN, draftId }))?.id, draftId);
});

onEveryEngine("a draft's password is kept with its change or not at all, and written down", async (db) => {
  const draftId = valueOf(await createDraft(db, { ...OWN, nowMs: NOW }));
  const name = draftSecretName(draftId);
  const save = (version: number, password: PasswordWish) =>
    saveDraftAndPassword(db, BY, {
      ...OWN,
      draftId,
      version,
      registration: EMPTY_REGISTRATION,
      nowMs: NOW,
      password,
      box,
    });
  strictEqual(valueOf(await save(0, { kind: "set", plain: "a router's secret" })), 1);
  deepStrictEqual(await save(0, { kind: "set", plain: "of another window" }), {
    ok: false,
    error: "changed",
  });
  strictEqual(await readSecret(db, box, name), "a router's secret");
  strictEqual(valueOf(await save(1, { kind: "keep" })), 2);
  strictEqual(await readSecret(db, box, name), "a router's secret");
  strictEqual(valueOf(await save(2, { kind: "forget" })), 3);
  strictEqual(valueOf(await save(3, { kind: "forget" })), 4, "nothing is there any more");
  strictEqual(valueOf(await save(4, { kind: "set", plain: "once more" })), 5);
  strictEqual(await removeDraft(db, BY, { ...OWN, draftId }), true);
  deepStrictEqual(await save(5, { kind: "set", plain: "too late" }), { ok: false, error: "changed" });
  deepStrictEqual(await listSecretNames(db), [], "nothing is left of it");
  const trail = (await listAudit(db)).map(({ action, subject }) => [action, subject]).toReversed();
  const changed = ["secret-changed", `secret ${name}`];
  deepStrictEqual(trail, [changed, changed, changed, ["draft-removed", `draft ${draftId}`]]);
});

onEveryEngine("an address of a site out of reach is told apart, whatever group it lies in", async (db) => {
  const group = valueOf(await createGroup(db, BY, { name: "South" }));
  const started: number[] = [];
  for (const [name, groupId] of [["Forge", group.id], ["Loom", null]] as const) {
    const draftId = valueOf(await createDraft(db, { ...OWN, nowMs: NOW }));
    const plain = draftOf(name);
    const paths = [{ kind: "wired", host: `${name.toLowerCase()}.example` } as const];
    const site = { ...plain, paths, groupId };
    started.push(valueOf(await startSite(db, BY, { ...OWN, draftId, version: 0, site, box })));
  }
  const [port = 0] = draftOf("Forge").endpoints.map((endpoint) => endpoint.port);
  const some = (groupIds: readonly number[], siteIds: readonly number[]): Reach => ({
    kind: "some",
    groupIds,
    siteIds,
  });
  const far = (host: string, reach: Reach, ports = [port]) =>
    hasFarTwin(db, { hosts: ["other.example", host], ports, reach });
  strictEqual(await far("forge.example", { kind: "all" }), false);
  strictEqual(await far("forge.example", some([group.id], [])), false);
  strictEqual(await far("loom.example", some([group.id], [])), true, "it lies in no group");
  strictEqual(await far("loom.example", some([group.id], [started[1] ?? 0])), false);
  strictEqual(await far("forge.example", some([], [])), true);
  strictEqual(await far("forge.example", some([], []), [port + 1]), false, "another port");
});
