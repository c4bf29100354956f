/**
 * Whether the database that is described is the one that the app's credential names: the description opens the firewall,
 * the credential is what the app dials. Only what the two disagree about is said, never what the credential is.
 *
 * @module
 */

import { credentialRefusal } from "../credentials.ts";
import type { DatabaseDescription, HostDescription } from "./description.ts";
import { step } from "./kit.ts";
import { PATHS } from "./layout.ts";
import type { Drift, Step } from "./step.ts";

const NAME = "database_url";
const USUAL_PORT = 3_306;

/** The file in which the credential lies. */
const DATABASE_CREDENTIAL = `${PATHS.credentials}/${NAME}`;

/** The step of the database; only an operator has the password, so the host goes on without. */
export function databaseStep({ database }: HostDescription): Step {
  const why =
    "The app dials the database of its credential; the firewall lets it reach the one that is described";
  return {
    ...step("database: credential", why, [{
      async check(on) {
        // What is no file is told by the step of folders.
        const there = await on.stat(DATABASE_CREDENTIAL);
        if (there !== null && there.kind !== "file") return [];
        return databaseDrift(database, there === null ? null : await on.read(DATABASE_CREDENTIAL));
      },
      apply: () => Promise.resolve(),
      undo: () => Promise.resolve(),
    }]),
    mayLack: true,
  };
}

/** What a description and a credential disagree about; `null`: there is no credential. Repeats nothing of the credential. */
export function databaseDrift(database: DatabaseDescription, credential: string | null): readonly Drift[] {
  const is = troubleOf(database, credential);
  if (is === null) return [];
  const expected = database.kind === "sqlite"
    ? "missing, or sqlite: and a path, as host.json has no database server"
    : `mysql://user:password@${urlHost(database.host)}:${database.port}/database, as host.json says`;
  const set = `sudo deno task credentials set ${NAME}`;
  const does = database.kind === "sqlite"
    ? [`sudo deno task credentials remove ${NAME}`, 'or describe "database" in ops/host.json, then apply']
    : credential === null
    ? [set]
    : [set, 'or correct "database" in ops/host.json, then apply'];
  return [{ what: `credential ${NAME}`, is, expected, does: [...does] }];
}

/** How a credential is, in words that are not its own; `null`: as described. */
function troubleOf(database: DatabaseDescription, credential: string | null): string | null {
  if (credential === null) return database.kind === "sqlite" ? null : "missing";
  const text = credential.trim();
  if (credentialRefusal(NAME, text) !== null) return "not understood";
  if (text.startsWith("sqlite:")) {
    return database.kind === "sqlite" ? null : "of SQLite, while host.json names a server";
  }
  if (database.kind === "sqlite") return "of a server, while host.json says sqlite";
  const { hostname, port } = new URL(text);
  // Of a scheme that browsers do not know the host stays as it was typed.
  if (placeOf(hostname) !== placeOf(urlHost(database.host))) return "of another server than host.json names";
  return Number(port || USUAL_PORT) === database.port ? null : "of another port than host.json names";
}

/** A host as it is compared: as browsers write it. */
function placeOf(host: string): string {
  return URL.parse(`http://${host}/`)?.hostname ?? host.toLowerCase();
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
