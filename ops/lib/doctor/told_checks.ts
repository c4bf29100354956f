/**
 * What the host tells the app: its certificate, its newest backup, its last proven restore.
 *
 * @module
 */

import { backupVerdict, seeBackups } from "../../../lib/health/backup.ts";
import { certificateVerdict, seeCertificate } from "../../../lib/health/certificate.ts";
import { restoreVerdict, seeRestores } from "../../../lib/health/restore.ts";
import type { Verdict } from "../../../lib/health/verdict.ts";
import type { Doctor, DoctorCheck } from "./context.ts";
import { NOBODY_TELLS } from "./host_checks.ts";
import { agoText, outcomeOf } from "./told.ts";

/** Whether people's browsers trust the certificate, and for how long. */
export const certificateCheck: DoctorCheck = {
  name: "certificate",
  about: "the certificate is trusted, served and renewed",
  async run(doctor) {
    const seen = await seeCertificate(folderOf(doctor), doctor.clock);
    const verdict = certificateVerdict(seen, doctor.clock.nowMs());
    if (verdict === null || seen.kind === "absent") return NOBODY_TELLS;
    const days = verdict.observed === undefined ? "it is not known" : `${verdict.observed} days are left`;
    return outcomeOf(verdict, { seen: days, remedy: "deno task certificates status" });
  },
};

/** Whether there is a new backup. */
export const backupCheck: DoctorCheck = {
  name: "backup",
  about: "there is a new backup",
  async run(doctor) {
    const seen = await seeBackups(folderOf(doctor), doctor.clock);
    const verdict = backupVerdict(seen, doctor.clock.nowMs());
    if (verdict === null) {
      return {
        verdict: "warn",
        evidence: "Nobody tells of a backup: none is made by itself",
        remedy: "Describe backups in ops/host.json and apply, or copy the database by other means",
      };
    }
    const more = seen.kind === "told" ? `, ${seen.value.count} of them here` : "";
    return outcomeOf(verdict, {
      seen: ageText(verdict, `the newest is of`) + more,
      remedy: "deno task backups list",
    });
  },
};

/** Whether a backup was lately proven to be one. */
export const restoreCheck: DoctorCheck = {
  name: "restore",
  about: "a backup was restored on trial and compared",
  async run(doctor) {
    const seen = await seeRestores(folderOf(doctor), doctor.clock);
    const verdict = restoreVerdict(seen, doctor.clock.nowMs());
    if (verdict === null) {
      return {
        verdict: "warn",
        evidence: "No backup was ever restored on trial: it may be none",
        remedy: "deno task restore:drill",
      };
    }
    const proven = seen.kind === "told" ? seen.value.proven : null;
    const took = proven === null
      ? ""
      : `, took ${Math.round(proven.tookMs / 1_000)} s and compared ${
        proven.rows.toLocaleString("en-US")
      } rows`;
    return outcomeOf(verdict, {
      seen: `${ageText(verdict, "the last proven one is of")}${took}`,
      remedy: "deno task restore:drill",
    });
  },
};

function folderOf({ settings, place }: Doctor): string {
  return settings.ok && place.root === "" ? settings.value.hostDir : place.paths.host;
}

function ageText({ observed }: Verdict, what: string): string {
  return typeof observed === "number" ? `${what} ${agoText(observed * 1_000)}` : "there is none";
}
