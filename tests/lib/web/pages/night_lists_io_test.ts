/**
 * What the lists of links and findings ask of the database does not grow with the sites, and each page of them says
 * something that no other page says.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { KyselyPlugin } from "kysely";
import { systemClock } from "../../../../lib/clock.ts";
import type { Finding } from "../../../../lib/domain/finding.ts";
import { endMsOf } from "../../../../lib/domain/half_hour.ts";
import { ALL_SITES, type Reach } from "../../../../lib/domain/permission.ts";
import { type Database, openDatabase } from "../../../../lib/store/db.ts";
import { saveChecks } from "../../../../lib/store/findings.ts";
import { listLinks } from "../../../../lib/store/link_list.ts";
import { migrate } from "../../../../lib/store/migrator.ts";
import { loadChecksView, parseChecksQuery } from "../../../../lib/web/pages/checks_view.ts";
import { loadLink } from "../../../../lib/web/pages/link_view.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { linkPlans, MIDNIGHT, tell, well } from "../../store/link_estate.ts";

const NOW_MS = endMsOf(MIDNIGHT) + 60_000;
const REVERSED: Finding = { kind: "reversed", phases: [2], evidence: { broken: 44, judged: 48 } };

/** Statements of a piece of work. */
async function statementsOf(db: Database, run: (counted: Database) => Promise<unknown>): Promise<number> {
  let statements = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const counted = { kysely: db.kysely.withPlugin(counter), reader: db.reader.withPlugin(counter) };
  await run({ ...db, ...counted });
  return statements;
}

async function withSites(count: number, body: (db: Database, siteIds: readonly number[]) => Promise<void>) {
  const db = await openDatabase("sqlite::memory:");
  try {
    await migrate(db, migrations, systemClock);
    const plans = await linkPlans(db, count, MIDNIGHT);
    const results = plans.flatMap(({ meters }) =>
      meters.map(({ id }) => ({ meterId: id, findings: [REVERSED], looked: ["reversed"] as const }))
    );
    await saveChecks(db, results, NOW_MS);
    for (const plan of plans.slice(0, 1)) {
      await tell(db, plan, [{ halfHour: MIDNIGHT, place: 0, said: well(MIDNIGHT) }]);
    }
    await body(db, plans.map(({ site }) => site.id));
  } finally {
    await db.close();
  }
}

const checks = (db: Database, params: string, reaches: readonly Reach[] = [ALL_SITES]) =>
  loadChecksView(db, { query: parseChecksQuery(new URLSearchParams(params)), reaches, nowMs: NOW_MS });
const links = (db: Database, page = 1) =>
  listLinks(db, { reaches: [ALL_SITES], halfHour: MIDNIGHT, needy: false, page, pageSize: 100 });
const link = (db: Database, siteId: number) => loadLink(db, { siteId, nowMs: NOW_MS, days: 60 });

for (const count of [1, 230]) {
  Deno.test(`links and findings of ${count} sites are listed with the same few statements`, () =>
    withSites(count, async (db, [siteId = 0]) => {
      for (const params of ["", "kind=reversed&page=3"]) {
        const listing = await statementsOf(db, (counted) => checks(counted, params));
        ok(listing <= 4, `the list of findings takes ${listing} statements`);
      }
      strictEqual(await statementsOf(db, (counted) => links(counted)), 2);
      const statements = await statementsOf(db, (counted) => link(counted, siteId));
      ok(statements <= 40, `the link of a site takes ${statements} statements`);
    }));
}

Deno.test("pages of findings name each once, lead to the next and the one before, and end", () =>
  withSites(230, async (db) => {
    const pages = await Promise.all(["", "page=2", "page=3", "page=4"].map((params) => checks(db, params)));
    const rows = pages.map(({ sites }) => sites.flatMap(({ findings }) => findings.map(({ id }) => id)));
    deepStrictEqual(rows.map(({ length }) => length), [100, 100, 30, 30], "beyond the last page is the last");
    strictEqual(new Set(rows.flat()).size, 230);
    deepStrictEqual(pages.map(({ pager }) => [pager?.previousHref, pager?.nextHref]), [
      [null, "/sites/checks?page=2"],
      ["/sites/checks?page=1", "/sites/checks?page=3"],
      ["/sites/checks?page=2", null],
      ["/sites/checks?page=2", null],
    ]);
    strictEqual((await checks(db, "show=aside")).pager, null);
    const kind = (await checks(db, "kind=reversed")).pager;
    deepStrictEqual([kind?.total, kind?.nextHref], [230, "/sites/checks?kind=reversed&page=2"]);
  }));

Deno.test("sites beyond reach are neither listed nor counted among findings and links", () =>
  withSites(3, async (db, siteIds) => {
    const reaches: readonly Reach[] = [{ kind: "some", groupIds: [], siteIds: siteIds.slice(0, 1) }];
    const seen = await checks(db, "", reaches);
    deepStrictEqual([seen.open, seen.sites.map(({ id }) => id)], [1, siteIds.slice(0, 1)]);
    const list = await listLinks(db, { reaches, halfHour: MIDNIGHT, needy: false, page: 1, pageSize: 100 });
    deepStrictEqual([list.sites, list.links.map(({ siteId }) => siteId)], [1, siteIds.slice(0, 1)]);
  }));
