/**
 * What speaks against a deploy, before anything is changed.
 *
 * @module
 */

import { mayServe } from "./back.ts";
import { changedSettings } from "./colour_settings.ts";
import type { Deploy } from "./deploy.ts";
import { appliedBy, knownHere, knownMigrations } from "./known.ts";
import { linkedColour } from "./link.ts";
import type { DeployTools } from "./work.ts";

/** Free bytes that folders must have. */
const FREE_BYTES = 200_000_000;

/** What speaks against it, in words; none: nothing does. Changes nothing. */
export async function troublesOf(tools: DeployTools, deploy: Deploy): Promise<readonly string[]> {
  const { runner } = tools;
  const ofRunner = await runner.troubles();
  if (ofRunner.length > 0) return ofRunner; // without it nothing else can be looked at
  return [
    ...orNone(await runner.refuses(deploy.origin)),
    ...deploy.origin.kind === "kept" && deploy.kind === "rollback"
      ? orNone(await runner.lacks(deploy.release))
      : [],
    ...await roomTroubles(tools),
    ...await backupTroubles(tools, deploy),
    ...await serveTroubles(tools, deploy),
    ...await databaseTroubles(tools, deploy),
  ];
}

/** What an operator is told besides, and goes on. */
export async function remarksOn(tools: DeployTools, deploy: Deploy): Promise<readonly string[]> {
  const { runner } = tools;
  const remarks: string[] = [];
  if (deploy.steps.includes("pause")) {
    remarks.push("Readings lie in embedded SQLite, which one process at a time has: a pause of some seconds");
  }
  if (deploy.kind === "release" && deploy.before && !deploy.steps.includes("backup")) {
    remarks.push("The database is not backed up");
  }
  if (deploy.kind === "configuration" && deploy.before) {
    const changed = changedSettings(deploy.before.release.settings, deploy.release.settings);
    remarks.push(changed.length > 0 ? `Settings: ${changed.join(", ")}` : "No setting changed");
  }
  if (deploy.before) {
    const { status } = await runner.look(deploy.before.colour);
    if (status !== "running") {
      remarks.push(`${deploy.before.colour} serves and is ${status}: pages are away already`);
    }
  }
  return remarks;
}

async function backupTroubles({ on, place }: DeployTools, { steps }: Deploy): Promise<readonly string[]> {
  if (!steps.includes("backup") || await on.stat(place.paths.backupPlan)) return [];
  return [
    "Nobody is named to whom backups are encrypted: describe backups in ops/host.json and apply it, or deploy --without-backup",
  ];
}

async function roomTroubles({ on, place }: DeployTools): Promise<readonly string[]> {
  const { data, state, releases } = place.paths;
  const disks = new Map<string, string>();
  for (const path of [data, state, releases]) {
    const { code, out } = await on.run(["df", "--output=avail,target", "-B1", "--", path]);
    const [, avail = "", disk = ""] = /^ *(\d+) +(\S.*)$/m.exec(out) ?? [];
    const free = Number(avail);
    if (code !== 0 || avail === "" || free >= FREE_BYTES || disks.has(disk)) continue;
    disks.set(disk, `The disk of "${path}" is full: ${mb(free)} MB are free, ${mb(FREE_BYTES)} are needed`);
  }
  return [...disks.values()];
}

/** Where the link leads must be where the journals say. */
async function serveTroubles({ on, place, runner }: DeployTools, deploy: Deploy): Promise<readonly string[]> {
  const linked = await linkedColour(on, place);
  const { before } = deploy;
  if (linked === (before?.colour ?? null)) return [];
  if (before === null && linked !== null && (await runner.look(linked)).status === "absent") return [];
  const said = before
    ? `${before.release.name} as ${before.colour} is what was deployed`
    : "nothing was deployed";
  const found = linked ?? "nowhere";
  return [`"${place.paths.upstream}" leads to ${found}, and ${said}: deno task deploy status says more`];
}

async function databaseTroubles(tools: DeployTools, deploy: Deploy): Promise<readonly string[]> {
  const { on, place, database, runner } = tools;
  if (database.isLoopback && runner.kind === "containers") {
    return [
      "DATABASE_URL names this host's loopback, where containers find themselves alone: name an address that both reach",
    ];
  }
  const found = await database.look();
  if (found.kind === "embedded") return [];
  if (found.kind === "away") return [`The database is away: ${found.why}`];
  if (deploy.kind === "release") return []; // its sources are looked at once they are laid aside
  const known = await knownMigrations(on, deploy.release.sources);
  const release = { name: deploy.release.name, knows: [...known.keys()] };
  const may = mayServe(release, appliedBy(found.applied, await knownHere(on, place)));
  return may.ok ? [] : [may.error];
}

function orNone(text: string | null): readonly string[] {
  return text === null ? [] : [text];
}

function mb(bytes: number): number {
  return Math.floor(bytes / 1_000_000);
}
