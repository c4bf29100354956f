/**
 * `deno task second-factor:remove`: lets somebody in by their password again who lost every second factor, where no
 * administrator is left who could do it on a page.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { Database } from "../lib/store/db.ts";
import { type KeySettings, openKeys, openSecretBox } from "../lib/store/keys.ts";
import { removeSecondFactor } from "../lib/store/second_factors.ts";
import { findUserByEmail, type User } from "../lib/store/users.ts";
import { onDatabase, runCommand } from "./lib/command.ts";

/** How it is called. */
export const REMOVE_HELP = `deno task second-factor:remove --email ADDRESS [--yes]

Removes codes, recovery codes and passkeys of somebody and ends all their sessions, as "Remove second factor" on their
page does. They come in by their password, and set up another one then where their role must have one. Without --yes
it only says what it would do. It is written down in the audit trail; no e-mail is sent.

  --email  whose, as they sign in
  --yes    does it

With SQLite stop Wattpost first; with MySQL both run at once.`;

/** What it was told. */
export interface RemoveOrder {
  /** Whose. */
  readonly email: string;
  /** Whether it is done, not only said. */
  readonly yes: boolean;
}

/** What removing works with. */
export interface RemoveTools extends KeySettings {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Shows a line. */
  readonly print: (line: string) => void;
}

/** Reads the arguments; `null`: help is asked for. */
export function readRemoveArguments(args: readonly string[]): Result<RemoveOrder | null, string> {
  let email: string | null = null;
  let yes = false;
  const rest = [...args];
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    switch (name) {
      case "--help":
        return ok(null);
      case "--yes":
        yes = true;
        break;
      case "--email": {
        const value = rest.shift();
        if (value === undefined || value.startsWith("--")) return err("--email wants an address");
        if (email !== null) return err("--email is there twice");
        email = value;
        break;
      }
      default:
        return err(`No option is called "${name}"`);
    }
  }
  return email === null ? err("--email is missing: whose second factor?") : ok({ email, yes });
}

/** Removes as it is told; the exit code. */
export async function runRemove(order: RemoveOrder, tools: RemoveTools): Promise<number> {
  return await onDatabase(tools.databaseUrl, {
    refuse: (why) => refuse(why, tools),
    work: (db) => remove(db, order, tools),
  });
}

async function remove(db: Database, { email, yes }: RemoveOrder, tools: RemoveTools): Promise<number> {
  const user = (await findUserByEmail(db, email))?.user;
  if (!user) return refuse(`Nobody has the address "${email}"`, tools);
  const has = factorWords(user);
  if (has === null) {
    return refuse(`${user.email} has no second factor: the password alone lets them in`, tools);
  }
  if (!yes) {
    tools.print(
      `Would remove ${has} of ${user.email} (${user.name}, ${user.role}) and end all their sessions`,
    );
    tools.print("Nothing was changed: --yes does it");
    return 0;
  }
  const { seal } = await openKeys(db, await openSecretBox(tools), tools.nowMs);
  const who = { actor: "deno task second-factor:remove", userId: null, origin: "command line" };
  const removed = await removeSecondFactor(db, { ...who, atMs: tools.nowMs, requestId: null, seal }, user.id);
  if (!removed.ok) return refuse("Somebody else removed it meanwhile", tools);
  tools.print(`Removed ${has} of ${user.email} and ended all their sessions. Tell them: no e-mail is sent`);
  if (user.state === "locked") tools.print("They are locked, and stay so");
  return 0;
}

/** What somebody has, in words; `null`: nothing. */
function factorWords({ secondFactor, passkeys }: Pick<User, "secondFactor" | "passkeys">): string | null {
  const words = [
    ...(secondFactor ? ["codes and recovery codes"] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? "1 passkey" : `${passkeys} passkeys`] : []),
  ];
  return words.length === 0 ? null : words.join(", ");
}

function refuse(why: string, { print }: RemoveTools): number {
  print(why);
  return 1;
}

async function main(): Promise<number> {
  const order = readRemoveArguments(Deno.args);
  if (!order.ok || order.value === null) {
    console.log(order.ok ? REMOVE_HELP : `${order.error}\n\n${REMOVE_HELP}`);
    return order.ok ? 0 : 2;
  }
  const { value } = order;
  const tools = { nowMs: systemClock.nowMs(), print: (line: string) => console.log(line) };
  return await runCommand(
    "remove the second factor",
    (settings) => runRemove(value, { ...settings, ...tools }),
  );
}

if (import.meta.main) Deno.exit(await main());
