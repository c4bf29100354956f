/**
 * Tells the app which release serves and how the newest deploy stands, as a file of the host's.
 *
 * @module
 */

import { formatReleaseReport } from "../../../lib/domain/release_report.ts";
import { HOST_FILES, IDS } from "../host/layout.ts";
import { HostError } from "../host/step.ts";
import { servingOf } from "./history.ts";
import type { DeployStand } from "./journal.ts";
import type { DeployTools } from "./work.ts";

/** What the app is told. Pure. */
export function releaseReport(stands: readonly DeployStand[], nowMs: number): string {
  const last = stands.at(-1);
  return formatReleaseReport({
    atMs: nowMs,
    release: servingOf(stands)?.release.name ?? null,
    deploy: last
      ? {
        number: last.deploy.number,
        release: last.deploy.release.name,
        beganMs: last.beganMs,
        outcome: last.outcome ?? "open",
      }
      : null,
  });
}

/** Writes it; a disk that is full ends no deploy. */
export async function tellApp(
  { on, place, clock }: Pick<DeployTools, "on" | "place" | "clock">,
  { stands }: { readonly stands: readonly DeployStand[] },
): Promise<void> {
  const path = `${place.paths.host}/${HOST_FILES.release}`;
  const text = releaseReport(stands, clock.nowMs());
  try {
    await on.write(path, { text, mode: 0o640, owner: `0:${IDS.app.id}` });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
