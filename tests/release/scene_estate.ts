/**
 * What is in the database before the first release serves: sites that are expected from now on, people who are signed
 * in all day, and programs with tokens.
 *
 * @module
 */
import { newApiToken } from "../../lib/auth/api_token.ts";
import { startPasswords } from "../../lib/auth/password.ts";
import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt } from "../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { NETWORKS_SETTING } from "../../lib/store/dial_places.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { writeSetting } from "../../lib/store/settings.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { createToken } from "../../lib/store/tokens.ts";
import { createUser, type User } from "../../lib/store/users.ts";
import { migrations } from "../../migrations/mod.ts";
import { authorAt } from "../fakes/author.ts";
import { ACCOUNT } from "../flows/running_product.ts";
import { type Network, siteDraftOf } from "./scene_sites.ts";

/** What is wanted. */
export interface EstateOptions {
  readonly databaseUrl: string;
  readonly network: Network;
  readonly sites: number;
  readonly people: number;
  readonly tokens: number;
}

/** Somebody who may sign in with the password of {@link ACCOUNT}. */
export interface Person {
  readonly userId: number;
  readonly email: string;
}

/** What is there. */
export interface Estate {
  readonly siteIds: readonly number[];
  readonly people: readonly Person[];
  readonly tokens: readonly string[];
}

/** Tokens of one person at most, below the limit of the product. */
const TOKENS_OF_ONE = 10;

const DAY_MS = 86_400_000;

/** Migrates an empty database and fills it. */
export async function fillDatabase(options: EstateOptions): Promise<Estate> {
  const db = await openDatabase(options.databaseUrl);
  try {
    const migrated = await migrate(db, migrations, systemClock);
    if (!migrated.ok) throw new Error(`Cannot migrate: ${JSON.stringify(migrated.error)}`);
    const { network, sites } = options;
    const since = closedHalfHourAt(systemClock.nowMs());
    const drafts = Array.from({ length: sites }, (_, n) => siteDraftOf(network, n, since));
    const registered = await registerSites(db, drafts);
    if (!registered.ok) throw new Error(`Cannot register: ${registered.error.kind}`);
    const by = authorAt(systemClock.nowMs());
    const value = { allowed: [`${network}.0.0/16`], ports: [] };
    await writeSetting(db, by, { name: NETWORKS_SETTING, value, version: 0 });
    const users = await makePeople(db, options.people);
    const tokens: string[] = [];
    while (tokens.length < options.tokens) {
      const owner = users[Math.floor(tokens.length / TOKENS_OF_ONE)];
      if (!owner) throw new Error("Too few people for so many tokens");
      tokens.push(await makeToken(db, owner));
    }
    return {
      siteIds: registered.value,
      people: users.map(({ id, email }) => ({ userId: id, email })),
      tokens,
    };
  } finally {
    await db.close();
  }
}

async function makePeople(db: Database, count: number): Promise<readonly User[]> {
  const passwords = startPasswords();
  try {
    const hashed = await passwords.hash(ACCOUNT.password);
    if (!hashed.ok) throw new Error(`Cannot hash: ${hashed.error}`);
    const users: User[] = [];
    for (let n = 0; n < count; n++) {
      const made = await createUser(db, {
        name: `Operator ${n}`,
        email: `operator-${n}@wattpost.example`,
        role: "administrator",
        passwordHash: hashed.value,
        nowMs: systemClock.nowMs(),
      });
      if (!made.ok) throw new Error(made.error.kind);
      users.push(made.value);
    }
    return users;
  } finally {
    passwords.close();
  }
}

async function makeToken(db: Database, { id, name }: User): Promise<string> {
  const { text, hash } = await newApiToken();
  const nowMs = systemClock.nowMs();
  const draft = { userId: id, tokenHash: hash, name, mayWrite: true, reach: ALL_SITES };
  const made = await createToken(db, authorAt(nowMs), { ...draft, expiresMs: nowMs + 30 * DAY_MS });
  if (!made.ok) throw new Error(made.error.kind);
  return text;
}
