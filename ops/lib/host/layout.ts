/**
 * Where everything of Wattpost lies on a host, and how it is called there: one place for all steps, templates and
 * tests.
 *
 * @module
 */

/** Folders and files of the host. */
export const PATHS = {
  /** What operators wrote and what was made of it; root writes, the app reads its part. */
  config: "/etc/wattpost",
  /** The description that was applied last. */
  description: "/etc/wattpost/host.json",
  /** Secrets, one a file, read by the app: 0640, root:wattpost. */
  credentials: "/etc/wattpost/credentials",
  /** Secrets of the host itself, such as the WireGuard key: 0600, root. */
  hostCredentials: "/etc/wattpost/host-credentials",
  /** The certificate that is served: a link to a folder with `fullchain.pem` and `privkey.pem`. */
  tls: "/etc/wattpost/tls/current",
  /** The pair that nginx starts with before there is a certificate. */
  selfSigned: "/etc/wattpost/tls/self-signed",
  /** What the app keeps. */
  data: "/var/lib/wattpost/data",
  /** What the host tells the app, as JSON files: 0750 root:wattpost (`HOST_DIR` of the app). */
  host: "/var/lib/wattpost/host",
  /** What the app asks of the host, as JSON files: 0750 wattpost:wattpost. Nothing in it is believed unchecked. */
  requests: "/var/lib/wattpost/data/requests",
  /** What was put on this host, step by step, and what was there before: 0700, root. */
  state: "/var/lib/wattpost-setup",
  /** Sockets of the colours and the link nginx follows: 2750, wattpost:www-data, so that each has nginx's group. */
  sockets: "/run/wattpost",
  /** The link that a release switches: to the socket of a colour. */
  upstream: "/run/wattpost/upstream.sock",
  /** The release that runs the operators' tasks; a link. */
  project: "/opt/wattpost/current",
  /** Sources of releases, a folder each, root's: what units run and images are built from. */
  releases: "/opt/wattpost/releases",
  /** What was deployed: a journal for each deploy, a record for each release: 0700, root. */
  deploys: "/var/lib/wattpost-setup/deploys",
  /** Backups of this host, a folder each: 0700 wattpost:wattpost. */
  backups: "/var/backups/wattpost",
  /** To whom backups are encrypted and how many stay, no secrets: 0644 root. */
  backupPlan: "/etc/wattpost/backups.json",
  /** Deno, as units and sudo call it. */
  deno: "/usr/local/bin/deno",
  /** The packages of the releases, root's: `DENO_DIR` of units. */
  denoDir: "/opt/wattpost/deno-dir",
  /** Settings of the app that are no secrets, `NAME=value` a line. */
  settings: "/etc/wattpost/wattpost.env",
  /** Public keys of `deploy`, root's own: whoever gets in as `deploy` cannot let others in. */
  deployKeys: "/etc/ssh/wattpost_keys/deploy",
  /** Logs of the app: 0751 root:adm. */
  logs: "/var/log/wattpost",
  /** Lines of sign-ins that failed, for fail2ban; written by the app, in a folder of root's: 0640 wattpost:adm. */
  signInLog: "/var/log/wattpost/sign-in.log",
  /**
   * nginx's access log, JSON a line. Logs of nginx are not called `.log`: nginx's own rotation takes every file of that
   * name, and a file in two rotations is in none.
   */
  accessLog: "/var/log/nginx/wattpost-access.json",
  /**
   * Requests that nginx's limits refused, for fail2ban: time and address and nothing else. The error log says the zone
   * too, but a visitor can write whole lines into it (`%0a` in a path of a file that is not there).
   */
  limitLog: "/var/log/nginx/wattpost-limits.txt",
  /** nginx's error log: what the limits refused, by zone. */
  errorLog: "/var/log/nginx/wattpost-error.txt",
  /** Answers to the ACME server's questions, served by nginx on port 80. */
  acme: "/var/lib/wattpost-acme",
  /** Pages that nginx shows by itself: maintenance, limits, unknown hosts. */
  pages: "/usr/share/wattpost/pages",
  /** While this file is there, nginx shows the maintenance page to everybody outside of the admin networks. */
  maintenance: "/var/lib/wattpost-nginx/maintenance",
} as const;

/** Users, groups and their ids: the same in the image and on every host. */
export const IDS = {
  /** The user and group of the app, without a login. */
  app: { name: "wattpost", id: 65532 },
  /** Who deploys, by key alone, with sudo for named commands. */
  deploy: { name: "deploy" },
} as const;

/** Names of interfaces, at most 15 characters. */
export const INTERFACES = {
  /** WireGuard towards the routers. */
  vpn: "wattpost0",
  /** The bridge of the app's containers. */
  containers: "wattpost-br0",
} as const;

/** Name of the certificate in certbot's folder. */
export const CERTIFICATE_NAME = "wattpost";

/** Files in {@link PATHS.host}: what the app shows of the host. */
export const HOST_FILES = {
  certificate: "certificate.json",
  bans: "bans.json",
  scan: "scan.json",
  vpn: "vpn.json",
  /** The newest backup, and whether one is missing. */
  backup: "backup.json",
  /** The newest restore that was proven. */
  restore: "restore.json",
  /** The release that serves, and the deploy before it. */
  release: "release.json",
  /** Root's own secrets as `age` made them for the recipients of backups, so that the app's user can back them up. */
  hostSecrets: "host-secrets.jsonl.gz.age",
} as const;

/** Key for restores on trial, a file in {@link PATHS.hostCredentials}: it opens every backup and is in none. */
export const DRILL_KEY_FILE = "backup_drill_key";

/** Files in {@link PATHS.requests}: what the app asks of the host. */
export const REQUEST_FILES = {
  /** The routers' public keys and addresses. */
  peers: "peers.json",
  /** Addresses whose ban is to end. */
  unban: "unban.json",
} as const;

/** First line of every file that Wattpost writes on a host, behind the comment sign of its format. */
export const MADE_BY = "Made by Wattpost (deno task host apply); changes are overwritten";
