import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Config, createLiveConfig, parseConfig } from "../../lib/config.ts";

function configOf(env: Readonly<Record<string, string>>): Config {
  const read = parseConfig(env);
  if (!read.ok) throw new Error(read.error.map(({ name }) => name).join());
  return read.value;
}

const MYSQL = "mysql://w:one@db:3306/wattpost";
const KEY = "bWFrZSB5b3VyIG93biB3aXRoIG9wZW5zc2wgcmFuZCE=";

Deno.test("createLiveConfig() follows secrets and nothing else", () => {
  const { config, renew } = createLiveConfig(configOf({ METRICS_TOKEN: "token-of-the-first-day" }));
  const next = configOf({ METRICS_TOKEN: "token-of-the-next-day!", SMTP_PASSWORD: "p", COLLECT: "off" });
  deepStrictEqual(renew(next), { changed: ["METRICS_TOKEN", "SMTP_PASSWORD"], restart: [] });
  deepStrictEqual([config.metricsToken, config.smtpPassword, config.collect], [
    "token-of-the-next-day!",
    "p",
    true,
  ]);
  deepStrictEqual(renew(next), { changed: [], restart: [] });
  renew(configOf({}));
  strictEqual(config.metricsToken, undefined, "a file that was taken away counts, too");
});

const CASES = [
  {
    name: "another password",
    from: { DATABASE_URL: MYSQL },
    to: { DATABASE_URL: MYSQL.replace("one", "two") },
    live: true,
  },
  {
    name: "another user",
    from: { DATABASE_URL: MYSQL },
    to: { DATABASE_URL: MYSQL.replace("w:", "v:") },
    live: true,
  },
  {
    name: "another host",
    from: { DATABASE_URL: MYSQL },
    to: { DATABASE_URL: MYSQL.replace("db:", "db2:") },
    live: false,
  },
  { name: "another database", from: { DATABASE_URL: MYSQL }, to: { DATABASE_URL: `${MYSQL}2` }, live: false },
  { name: "SQLite in place of MySQL", from: { DATABASE_URL: MYSQL }, to: {}, live: false },
  {
    name: "another SQLite file",
    from: { DATABASE_URL: "sqlite:a" },
    to: { DATABASE_URL: "sqlite:b" },
    live: false,
  },
  {
    name: "another ring",
    from: { SECRETS_KEY: `a:${KEY}` },
    to: { SECRETS_KEY: `b:${KEY},a:${KEY}` },
    live: true,
  },
  { name: "a ring in place of the data folder's", from: {}, to: { SECRETS_KEY: `a:${KEY}` }, live: false },
];
for (const { name, from, to, live } of CASES) {
  Deno.test(`createLiveConfig() ${live ? "takes over" : "leaves to a restart"} ${name}`, () => {
    const held = createLiveConfig(configOf(from));
    const { changed, restart } = held.renew(configOf(to));
    deepStrictEqual([changed.length, restart.length], live ? [1, 0] : [0, 1]);
    const [field] = Object.keys(from).includes("DATABASE_URL")
      ? ["databaseUrl" as const]
      : ["secretsKey" as const];
    if (!field) return;
    strictEqual(held.config[field], configOf(live ? to : from)[field]);
  });
}
