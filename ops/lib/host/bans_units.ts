/**
 * The units that do what the app asks of the host, and tell it which addresses are banned.
 *
 * @module
 */

import { taskArgv } from "./base_access.ts";
import { MADE_BY, PATHS } from "./layout.ts";
import { TASK_HARDENING } from "./task_hardening.ts";

/** Names of the units. */
export const REQUEST_UNITS = {
  service: "wattpost-requests.service",
  path: "wattpost-requests.path",
  timer: "wattpost-requests.timer",
} as const;

/** Does what is asked and tells how it stands; root, so most of what root may is taken from it. */
export function requestsServiceText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: what the app asks of this host
ConditionPathExists=${PATHS.project}/deno.json
# The app may ask as often as it likes; what it asks for is done once.
StartLimitIntervalSec=0

[Service]
Type=oneshot
WorkingDirectory=${PATHS.project}
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStart=${taskArgv("host-requests").join(" ")}
TimeoutStartSec=2min
Nice=10
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_NET_ADMIN CAP_SETUID CAP_SETGID CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_KILL
ProtectSystem=strict
ReadWritePaths=${PATHS.host} -${PATHS.denoDir} -/etc/wireguard
${TASK_HARDENING}UMask=0027
`;
}

/** Starts it when a request is there. */
export function requestsPathText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: the app asks something of this host

[Path]
PathChanged=${PATHS.requests}
Unit=${REQUEST_UNITS.service}

[Install]
WantedBy=paths.target
`;
}

/** Starts it each minute, so that pages tell how it stands and nothing that was asked is missed. */
export function requestsTimerText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: tells the app each minute how this host stands

[Timer]
OnCalendar=*:*:10
AccuracySec=10s

[Install]
WantedBy=timers.target
`;
}
