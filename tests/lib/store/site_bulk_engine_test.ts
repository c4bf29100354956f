import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Reach } from "../../../lib/domain/permission.ts";
import { ALL_SITES } from "../../../lib/domain/permission.ts";
import { bulkMark, type BulkWish } from "../../../lib/domain/site_bulk.ts";
import { changeSiteWords } from "../../../lib/store/api_sites.ts";
import { listAudit } from "../../../lib/store/audit.ts";
import { proveAudit } from "../../../lib/store/audit_proof.ts";
import type { Database } from "../../../lib/store/db.ts";
import { signerOf } from "../../../lib/store/keys.ts";
import { createGroup, removeGroup } from "../../../lib/store/groups.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { changeSites, readBulkSites } from "../../../lib/store/site_bulk.ts";
import { registerSites } from "../../../lib/store/sites.ts";
import { authorAt, TEST_SEAL } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { draftOf, H } from "./estate.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const ALL: readonly Reach[] = [ALL_SITES];

async function register(db: Database, count: number): Promise<readonly number[]> {
  return valueOf(await registerSites(db, Array.from({ length: count }, (_, i) => draftOf(`Site ${i + 1}`))));
}

async function marked(db: Database, siteIds: readonly number[]) {
  const sites = await readBulkSites(db, { siteIds, reaches: ALL });
  return sites.map((site) => ({ id: site.id, mark: bulkMark(site) })).sort((a, b) => a.id - b.id);
}

const change = (db: Database, sites: Awaited<ReturnType<typeof marked>>, wish: BulkWish, reaches = ALL) =>
  changeSites(db, BY, { sites, wish, reaches, goesOn: () => true });

onEveryEngine("changeSites() changes all that were looked at, and writes each down", async (db) => {
  const ids = await register(db, 230);
  const group = valueOf(await createGroup(db, BY, { name: "North" }));
  const wish = { groupId: group.id, collected: false, hours: null };
  const outcome = await change(db, await marked(db, ids), wish);
  deepStrictEqual(outcome, { changed: 230, same: 0, stale: [], gone: 0, left: [], groupGone: false });
  const sites = await readBulkSites(db, { siteIds: ids, reaches: ALL });
  strictEqual(
    sites.every((site) => site.groupId === group.id && !site.collected && site.hours === null),
    true,
  );
  const [entry] = await listAudit(db, 1);
  strictEqual(entry?.action, "site-changed");
  deepStrictEqual(entry?.after, { groupId: group.id, collected: false, hours: null });
  const trail = await db.reader.selectFrom("audit").select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("action", "=", "site-changed").executeTakeFirstOrThrow();
  strictEqual(Number(trail.rows), 230);
  const signer = signerOf(new Uint8Array(32).fill(9));
  const proof = await proveAudit(db, { seal: TEST_SEAL, publicKey: signer.publicKey, kept: [] });
  deepStrictEqual([proof.flaw, proof.entries], [null, 231], "entries that were written together are a chain");
  deepStrictEqual(await change(db, await marked(db, ids), wish), {
    changed: 0,
    same: 230,
    stale: [],
    gone: 0,
    left: [],
    groupGone: false,
  });
});

onEveryEngine("changeSites() leaves out what has changed meanwhile, is gone or out of reach", async (db) => {
  const ids = await register(db, 4);
  const [one = 0, two = 0, three = 0, four = 0] = ids;
  const sites = [...await marked(db, ids), { id: 9_999, mark: "abc" }];
  const seen = { name: "Site 2", town: "Oulu", groupId: null };
  valueOf(await changeSiteWords(db, BY, { siteId: two, seen, wanted: { ...seen, name: "Site 2b" } }));
  const reach: Reach = { kind: "some", groupIds: [], siteIds: [one, two, three] };
  const outcome = await change(db, sites, { collected: false }, [reach]);
  deepStrictEqual(outcome, { changed: 2, same: 0, stale: ["Site 2b"], gone: 2, left: [], groupGone: false });
  const collected = await Promise.all(
    [one, two, three, four].map(async (id) => (await getSitePlan(db, id, H))?.site.collected),
  );
  deepStrictEqual(collected, [false, true, false, true]);
});

onEveryEngine("changeSites() ends where the group is gone, and where there is no time left", async (db) => {
  const ids = await register(db, 3);
  const group = valueOf(await createGroup(db, BY, { name: "North" }));
  const sites = await marked(db, ids);
  valueOf(await removeGroup(db, BY, { groupId: group.id }));
  const gone = await change(db, sites, { groupId: group.id, collected: false });
  deepStrictEqual([gone.changed, gone.groupGone, gone.left.length], [0, true, 3]);
  const late = await changeSites(db, BY, {
    sites,
    wish: { collected: false },
    reaches: ALL,
    goesOn: () => false,
  });
  deepStrictEqual([late.changed, late.groupGone, late.left], [0, false, sites]);
});
