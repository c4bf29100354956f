/**
 * The app as a service of systemd on a host without containers, what it is told, and the daily look for drift.
 *
 * @module
 */

import { CONFIG_NAMES } from "../../../lib/config.ts";
import { taskArgv } from "./base_access.ts";
import type { HostDescription } from "./description.ts";
import { IDS, MADE_BY, PATHS } from "./layout.ts";

/** Seconds in which the app drains; as in compose.yaml, a test compares. */
const DRAIN_S = 150;

/** Most memory of the app in MB. */
const MEMORY_MB = 1_024;

/**
 * What the app may, as `deno task app` says it, on a host: its data lies in {@link PATHS.data}, and each colour (`%i`)
 * has a socket. A test compares it with the task.
 */
export function appRights(): readonly string[] {
  const socket = `${PATHS.sockets}/%i.sock`;
  return [
    "--no-prompt",
    `--allow-env=${[...CONFIG_NAMES, "WATTPOST_*"].join()}`,
    "--ignore-env",
    "--allow-sys=statfs",
    "--allow-net",
    `--allow-read=${[PATHS.data, ...READS, socket].join()}`,
    `--allow-write=${[PATHS.data, ...WRITES, socket].join()}`,
  ];
}

/** What the app reads besides its data and its socket. */
const READS = [
  "static",
  "_fresh",
  "lib/auth/argon2_worker.ts",
  "lib/health/watchdog_worker.ts",
  "/run/secrets",
  PATHS.credentials,
  PATHS.host,
];

/** What the app writes besides its data and its socket. */
const WRITES = [PATHS.signInLog];

/** `/etc/wattpost/wattpost.env`: settings of the app that are no secrets, for the unit and for containers. */
export function settingsText({ domain }: HostDescription): string {
  return `# ${MADE_BY}
PUBLIC_URL=https://${domain}
TRUST_PROXY=on
DATA_DIR=${PATHS.data}
HOST_DIR=${PATHS.host}
SIGN_IN_LOG=${PATHS.signInLog}
CREDENTIALS_DIR=${PATHS.credentials}
`;
}

/** `/etc/systemd/system/wattpost@.service`; a release enables an instance, named for its colour. */
export function appUnitText(): string {
  const command = [
    PATHS.deno,
    "run",
    "--cached-only",
    "--no-check",
    ...appRights(),
    "_fresh/server.js",
  ];
  return `# ${MADE_BY}
[Unit]
Description=Wattpost, %i
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=300
StartLimitBurst=20

[Service]
Type=exec
User=${IDS.app.name}
Group=${IDS.app.name}
WorkingDirectory=${PATHS.project}
EnvironmentFile=${PATHS.settings}
EnvironmentFile=-${PATHS.config}/%i.env
Environment=LISTEN=unix:${PATHS.sockets}/%i.sock
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStart=${command.join(" ")}
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGTERM
TimeoutStopSec=${DRAIN_S}
Restart=on-failure
RestartSec=2
UMask=0027

MemoryMax=${MEMORY_MB}M
TasksMax=200
LimitNOFILE=16384
OOMPolicy=stop

${appHardening().join("\n")}

[Install]
WantedBy=multi-user.target
`;
}

/**
 * What is taken from the app, a setting of systemd each: it is one program that writes to its folders. V8 makes code as
 * it runs. Programs of a release that run once have no more.
 */
export function appHardening(): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    NoNewPrivileges: "yes",
    CapabilityBoundingSet: "",
    AmbientCapabilities: "",
    ProtectSystem: "strict",
    ReadWritePaths: [PATHS.data, PATHS.sockets, PATHS.logs].join(" "),
    InaccessiblePaths: [`-${PATHS.hostCredentials}`, `-${PATHS.state}`].join(" "),
    ProtectHome: "yes",
    PrivateTmp: "yes",
    PrivateDevices: "yes",
    ProtectClock: "yes",
    ProtectHostname: "yes",
    ProtectKernelTunables: "yes",
    ProtectKernelModules: "yes",
    ProtectKernelLogs: "yes",
    ProtectControlGroups: "yes",
    ProtectProc: "invisible",
    RestrictAddressFamilies: "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    RestrictNamespaces: "yes",
    RestrictRealtime: "yes",
    RestrictSUIDSGID: "yes",
    LockPersonality: "yes",
    RemoveIPC: "yes",
    KeyringMode: "private",
    SystemCallArchitectures: "native",
    SystemCallFilter: "@system-service\nSystemCallFilter=~@privileged @resources",
    SystemCallErrorNumber: "EPERM",
  };
  return Object.entries(settings).flatMap(([name, value]) => `${name}=${value}`.split("\n"));
}

/** `/etc/tmpfiles.d/wattpost.conf`: what lies in /run is gone after a restart. */
export function tmpfilesText(): string {
  return `# ${MADE_BY}
d ${PATHS.sockets} 2750 ${IDS.app.name} www-data -
d /run/sshd 0755 root root -
`;
}

/** `/etc/systemd/system/wattpost-check.service`: fails where something drifted, and its log says what. */
export function checkUnitText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: is this host as described?
ConditionPathExists=${PATHS.project}/deno.json

[Service]
Type=oneshot
WorkingDirectory=${PATHS.project}
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStart=${taskArgv("host", "check").join(" ")}
TimeoutStartSec=15min
Nice=10
`;
}

/** `/etc/systemd/system/wattpost-check.timer`. */
export function checkTimerText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: is this host as described? Once a day

[Timer]
OnCalendar=*-*-* 05:17
RandomizedDelaySec=20min
Persistent=true

[Install]
WantedBy=timers.target
`;
}
