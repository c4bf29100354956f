/**
 * Tells the app which release serves and how the last deploy ended, as a file of the host's.
 *
 * @module
 */

import { HOST_FILES } from "../host/layout.ts";
import { HostError } from "../host/step.ts";
import { servingOf } from "./history.ts";
import type { DeployStand } from "./journal.ts";
import type { DeployTools } from "./work.ts";

/** What the app is told. */
export function releaseReport(stands: readonly DeployStand[], nowMs: number): string {
  const serving = servingOf(stands);
  const last = stands.at(-1);
  const report = {
    version: 1,
    lookedMs: nowMs,
    release: serving?.release.name ?? null,
    colour: serving?.colour ?? null,
    deploy: last
      ? {
        number: last.deploy.number,
        kind: last.deploy.kind,
        release: last.deploy.release.name,
        beganMs: last.beganMs,
        endedMs: last.outcome === null ? null : last.lastMs,
        outcome: last.outcome ?? "open",
      }
      : null,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Writes it; a disk that is full ends no deploy. */
export async function tellApp(
  { on, place, clock }: Pick<DeployTools, "on" | "place" | "clock">,
  { stands }: { readonly stands: readonly DeployStand[] },
): Promise<void> {
  const path = `${place.paths.host}/${HOST_FILES.release}`;
  const text = releaseReport(stands, clock.nowMs());
  try {
    await on.write(path, { text, mode: 0o640, owner: "0:65532" });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
