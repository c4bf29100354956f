import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { newSeed } from "../../lib/auth/totp.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { type Keys, openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { addPasskey, listPasskeys } from "../../lib/store/passkeys.ts";
import { countRecoveryCodes, readTotp, setTotp } from "../../lib/store/second_factors.ts";
import { createUser, findUserByEmail, type User } from "../../lib/store/users.ts";
import { migrations } from "../../migrations/mod.ts";
import { readRemoveArguments, runRemove } from "../../ops/second_factor_remove.ts";
import { authorAt } from "../fakes/author.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const EMAIL = "ada@wattpost.example";

interface Place {
  use<T>(work: (db: Database, keys: Keys) => Promise<T>): Promise<T>;
  run(more?: { email?: string; yes?: boolean }): Promise<readonly [number, string]>;
}

async function inPlace(body: (place: Place) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "wattpost-factor-" });
  const settings = { dataDir, secretsKey: undefined, databaseUrl: `sqlite:${dataDir}/test.db` };
  try {
    await body({
      async use(work) {
        const db = await openDatabase(settings.databaseUrl);
        try {
          ok((await migrate(db, migrations, systemClock)).ok);
          return await work(db, await openKeys(db, await openSecretBox(settings), NOW));
        } finally {
          await db.close();
        }
      },
      async run({ email = EMAIL, yes = false } = {}) {
        const lines: string[] = [];
        const print = (line: string) => void lines.push(line);
        return [await runRemove({ email, yes }, { ...settings, nowMs: NOW, print }), lines.join("\n")];
      },
    });
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

const ADA = { email: EMAIL, name: "Ada", role: "administrator", passwordHash: "x", nowMs: NOW } as const;

/** A sole administrator with codes, recovery codes and a passkey. */
async function makeAda(db: Database, { box, seal }: Keys): Promise<number> {
  const made = await createUser(db, ADA);
  ok(made.ok);
  const { id: userId } = made.value;
  const by = authorAt(NOW, { seal });
  ok((await setTotp(db, by, { userId, nowMs: NOW, codeHashes: ["a", "b"], box, seed: newSeed() })).ok);
  const key = { credential: "id", publicKey: "key", signCount: 0, transports: [], backedUp: false };
  ok((await addPasskey(db, by, { ...key, credentialHash: "of-ada", userId, name: "Phone" })).ok);
  return userId;
}

async function adaNow(db: Database): Promise<User> {
  const found = await findUserByEmail(db, EMAIL);
  ok(found);
  return found.user;
}

Deno.test("runRemove() says what it would do, does it when told, and writes that down", async () => {
  await inPlace(async ({ use, run }) => {
    const userId = await use(makeAda);
    const before = await use(adaNow);
    const [code, text] = await run();
    strictEqual(code, 0);
    match(text, /^Would remove codes and recovery codes, 1 passkey of ada@.* \(Ada, administrator\)/);
    match(text, /Nothing was changed: --yes does it$/);
    deepStrictEqual(await use(adaNow), before);
    const [done, words] = await run({ email: "ADA@wattpost.example", yes: true });
    strictEqual(done, 0, words);
    match(words, /^Removed codes and recovery codes, 1 passkey of ada@.*no e-mail is sent$/);
    await use(async (db, { box }) => {
      const user = await adaNow(db);
      deepStrictEqual([user.secondFactor, user.passkeys, user.state], [false, 0, "active"]);
      ok(user.sessionEpoch > before.sessionEpoch, "all sessions are over");
      strictEqual(await readTotp(db, box, userId), null);
      strictEqual(await countRecoveryCodes(db, userId), 0);
      deepStrictEqual(await listPasskeys(db, userId), []);
      const [entry] = await listAudit(db, 1);
      deepStrictEqual(
        [entry?.action, entry?.actor, entry?.subject, entry?.origin],
        ["second-factor-removed", "deno task second-factor:remove", `user ${userId}`, "command line"],
      );
    });
    const [again, why] = await run({ yes: true });
    strictEqual(again, 1);
    match(why, /has no second factor/);
  });
});

Deno.test("runRemove() refuses whom nobody knows, and a database that lacks migrations", async () => {
  await inPlace(async ({ use, run }) => {
    match((await run())[1], /lacks \d+ migrations/);
    await use(makeAda);
    const [code, text] = await run({ email: "eve@wattpost.example", yes: true });
    deepStrictEqual([code, text], [1, 'Nobody has the address "eve@wattpost.example"']);
    doesNotMatch(text, /ada/);
    strictEqual((await use(adaNow)).secondFactor, true);
  });
});

Deno.test("readRemoveArguments() wants to know whose, and takes nothing else", () => {
  deepStrictEqual(readRemoveArguments(["--email", EMAIL]), { ok: true, value: { email: EMAIL, yes: false } });
  deepStrictEqual(readRemoveArguments(["--yes", "--email", EMAIL]), {
    ok: true,
    value: { email: EMAIL, yes: true },
  });
  deepStrictEqual(readRemoveArguments(["--help"]), { ok: true, value: null });
  const wrong = [[], ["--yes"], ["--email"], ["--email", "--yes"], ["--force"], [EMAIL]];
  for (const args of wrong) strictEqual(readRemoveArguments(args).ok, false, args.join(" "));
});
