/**
 * The units that restore the newest backup on trial each week: as root, who alone reads the host's key for trials, and
 * with nothing else of what root may.
 *
 * @module
 */

import { taskArgv } from "./base_access.ts";
import { MADE_BY, PATHS } from "./layout.ts";
import { TASK_HARDENING } from "./task_hardening.ts";

/** Names of the units. */
export const DRILL_UNITS = {
  service: "wattpost-restore-drill.service",
  timer: "wattpost-restore-drill.timer",
} as const;

/** Longest that a trial may take; `RESTORE_LONGEST_MS` says the same, a test compares. */
export const DRILL_LONGEST = "6h";

/** `/etc/systemd/system/wattpost-restore-drill.service`: reads backups, writes a scratch database and what it tells. */
export function drillServiceText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: the newest backup is restored on trial
ConditionPathExists=${PATHS.project}/deno.json
Wants=network-online.target
After=network-online.target wattpost-backup.service

[Service]
Type=oneshot
WorkingDirectory=${PATHS.project}
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStart=${taskArgv("restore:drill").join(" ")}
TimeoutStartSec=${DRILL_LONGEST}
TimeoutStopSec=5min
Nice=10
IOSchedulingClass=idle
UMask=0077
MemoryMax=1024M
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH
ProtectSystem=strict
ReadWritePaths=${PATHS.state} ${PATHS.host}
${TASK_HARDENING}`;
}

/** `/etc/systemd/system/wattpost-restore-drill.timer`: on Sundays, hours after a backup is usually made. */
export function drillTimerText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: a restore on trial, once a week

[Timer]
OnCalendar=Sun *-*-* 04:41
Persistent=true

[Install]
WantedBy=timers.target
`;
}
