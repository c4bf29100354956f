import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { judge, MEASURED, speedOf, type Tolerance } from "../../../../ops/lib/plan/judge.ts";
import { kindOfStatement } from "../../../../ops/lib/plan/statement.ts";

const BY = { engine: "mariadb", rows: 2_000_000, isNew: false, speed: { index: 1e6, rewrite: 1e5 } } as const;

const CASES: readonly (readonly [statement: string, tolerated: Tolerance, seconds: number | null])[] = [
  ["create table a (b integer)", "yes", 0],
  ["alter table a add column b integer", "yes", 0],
  ["alter table a add column b integer not null", "no", 0],
  ["create index x on a (b)", "yes", 2],
  ["create unique index x on a (b)", "look", 2],
  ["insert into a (b) values (1)", "look", 0],
  ["insert into a (b) select b from c", "look", null],
  ["update a set b = 1", "look", 20],
  ["delete from a", "no", 20],
  ["drop table a", "no", 0],
  ["alter table a drop column b", "no", 0],
  ["alter table a rename column b to c", "no", 0],
  ["alter table a modify column b text", "no", 20],
  ["drop view a", "yes", 0],
  ["analyze table a", "look", null],
];

for (const [statement, tolerated, seconds] of CASES) {
  Deno.test(`a running release and 2,000,000 rows: ${statement}`, () => {
    const judged = judge(kindOfStatement(statement), BY);
    strictEqual(judged.tolerated, tolerated);
    strictEqual(judged.seconds === null ? null : Math.floor(judged.seconds), seconds);
  });
}

Deno.test("what is done to a table that the plan makes itself bothers nobody and takes no time", () => {
  const judged = judge(kindOfStatement("alter table a add column b integer not null"), {
    ...BY,
    isNew: true,
  });
  strictEqual(judged.tolerated, "yes");
  ok((judged.seconds ?? 1) < 0.1);
  match(judged.why, /nobody asks/);
});

Deno.test("a column that goes is written out of every row by SQLite, and only noted by the servers", () => {
  const drop = kindOfStatement("alter table a drop column b");
  strictEqual(Math.round(judge(drop, { ...BY, engine: "sqlite" }).seconds ?? 0), 20);
  strictEqual(Math.round(judge(drop, { ...BY, engine: "mysql" }).seconds ?? 1), 0);
});

Deno.test("speedOf() follows the try, and takes what was measured where there was none", () => {
  const { index, triedMs } = MEASURED.mysql;
  deepStrictEqual(speedOf("mysql", null), { ...rates("mysql"), factor: 1 });
  strictEqual(speedOf("mysql", triedMs * 4).index, index / 4);
  strictEqual(speedOf("mysql", 1).factor, 2);
});

function rates(engine: "mysql") {
  const { index, rewrite } = MEASURED[engine];
  return { index, rewrite };
}
