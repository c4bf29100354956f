/**
 * The files around certificates: the hook that tells nginx of a new one, and the timer that renews and proves.
 *
 * @module
 */

import { taskArgv } from "./base_access.ts";
import type { CertificatePlace } from "./certificate_place.ts";
import { MADE_BY, PATHS } from "./layout.ts";

/** Folder whose programs certbot runs after it issued or renewed. A `--deploy-hook` is lost when it issues again. */
export function hookFile({ config }: Pick<CertificatePlace, "config">): string {
  return `${config}/renewal-hooks/deploy/wattpost`;
}

/** Which Deno runs the hook, and where it keeps what it works out. */
export interface HookDeno {
  readonly deno: string;
  readonly denoDir: string;
}

/** The hook: nginx reads the new certificate where its configuration stands, else it keeps the old one and says why. */
export function hookText(
  nginx: readonly [string, ...string[]],
  { deno, denoDir }: HookDeno = PATHS,
): string {
  const [program, ...args] = nginx;
  const rights = `--quiet --no-config --no-lock --no-remote --no-npm --no-prompt --allow-run=${program}`;
  return `#!/usr/bin/env -S DENO_DIR=${denoDir} ${deno} run ${rights} --ext=js
// ${MADE_BY}
// certbot runs this after it issued or renewed a certificate; it reports a failure and ends well all the same, so
// deno task certificates proves afterwards what is served.
for (const args of [["-t", "-q"], ["-s", "reload"]]) {
  const options = { args: [...${JSON.stringify(args)}, ...args] };
  const { code } = await new Deno.Command(${JSON.stringify(program)}, options).spawn().status;
  if (code !== 0) Deno.exit(code);
}
`;
}

/** Name of the unit that renews. */
export const RENEWAL_UNIT = "wattpost-certificate";

/** `/etc/systemd/system/wattpost-certificate.service`: renews what is due, issues what lacks, proves what is served. */
export function renewalUnitText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: renew the certificate and prove which one is served
Wants=network-online.target
After=network-online.target nginx.service time-sync.target
ConditionPathExists=${PATHS.project}/deno.json

[Service]
Type=oneshot
WorkingDirectory=${PATHS.project}
Environment=DENO_DIR=${PATHS.denoDir} DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
ExecStart=${taskArgv("certificates", "renew").join(" ")}
TimeoutStartSec=15min
PrivateTmp=yes
Nice=5
`;
}

/** `/etc/systemd/system/wattpost-certificate.timer`: twice a day at a time of its own, as authorities ask for. */
export function renewalTimerText(): string {
  return `# ${MADE_BY}
[Unit]
Description=Wattpost: renew the certificate and prove which one is served, twice a day

[Timer]
OnCalendar=*-*-* 00,12:00:00
RandomizedDelaySec=11h
Persistent=true

[Install]
WantedBy=timers.target
`;
}
