import { deepStrictEqual, rejects } from "node:assert/strict";
import { openMachine } from "../../../../ops/lib/host/machine.ts";
import type { Deploy } from "../../../../ops/lib/release/deploy.ts";
import { openJournals } from "../../../../ops/lib/release/journal_file.ts";
import { type Place, placeOf } from "../../../../ops/lib/release/place.ts";
import { type Settings, stagingSettings } from "../../../../ops/lib/staging/declared.ts";
import { diffPlaces } from "../../../../ops/lib/staging/diff.ts";
import { withFolder } from "../../../flows/running_product.ts";

const PRODUCTION: Settings = { PUBLIC_URL: "https://energy.example.com", VISITS_AT_ONCE: "400" };

interface Deployed {
  readonly name: string;
  readonly settings: Settings;
  readonly compose: string;
}

/** Writes the journal of a deploy that is done, and the sources that it laid aside. */
async function deployAt(place: Place, { name, settings, compose }: Deployed): Promise<void> {
  const sources = `${place.paths.releases}/${name}`;
  await Deno.mkdir(sources, { recursive: true });
  await Deno.writeTextFile(`${sources}/compose.yaml`, compose);
  for (const file of ["Dockerfile", "deno.lock"]) await Deno.writeTextFile(`${sources}/${file}`, "the same");
  const deploy: Deploy = {
    number: 1,
    kind: "release",
    engine: "embedded",
    runner: "containers",
    origin: { kind: "image", reference: "wattpost:tried" },
    release: { name, image: "wattpost:tried", sources, settings },
    colour: "blue",
    before: null,
    steps: ["switch"],
    ca: null,
    readyWithinS: 60,
  };
  const journals = openJournals(place.paths.deploys);
  const atMs = Date.UTC(2026, 10, 2);
  await journals.add(1, { kind: "deploy", atMs, deploy });
  await journals.add(1, { kind: "begin", atMs, step: "switch" });
  await journals.add(1, { kind: "done", atMs, step: "switch", ms: 1, words: "" });
  await journals.add(1, { kind: "end", atMs, outcome: "done" });
}

Deno.test("staging differs from production in what is declared; a setting by hand, another compose file and a database of production are found", async () => {
  await withFolder(async (folder) => {
    const on = openMachine(`${folder}/state`);
    const production = placeOf({ name: "wattpost", root: `${folder}/production` });
    const staging = placeOf({ name: "wattpost-staging", root: `${folder}/staging` });
    const other = placeOf({ name: "wattpost-other", root: `${folder}/other` });
    const verdicts = async (place: Place) =>
      (await diffPlaces(on, { staging: place, production }))
        .filter(({ verdict }) => verdict !== "same").map(({ what, verdict }) => `${what} ${verdict}`);
    await rejects(diffPlaces(on, { staging, production }), /Nothing was deployed to staging/);
    await deployAt(staging, {
      name: "r1-aaaaaaa",
      settings: stagingSettings(PRODUCTION),
      compose: "services",
    });
    await rejects(diffPlaces(on, { staging, production }), /Nothing was deployed to production/);
    await deployAt(production, { name: "r9-bbbbbbb", settings: PRODUCTION, compose: "services" });
    deepStrictEqual(await verdicts(staging), [
      "LOOPBACK_SITES declared",
      "PUBLIC_URL declared",
      "credential database_url declared",
      "code declared",
    ]);
    const settings = { ...stagingSettings(PRODUCTION), VISITS_AT_ONCE: "5" };
    await deployAt(other, { name: "r1-bbbbbbb", settings, compose: "other services" });
    await Deno.mkdir(other.paths.credentials, { recursive: true });
    await Deno.writeTextFile(
      `${other.paths.credentials}/database_url`,
      "mysql://wattpost:s3cret@10.0.0.5/wattpost",
    );
    deepStrictEqual(await verdicts(other), [
      "LOOPBACK_SITES declared",
      "PUBLIC_URL declared",
      "VISITS_AT_ONCE undeclared",
      "compose.yaml undeclared",
      "credential database_url undeclared",
    ]);
  });
});
