import { deepStrictEqual } from "node:assert/strict";
import { kindOfStatement, type StatementKind } from "../../../../ops/lib/plan/statement.ts";

const CASES: readonly (readonly [statement: string, want: StatementKind])[] = [
  ["create table if not exists `vpn_peer` (`site_id` integer not null)", {
    kind: "create-table",
    table: "vpn_peer",
  }],
  ['create table if not exists "site" ("name" text default (1))', { kind: "create-table", table: "site" }],
  ["alter table `site` add column `radius` integer", { kind: "add-column", table: "site", bare: false }],
  ["alter table `site` add column `radius` integer default 0 not null", {
    kind: "add-column",
    table: "site",
    bare: false,
  }],
  ['alter table "site" add column "radius" integer not null', {
    kind: "add-column",
    table: "site",
    bare: true,
  }],
  ["alter table site add radius decimal(10,2)", { kind: "add-column", table: "site", bare: false }],
  ["alter table site add a integer, drop column b", { kind: "other", table: "site" }],
  ["alter table site add constraint site_u unique (name)", { kind: "other", table: "site" }],
  ["alter table `site` drop column `town`", { kind: "drop-column", table: "site" }],
  ["alter table `site` rename column `town` to `place`", { kind: "rename", table: "site" }],
  ["alter table `site` rename to `premises`", { kind: "rename", table: "site" }],
  ["alter table `site` modify column `town` text", { kind: "change-column", table: "site" }],
  ["create index `path_by_site_id` on `path` (`site_id`)", {
    kind: "create-index",
    table: "path",
    unique: false,
  }],
  ['create unique index if not exists "a_by_b" on "a" ("b")', {
    kind: "create-index",
    table: "a",
    unique: true,
  }],
  ["create view half_hourly_energy as\n select 1 from recent", {
    kind: "create-view",
    table: "half_hourly_energy",
  }],
  ["drop view if exists half_hourly_energy", { kind: "drop-view", table: "half_hourly_energy" }],
  ["drop index `x` on `path`", { kind: "drop-index", table: "path" }],
  ["drop table `site`", { kind: "drop-table", table: "site" }],
  ["insert into `allocation` (`kind`) values ('we select nothing') on duplicate key update `kind` = `kind`", {
    kind: "insert",
    table: "allocation",
    copies: false,
  }],
  ["insert into site_copy (a) select a from site", { kind: "insert", table: "site_copy", copies: true }],
  ["update `site` set `a` = 1", { kind: "update", table: "site" }],
  ['delete from "site"', { kind: "delete", table: "site" }],
  ["optimize table site", { kind: "other", table: "" }],
];

for (const [statement, want] of CASES) {
  Deno.test(`kindOfStatement() knows ${statement.slice(0, 60)}`, () => {
    deepStrictEqual(kindOfStatement(statement), want);
  });
}
