import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { databaseDrift, databaseStep } from "../../../../ops/lib/host/database_steps.ts";
import type { DatabaseDescription } from "../../../../ops/lib/host/description.ts";
import { exampleDescription } from "../../../host/example_description.ts";

const SQLITE: DatabaseDescription = { kind: "sqlite" };
const MYSQL: DatabaseDescription = { kind: "mysql", host: "db1", port: 3_306 };
const SECRET = "kettle-and-hob";
const url = (place: string) => `mysql://meters:${SECRET}@${place}/wattpost\n`;

const AGREED: readonly (readonly [name: string, DatabaseDescription, credential: string | null])[] = [
  ["SQLite needs no credential", SQLITE, null],
  ["SQLite may lie elsewhere", SQLITE, "sqlite:/srv/wattpost.db\n"],
  ["a server by its name", MYSQL, url("db1:3306")],
  ["a server at the usual port", MYSQL, url("db1")],
  ["a name in capitals", MYSQL, url("DB1")],
  ["another port", { ...MYSQL, port: 3_307 }, url("db1:3307")],
  ["a name of other letters", { ...MYSQL, host: "xn--zhler-gra.example" }, url("z%C3%A4hler.example")],
  ["an IPv4 address", { ...MYSQL, host: "192.0.2.7" }, url("192.0.2.7")],
  ["an IPv6 address, however it is written", { ...MYSQL, host: "2001:db8::7" }, url("[2001:DB8:0::7]:3306")],
];

for (const [name, database, credential] of AGREED) {
  Deno.test(`databaseDrift() is none: ${name}`, () => {
    deepStrictEqual(databaseDrift(database, credential), []);
  });
}

const APART:
  readonly (readonly [name: string, DatabaseDescription, credential: string | null, is: RegExp])[] = [
    ["no credential", MYSQL, null, /^missing$/],
    ["another server", MYSQL, url("db2"), /^of another server/],
    ["another port", MYSQL, url("db1:3307"), /^of another port/],
    ["SQLite for a server", MYSQL, "sqlite:/srv/wattpost.db", /^of SQLite/],
    ["a server for SQLite", SQLITE, url("db1"), /^of a server/],
    ["an empty file", MYSQL, "\n", /^not understood$/],
    ["no URL", SQLITE, SECRET, /^not understood$/],
  ];

for (const [name, database, credential, is] of APART) {
  Deno.test(`databaseDrift() says what to do and nothing of the credential: ${name}`, () => {
    const [drift, ...more] = databaseDrift(database, credential);
    deepStrictEqual(more, []);
    strictEqual(drift?.what, "credential database_url");
    match(drift.is, is);
    match(drift.does[0] ?? "", /^sudo deno task credentials (set|remove) database_url$/);
    const said = JSON.stringify(drift);
    for (const part of [SECRET, "meters", "db2", "3307", "/srv"]) {
      strictEqual(said.includes(part), false, `${part} in ${said}`);
    }
  });
}

Deno.test("databaseStep() may lack: apply goes on, as only an operator has the password", () => {
  strictEqual(databaseStep({ ...exampleDescription(), database: MYSQL }).mayLack, true);
});
