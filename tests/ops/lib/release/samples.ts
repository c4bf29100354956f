/**
 * Deploys for pure tests.
 *
 * @module
 */
import { type Deploy, planOf, type Release, type StepName } from "../../../../ops/lib/release/deploy.ts";
import { type DeployStand, foldJournal, type JournalLine } from "../../../../ops/lib/release/journal.ts";

/** A release of a test. */
export function sampleRelease(name: string, settings: Release["settings"] = {}): Release {
  return { name, image: `wattpost:${name}`, sources: `/opt/wattpost/releases/${name}`, settings };
}

/** A deploy of a test: the seventeenth, of new code, with a server for a database. */
export function sampleDeploy(changes: Partial<Deploy> = {}): Deploy {
  const plan = { kind: "release", engine: "server", hasBefore: true, backup: true } as const;
  return {
    number: 17,
    kind: "release",
    engine: "server",
    runner: "containers",
    origin: { kind: "image", reference: "wattpost:new" },
    release: sampleRelease("r17-63e2c47"),
    colour: "green",
    before: { colour: "blue", release: sampleRelease("r16-9b1d0aa") },
    steps: planOf(plan),
    ca: null,
    readyWithinS: 180,
    ...changes,
  };
}

/** The lines of a deploy in which every step went well, without its end. */
export function doneLines(deploy: Deploy, upTo?: StepName): readonly JournalLine[] {
  const last = upTo === undefined ? deploy.steps.length : deploy.steps.indexOf(upTo) + 1;
  return [
    { atMs: 0, kind: "deploy", deploy },
    ...deploy.steps.slice(0, last).flatMap((step, i): readonly JournalLine[] => [
      { atMs: 10 * i + 1, kind: "begin", step },
      { atMs: 10 * i + 5, kind: "done", step, ms: 4, words: "well" },
    ]),
  ];
}

/** How it stands after some lines. */
export function standAfter(lines: readonly JournalLine[]): DeployStand {
  const stand = foldJournal(lines);
  if (!stand) throw new Error("No deploy was begun");
  return stand;
}

/** A deploy that ended. */
export function endedStand(deploy: Deploy, outcome: "done" | "undone" = "done"): DeployStand {
  return standAfter([...doneLines(deploy), { atMs: 999, kind: "end", outcome }]);
}
