/**
 * The units that back up a host each day: as the app's user what the app may read, as root what only root may.
 *
 * @module
 */

import { taskArgv } from "./base_access.ts";
import type { BackupsDescription } from "./description.ts";
import { IDS, MADE_BY, PATHS } from "./layout.ts";
import { TASK_HARDENING } from "./task_hardening.ts";

/** Names of the units. */
export const BACKUP_UNITS = { service: "wattpost-backup.service", timer: "wattpost-backup.timer" } as const;

/** Longest that a backup and its copy may take. */
const LONGEST = "3h";

/**
 * `/etc/systemd/system/wattpost-backup.service`. What begins with `+` is root's: it seals root's own secrets before, copies
 * the backup elsewhere after, and tells the app how it went, also where the backup failed. The rest runs as the app's
 * user: root would leave files beside an embedded database that the app may not write.
 */
export function backupServiceText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: a backup
ConditionPathExists=${PATHS.project}/deno.json
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${IDS.app.name}
Group=${IDS.app.name}
WorkingDirectory=${PATHS.project}
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStartPre=+${taskArgv("backups", "seal").join(" ")}
ExecStart=${taskArgv("db:backup").join(" ")}
ExecStartPost=+${taskArgv("backups", "push").join(" ")}
ExecStopPost=+${taskArgv("backups", "tell").join(" ")}
TimeoutStartSec=${LONGEST}
TimeoutStopSec=5min
Nice=10
IOSchedulingClass=idle
UMask=0077
MemoryMax=1024M
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=${PATHS.backups} ${PATHS.data}
InaccessiblePaths=-${PATHS.hostCredentials} -${PATHS.state}
${TASK_HARDENING}`;
}

/** `/etc/systemd/system/wattpost-backup.timer`; a host that was off at its time makes one when it is on again. */
export function backupTimerText({ at }: Pick<BackupsDescription, "at">): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: a backup, once a day

[Timer]
OnCalendar=*-*-* ${at}
Persistent=true

[Install]
WantedBy=timers.target
`;
}
