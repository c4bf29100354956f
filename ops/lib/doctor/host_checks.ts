/**
 * The host: room on its disks, its clock, the sessions' file, and who listens to whom.
 *
 * @module
 */

import { mayReadAndWrite } from "../../../lib/config.ts";
import { diskVerdict, seeDisk } from "../../../lib/health/disk.ts";
import { worstOf } from "../../../lib/health/verdict.ts";
import { kvVerdict } from "../../../lib/health/checks.ts";
import { pingOf } from "../../../lib/health/gather.ts";
import { isHeld, openKv, pingKv } from "../../../lib/kv/mod.ts";
import { strangerText } from "../owner.ts";
import type { Outcome } from "../trial/verdict.ts";
import { offsetOf, type TimeKeeper, timeOutcome } from "./clock.ts";
import type { Doctor, DoctorCheck } from "./context.ts";
import { expectedPorts, judgePorts, readListeners } from "./ports.ts";
import { bytesText, outcomeOf } from "./told.ts";

/** Whether there is room where readings and backups lie. */
export const diskCheck: DoctorCheck = {
  name: "disk",
  about: "there is room where readings and backups lie",
  async run({ settings, place }) {
    const data = settings.ok ? settings.value.dataDir : place.paths.data;
    const folders = [["readings", data], ["backups", place.paths.backups]] as const;
    const seen = await Promise.all(
      folders.map(async ([what, path]) => ({ what, path, disk: await seeDisk(path) })),
    );
    const looked = seen.flatMap(({ what, path, disk }) => disk === null ? [] : [{ what, path, disk }]);
    if (looked.length === 0) {
      return {
        verdict: "fail",
        evidence: `There is no folder ${data}`,
        remedy: "Does DATA_DIR say where it is?",
      };
    }
    const verdicts = looked.map(({ disk }) => diskVerdict(disk));
    const status = worstOf(verdicts);
    const evidence = looked.map(({ what, path, disk }) => {
      return `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)} are free for ${what} in ${path}`;
    }).join(", ");
    const worst = verdicts.find((one) => one.status === status) ?? { name: "disk", status };
    return outcomeOf(worst, {
      seen: evidence,
      remedy: "Make room: old logs and backups first (df -h, du -sh)",
    });
  },
};

/** Whether the sessions' store takes and gives. */
export const kvCheck: DoctorCheck = {
  name: "sessions",
  about: "the store of sessions takes and gives",
  async run({ settings, clock }) {
    if (!settings.ok) return { verdict: "not-run", evidence: "No settings", remedy: "Mend them first" };
    const { kvPath } = settings.value;
    const isFile = !kvPath.includes("://") && kvPath !== ":memory:";
    const stranger = !isFile
      ? undefined
      : mayReadAndWrite(kvPath)
      ? strangerText(`sqlite:${kvPath}`)
      : `This task was not given ${kvPath}`;
    if (stranger !== undefined) {
      return {
        verdict: "not-run",
        evidence: stranger.replace(/\n[^]*/, ""),
        remedy: "Run it as the app's user, as docs/runbooks/README.md shows, or in its container",
      };
    }
    if (isFile && sizeOf(kvPath) === null) {
      const evidence = `There is no file ${kvPath} yet: the first start makes it`;
      return { verdict: "warn", evidence, remedy: "Start Wattpost once, then look again" };
    }
    const ping = await pingOf(clock, async () => {
      const kv = await openKv(kvPath);
      try {
        await pingKv(kv);
      } finally {
        kv.close();
      }
    });
    const size = isFile ? `, ${bytesText(sizeOf(kvPath) ?? 0)}` : "";
    const took = ping.kind === "answered" ? ` answers in ${ping.tookMs.toFixed(1)} ms` : "";
    if (ping.kind === "away" && isHeld(new Error(ping.why))) {
      const remedy = "Ask again; if it stays so, a process hangs in it: look which are running";
      return { verdict: "warn", evidence: `${kvPath} is held by another process`, remedy };
    }
    return outcomeOf(kvVerdict(ping), {
      seen: `${kvPath}${took}${size}`,
      remedy: "A file that is broken is set aside at the next start: people sign in again",
    });
  },
};

function sizeOf(path: string): number | null {
  try {
    return Deno.statSync(path).size;
  } catch {
    return null;
  }
}

/** Whether the clock is right: half-hours are cut by it. */
export const clockCheck: DoctorCheck = {
  name: "clock",
  about: "the clock follows a time server",
  async run({ run }) {
    const [chrony, timedate] = await Promise.all([
      run("chronyc", ["-c", "tracking"]),
      run("timedatectl", ["show", "--property=NTPSynchronized", "--value"]),
    ]);
    const keeper: TimeKeeper = {
      offsetMs: chrony.code === 0 ? offsetOf(chrony.out) : null,
      synchronized: timedate.code === 0 ? timedate.out.trim() === "yes" : null,
    };
    return timeOutcome(keeper);
  },
};

/** Whether only what must be heard from outside listens there. */
export const portsCheck: DoctorCheck = {
  name: "ports",
  about: "only what must be reached from outside listens there",
  async run(doctor) {
    const { run, settings, place } = doctor;
    const told = await run("ss", ["-H", "-l", "-n", "-t", "-u"]);
    if (told.code !== 0) {
      const evidence = `Nobody says which ports are open: ${told.err.trim().split("\n")[0] ?? ""}`;
      return { verdict: "not-run", evidence, remedy: "apt-get install iproute2, or run it on the host" };
    }
    // A trial beside production is reached through a port of its own, if at all.
    const served = settings.ok && place.root === "" ? settings.value : null;
    return judgePorts(readListeners(told.out), expectedPorts(descriptionText(doctor), served));
  },
};

/** The text of the host's description; `null`: there is none, or this user may not read it. */
function descriptionText({ place }: Doctor): string | null {
  try {
    return Deno.readTextFileSync(place.paths.description);
  } catch {
    return null;
  }
}

/** What is said where the host tells nothing. */
export const NOBODY_TELLS: Outcome = {
  verdict: "not-run",
  evidence: "This host was not set up by deno task host: nobody tells",
  remedy: "Look at it by other means, or set the host up",
};
