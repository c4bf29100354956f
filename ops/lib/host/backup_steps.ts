/**
 * Steps that give a host its backups: programs, a folder, a key for trial restores, the plan, and a unit with its timer.
 *
 * @module
 */

import { formatPlan } from "../backup/plan.ts";
import { REMOTE_FILES } from "../backup/remote.ts";
import { BACKUP_UNITS, backupServiceText, backupTimerText } from "./backup_units.ts";
import type { BackupsDescription } from "./description.ts";
import { DRILL_UNITS, drillServiceText, drillTimerText } from "./drill_units.ts";
import { DAEMON_RELOAD, file, folder, packages, type Part, step, unit } from "./kit.ts";
import { DRILL_KEY_FILE, IDS, PATHS } from "./layout.ts";
import { driftOf, type Host, HostError, type StepMaker } from "./step.ts";

/**
 * The private key of this host for trial restores: every backup is encrypted to it too. Root alone reads it, who can read
 * the database itself.
 */
export const DRILL_KEY = `${PATHS.hostCredentials}/${DRILL_KEY_FILE}`;

/** Backups; none where none are described. */
export const backupSteps: StepMaker = ({ backups }) => {
  if (backups === undefined) return [];
  const owner = `${IDS.app.name}:${IDS.app.name}`;
  const of = (name: string, text: string) =>
    file({ path: `/etc/systemd/system/${name}`, text, then: [DAEMON_RELOAD] });
  const password = `${PATHS.hostCredentials}/${REMOTE_FILES.password}`;
  return [
    step(
      "backups: programs and folder",
      "Backups are encrypted by age and copied by restic; each has its user.",
      [
        packages(["age", "restic", "openssh-client"]),
        // What people stored in it stays when Wattpost is removed.
        folder({ path: PATHS.backups, mode: 0o700, owner }),
      ],
    ),
    step(
      "backups: keys and plan",
      "Who can read backups is said once; a restore is tried by a key of the host.",
      [
        secretFile(DRILL_KEY, { does: "age-keygen, kept where root alone reads it", make: newKey }),
        ...backups.remote === null
          ? []
          : [secretFile(password, { does: "write a random password of the copies", make: newPassword })],
        planFile(backups),
      ],
    ),
    step("backups: each day", "A backup that somebody has to think of is not made.", [
      of(BACKUP_UNITS.service, backupServiceText()),
      of(BACKUP_UNITS.timer, backupTimerText(backups)),
      unit({ name: BACKUP_UNITS.timer, enabled: true, active: true }),
    ]),
    step("backups: a restore on trial each week", "A backup that nobody ever restored is a hope.", [
      of(DRILL_UNITS.service, drillServiceText()),
      of(DRILL_UNITS.timer, drillTimerText()),
      unit({ name: DRILL_UNITS.timer, enabled: true, active: true }),
    ]),
  ];
};

interface SecretMaking {
  /** In words. */
  readonly does: string;
  readonly make: (on: Host) => Promise<string>;
}

/** A secret that this host makes for itself, once. It stays when Wattpost is removed: old backups need it. */
function secretFile(path: string, { does, make }: SecretMaking): Part {
  const modes = { mode: 0o600, owner: "root:root" };
  return {
    async check(on) {
      const there = await on.stat(path);
      if (there?.kind === "file" && there.mode === modes.mode && there.owner === modes.owner) return [];
      const is = there ? `${there.kind} of ${there.owner}, ${there.mode.toString(8)}` : "missing";
      return [
        driftOf(path, {
          is,
          expected: "a secret, root:root 600",
          does: there ? `give ${path} to root alone` : does,
        }),
      ];
    },
    async apply(on) {
      if ((await on.stat(path))?.kind === "file") return await on.setModes(path, modes);
      await on.must(["install", "-d", "-m", "700", "-o", "root", "-g", "root", PATHS.hostCredentials]);
      await on.write(path, { text: await make(on), ...modes });
    },
    undo: () => Promise.resolve(),
  };
}

async function newKey(on: Host): Promise<string> {
  const { out } = await on.must(["age-keygen"]);
  if (!out.includes("AGE-SECRET-KEY-")) throw new HostError("age-keygen made no key");
  return out;
}

function newPassword(): Promise<string> {
  return Promise.resolve(
    `${crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url" })}\n`,
  );
}

/** The plan names the host's own key besides those of the description. */
function planFile(backups: BackupsDescription): Part {
  const path = PATHS.backupPlan;
  const textOn = async (on: Host): Promise<string | null> => {
    const { code, out } = await on.run(["age-keygen", "-y", DRILL_KEY]);
    if (code !== 0) return null; // not made yet, or age is not installed yet
    return formatPlan({ recipients: [...new Set([...backups.recipients, out.trim()])], keep: backups.keep });
  };
  return {
    async check(on) {
      const [is, text] = [await on.read(path), await textOn(on)];
      if (is !== null && is === text) return [];
      return [driftOf(path, {
        is: is === null ? "missing" : "another plan",
        expected: `${backups.recipients.length} recipients, and this host's own key`,
        does: `write ${path}`,
      })];
    },
    async apply(on) {
      const text = await textOn(on);
      if (text === null) throw new HostError(`Cannot read the public key of ${DRILL_KEY}`);
      await on.write(path, { text, mode: 0o644, owner: "root:root" });
    },
    async undo(on) {
      await on.must(["rm", "-f", "--", path]);
    },
  };
}
