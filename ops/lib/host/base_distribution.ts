/**
 * What differs between the systems that are set up: names of packages and units, as data.
 *
 * @module
 */

import type { Distribution } from "./step.ts";

/** How one system names what we need. */
export interface DistributionFacts {
  /** Docker Engine and the compose plugin (Debian 12 has the program `docker-compose` in its place). */
  readonly docker: readonly string[];
  /** The units that take connections of SSH; each is restarted or reloaded where it is in use. */
  readonly ssh: "service" | "socket";
  /** Where unattended-upgrades finds what it may install: security alone. */
  readonly upgrades: {
    /** The setting that lists them. */
    readonly setting: "Origins-Pattern" | "Allowed-Origins";
    /** Its other name, emptied. */
    readonly emptied: "Origins-Pattern" | "Allowed-Origins";
    /** What it is set to. */
    readonly origins: readonly string[];
  };
}

const UBUNTU = {
  docker: ["docker.io", "docker-compose-v2"],
  upgrades: {
    setting: "Allowed-Origins",
    emptied: "Origins-Pattern",
    origins: [
      "${distro_id}:${distro_codename}-security",
      "${distro_id}ESMApps:${distro_codename}-apps-security",
      "${distro_id}ESM:${distro_codename}-infra-security",
    ],
  },
} as const;

/** The table. */
export const DISTRIBUTIONS: Readonly<Record<Distribution, DistributionFacts>> = {
  "debian-12": {
    docker: ["docker.io", "docker-compose"],
    ssh: "service",
    upgrades: {
      setting: "Origins-Pattern",
      emptied: "Allowed-Origins",
      origins: [
        "origin=Debian,codename=${distro_codename},label=Debian-Security",
        "origin=Debian,codename=${distro_codename}-security,label=Debian-Security",
      ],
    },
  },
  "ubuntu-22.04": { ...UBUNTU, ssh: "service" },
  "ubuntu-24.04": { ...UBUNTU, ssh: "socket" },
};

/** Packages that every system calls the same. */
export const BASE_PACKAGES: readonly string[] = [
  "ca-certificates",
  "iproute2",
  "logrotate",
  "openssh-server",
  "procps",
  "sudo",
  "tzdata",
  "unattended-upgrades",
];
