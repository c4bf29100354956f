/**
 * Rotation of the logs of the app and of nginx for it: what they may take together is in the description, and each has
 * its share.
 *
 * @module
 */

import type { LimitsDescription } from "./description.ts";
import { IDS, MADE_BY, PATHS } from "./layout.ts";

/** Rotated files that are kept of each log. */
const KEPT = 9;

/** Minutes between two looks: how long a flood may write before it is turned over. */
const LOOK_MINUTES = 10;

/** A log with its share of what logs may take. */
interface Log {
  readonly path: string;
  /** Parts of 100. */
  readonly share: number;
}

const NGINX: readonly Log[] = [
  { path: PATHS.accessLog, share: 60 },
  { path: PATHS.errorLog, share: 20 },
  { path: PATHS.limitLog, share: 10 },
];

const APP: Log = { path: PATHS.signInLog, share: 10 };

/**
 * kB at which a log is turned over, so that it and those that are kept stay within its share even where nothing can be
 * compressed: it, the kept ones and room for one more that grows meanwhile.
 */
export function turnKb(limits: Pick<LimitsDescription, "logsMb">, share: number): number {
  return Math.max(64, Math.floor((limits.logsMb * 1_024 * share) / 100 / (KEPT + 2)));
}

/** `/etc/logrotate.d/wattpost`. */
export function logrotateText(limits: Pick<LimitsDescription, "logsMb">): string {
  const nginx = NGINX.map(({ path, share }) =>
    block(path, [
      `maxsize ${turnKb(limits, share)}k`,
      "create 0640 www-data adm",
      "postrotate",
      // USR1 to nginx's master alone: it opens its logs anew.
      "  /usr/bin/systemctl kill --kill-who=main --signal=USR1 nginx.service 2>/dev/null || true",
      "endscript",
    ])
  );
  const app = block(APP.path, [
    `maxsize ${turnKb(limits, APP.share)}k`,
    // The file is the app's, the folder root's: what fail2ban and logrotate open by its name is never a link.
    `create 0640 ${IDS.app.name} adm`,
  ]);
  return `# ${MADE_BY}\n${[...nginx, app].join("\n")}`;
}

function block(path: string, own: readonly string[]): string {
  const lines = ["daily", `rotate ${KEPT}`, "missingok", "notifempty", "compress", ...own];
  return `${path} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

/** `/etc/systemd/system/logrotate.timer.d/wattpost.conf`: a size is a limit only where somebody looks often. */
export function logrotateTimerText(): string {
  return `# ${MADE_BY}
[Timer]
OnCalendar=
OnCalendar=*:0/${LOOK_MINUTES}
AccuracySec=1min
RandomizedDelaySec=0
`;
}
