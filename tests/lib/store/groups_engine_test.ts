import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listAudit } from "../../../lib/store/audit.ts";
import {
  assignSites,
  createGroup,
  findSitePlace,
  listGroups,
  listSiteChoices,
  removeGroup,
  renameGroup,
  searchSites,
} from "../../../lib/store/groups.ts";
import { createToken, revokeToken } from "../../../lib/store/tokens.ts";
import { changeUser } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { plansOf } from "./estate.ts";
import { NOW, personOf, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const UNKNOWN = { ok: false, error: { kind: "unknown" } };

onEveryEngine("removeGroup() refuses while a person or a living token reaches by it", async (db) => {
  const [a] = await plansOf(db, 2);
  await personOf(db, "Ada", "administrator");
  const bo = await personOf(db, "Bo", "operator");
  const group = valueOf(await createGroup(db, BY, { name: "North" }));
  const reach = { kind: "some", groupIds: [group.id], siteIds: [] } as const;
  valueOf(await assignSites(db, BY, { groupId: group.id, siteIds: [a?.site.id ?? 0] }));
  valueOf(await changeUser(db, BY, { userId: bo.id, reach }));
  const draft = { tokenHash: "t", userId: bo.id, name: "t", mayWrite: false, reach, expiresMs: NOW + 1_000 };
  const token = valueOf(await createToken(db, BY, draft));
  const inUse = (people: number, tokens: number) => ({
    ok: false,
    error: { kind: "in-use", people, tokens },
  });
  deepStrictEqual(await removeGroup(db, BY, { groupId: group.id }), inUse(1, 1));
  deepStrictEqual(await listGroups(db), [{ id: group.id, name: "North", siteCount: 1, peopleCount: 1 }]);
  valueOf(await changeUser(db, BY, { userId: bo.id, reach: { kind: "all" } }));
  deepStrictEqual(await removeGroup(db, BY, { groupId: group.id }), inUse(0, 1));
  valueOf(await revokeToken(db, BY, { tokenId: token.id, userId: bo.id }));
  valueOf(await removeGroup(db, BY, { groupId: group.id }));
  deepStrictEqual(await findSitePlace(db, a?.site.id ?? 0), { id: a?.site.id, groupId: null });
  deepStrictEqual(await removeGroup(db, BY, { groupId: group.id }), UNKNOWN);
  const [entry] = await listAudit(db, 1);
  deepStrictEqual([entry?.action, entry?.before], ["group-removed", { name: "North", sites: 1 }]);
});

onEveryEngine("removeGroup() and a reach given at once do not both work", async (db) => {
  await personOf(db, "Ada", "administrator");
  const bo = await personOf(db, "Bo");
  for (let round = 0; round < 5; round++) {
    const { id } = valueOf(await createGroup(db, BY, { name: `Group ${round}` }));
    const reach = { kind: "some", groupIds: [id], siteIds: [] } as const;
    const both = await Promise.all([
      removeGroup(db, BY, { groupId: id }),
      changeUser(db, BY, { userId: bo.id, reach }),
    ]);
    strictEqual(both.filter(({ ok }) => ok).length, 1);
    await changeUser(db, BY, { userId: bo.id, reach: { kind: "all" } });
  }
});

onEveryEngine(
  "renameGroup() tells the second of two who rename at once what it is called now",
  async (db) => {
    const { id: groupId } = valueOf(await createGroup(db, BY, { name: "North" }));
    const names = ["Far north", "Cold north"];
    const done = await Promise.all(
      names.map((name) => renameGroup(db, BY, { groupId, name, seenName: "North" })),
    );
    const [now] = await listGroups(db);
    strictEqual(done.filter(({ ok }) => ok).length, 1);
    deepStrictEqual(done.find(({ ok }) => !ok), { ok: false, error: { kind: "changed", name: now?.name } });
    valueOf(await renameGroup(db, BY, { groupId, name: now?.name ?? "", seenName: "North" }));
  },
);

onEveryEngine("createGroup() and renameGroup() refuse a name that is taken in other case", async (db) => {
  const north = valueOf(await createGroup(db, BY, { name: "North" }));
  const south = valueOf(await createGroup(db, BY, { name: "South" }));
  const taken = { ok: false, error: { kind: "name-taken" } };
  deepStrictEqual(await createGroup(db, BY, { name: "NORTH" }), taken);
  deepStrictEqual(await renameGroup(db, BY, { groupId: south.id, name: "nortH" }), taken);
  deepStrictEqual(await renameGroup(db, BY, { groupId: 9_999, name: "X" }), UNKNOWN);
  valueOf(await renameGroup(db, BY, { groupId: north.id, name: "NORTH" }));
  deepStrictEqual((await listGroups(db)).map(({ name }) => name).sort(), ["NORTH", "South"]);
  const [entry] = await listAudit(db, 1);
  deepStrictEqual([entry?.before, entry?.after], [{ name: "North" }, { name: "NORTH" }]);
});

onEveryEngine(
  "assignSites() out of a group leaves alone what is moved to another one at the same time",
  async (db) => {
    const ids = (await plansOf(db, 2)).map(({ site }) => site.id);
    const [moved = 0, left = 0] = ids;
    const north = valueOf(await createGroup(db, BY, { name: "North" }));
    const south = valueOf(await createGroup(db, BY, { name: "South" }));
    for (let round = 0; round < 5; round++) {
      valueOf(await assignSites(db, BY, { groupId: north.id, siteIds: ids }));
      await Promise.all([
        assignSites(db, BY, { groupId: south.id, siteIds: [moved] }),
        assignSites(db, BY, { groupId: null, siteIds: ids, from: north.id }),
      ]);
      const groups = new Map((await listSiteChoices(db, ids)).map((site) => [site.id, site.groupId]));
      deepStrictEqual([groups.get(moved), groups.get(left)], [south.id, null]);
    }
    deepStrictEqual(
      await assignSites(db, BY, { groupId: null, siteIds: ids, from: north.id }),
      UNKNOWN,
      "none lies there",
    );
  },
);

onEveryEngine("assignSites() moves all or none", async (db) => {
  const plans = await plansOf(db, 3);
  const ids = plans.map(({ site }) => site.id);
  const { id } = valueOf(await createGroup(db, BY, { name: "North" }));
  deepStrictEqual(await assignSites(db, BY, { groupId: id, siteIds: [...ids, 9_999] }), UNKNOWN);
  deepStrictEqual(await assignSites(db, BY, { groupId: 9_999, siteIds: ids }), UNKNOWN);
  strictEqual((await searchSites(db, { search: "", limit: 10, groupId: id })).total, 0);
  strictEqual(valueOf(await assignSites(db, BY, { groupId: id, siteIds: ids })), 3);
  strictEqual(valueOf(await assignSites(db, BY, { groupId: id, siteIds: ids })), 0);
  strictEqual(valueOf(await assignSites(db, BY, { groupId: null, siteIds: ids.slice(0, 1) })), 1);
  const entries = (await listAudit(db)).filter(({ action }) => action === "group-changed");
  deepStrictEqual(entries[0]?.before, { groups: { [String(ids[0])]: id } });
  const none = await searchSites(db, { search: "", limit: 10, groupId: null });
  deepStrictEqual(none.sites.map((site) => site.id), ids.slice(0, 1));
  const paged = await searchSites(db, { search: "OULU", limit: 2, offset: 2 });
  deepStrictEqual([paged.sites.length, paged.total], [1, 3]);
  strictEqual((await searchSites(db, { search: "%", limit: 2 })).total, 0);
  deepStrictEqual((await listSiteChoices(db, [...ids, 9_999])).length, 3);
});
