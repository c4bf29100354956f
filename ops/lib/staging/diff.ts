/**
 * Compares what serves in staging with what serves in production: settings, compose file, image and code.
 *
 * @module
 */

import { type Host, HostError } from "../host/step.ts";
import { releasesIn, servingOf } from "../release/history.ts";
import { openJournals } from "../release/journal_file.ts";
import { type Place, PRODUCTION } from "../release/place.ts";
import { type DiffLine, diffSettings, diffText } from "./declared.ts";

/** What is compared of a release, by file of its sources. */
const FILES = ["compose.yaml", "Dockerfile", "deno.lock"];

/** Every line of the comparison. */
export async function diffPlaces(
  on: Pick<Host, "read">,
  { staging, production = PRODUCTION }: { readonly staging: Place; readonly production?: Place },
): Promise<readonly DiffLine[]> {
  const [ours, theirs] = [await servingAt(staging), await servingAt(production)];
  if (ours === null) throw new HostError("Nothing was deployed to staging: deno task staging up");
  if (theirs === null) {
    throw new HostError("Nothing was deployed to production: there is nothing to compare with");
  }
  const files: DiffLine[] = [];
  for (const file of FILES) {
    const [production, its] = [
      await on.read(`${theirs.sources}/${file}`),
      await on.read(`${ours.sources}/${file}`),
    ];
    files.push(diffText(file, { production, staging: its }));
  }
  const secret = `${staging.paths.credentials}/database_url`;
  const database: DiffLine = await on.read(secret) === null
    ? { what: "credential database_url", verdict: "declared", words: "its database is embedded in its data" }
    : { what: "credential database_url", verdict: "undeclared", words: "staging is to have none" };
  const [code, itsCode] = [theirs, ours].map(({ name }) => name.replace(/^r\d+-/, ""));
  return [
    ...diffSettings(theirs.settings, ours.settings),
    ...files,
    database,
    code === itsCode
      ? { what: "code", verdict: "same", words: "" }
      : { what: "code", verdict: "declared", words: `staging tries ${itsCode}, production serves ${code}` },
  ];
}

async function servingAt({ paths }: Place) {
  const serving = servingOf(await releasesIn(openJournals(paths.deploys)));
  return serving?.release ?? null;
}
