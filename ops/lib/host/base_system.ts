/**
 * Texts of the system's own services: kernel settings of the network, journal, upgrades without an operator.
 *
 * @module
 */

import { DISTRIBUTIONS } from "./base_distribution.ts";
import { MADE_BY } from "./layout.ts";
import type { Distribution } from "./step.ts";

/**
 * Settings of the network stack. Only `net.*`, which a container has for itself; forwarding is Docker's and the VPN's.
 */
export const SYSCTLS: Readonly<Record<string, string>> = {
  // A packet that could not be answered the way it came has a forged sender.
  "net.ipv4.conf.all.rp_filter": "1",
  "net.ipv4.conf.default.rp_filter": "1",
  // Nobody tells this host another way, and it tells nobody.
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.default.accept_redirects": "0",
  "net.ipv4.conf.all.secure_redirects": "0",
  "net.ipv4.conf.default.secure_redirects": "0",
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.send_redirects": "0",
  "net.ipv6.conf.all.accept_redirects": "0",
  "net.ipv6.conf.default.accept_redirects": "0",
  // A sender does not choose the way of its packets.
  "net.ipv4.conf.all.accept_source_route": "0",
  "net.ipv4.conf.default.accept_source_route": "0",
  "net.ipv6.conf.all.accept_source_route": "0",
  "net.ipv6.conf.default.accept_source_route": "0",
  // A flood of half-open connections does not keep others out.
  "net.ipv4.tcp_syncookies": "1",
  "net.ipv4.tcp_rfc1337": "1",
  "net.ipv4.icmp_echo_ignore_broadcasts": "1",
  "net.ipv4.icmp_ignore_bogus_error_responses": "1",
};

/** `/etc/sysctl.d/60-wattpost.conf`. */
export function sysctlText(): string {
  return `# ${MADE_BY}\n${Object.entries(SYSCTLS).map(([name, value]) => `${name} = ${value}\n`).join("")}`;
}

/** `/etc/systemd/journald.conf.d/60-wattpost.conf`: eight files, none of which lets the whole grow beyond. */
export function journalText(journalMb: number): string {
  return `# ${MADE_BY}
[Journal]
Storage=persistent
Compress=yes
SystemMaxUse=${journalMb}M
SystemMaxFileSize=${Math.max(1, Math.floor(journalMb / 8))}M
SystemKeepFree=${journalMb}M
RuntimeMaxUse=64M
MaxRetentionSec=3month
RateLimitIntervalSec=30s
RateLimitBurst=10000
`;
}

/**
 * Time of day of a restart that an upgrade asks for. Seven minutes after a boundary of half-hours, also in zones that
 * are a quarter off (Kathmandu: eight minutes before the next): the visits are over, and it is up before the next.
 */
export const REBOOT_TIME = "03:07";

/** `/etc/apt/apt.conf.d/60-wattpost-upgrades`: security alone. */
export function upgradesText(distribution: Distribution): string {
  const { setting, emptied, origins } = DISTRIBUTIONS[distribution].upgrades;
  return `// ${MADE_BY}
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";

#clear Unattended-Upgrade::${emptied};
#clear Unattended-Upgrade::${setting};
Unattended-Upgrade::${setting} {
${origins.map((origin) => `  "${origin}";`).join("\n")}
};
Unattended-Upgrade::MinimalSteps "true";
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
Unattended-Upgrade::SyslogEnable "true";
// Seven minutes after a boundary of half-hours.
Unattended-Upgrade::Automatic-Reboot "true";
Unattended-Upgrade::Automatic-Reboot-WithUsers "true";
Unattended-Upgrade::Automatic-Reboot-Time "${REBOOT_TIME}";
`;
}
