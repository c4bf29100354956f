/**
 * Copies of backups on another machine, kept by restic: how each kind of place is named to it, what it is told, and what
 * it answers. Backups are encrypted before restic sees them; its own password keeps others from writing there. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { PATHS } from "../host/layout.ts";
import { backupInstant } from "./format.ts";

/** Where copies are kept. */
export type RemoteDescription =
  /** A folder on another disk: a mount of this host. */
  | { readonly kind: "folder"; readonly path: string }
  /** A machine that lets a user in by key and gives it a folder. */
  | {
    readonly kind: "sftp";
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** From /, on that machine. */
    readonly path: string;
  }
  /** Storage that speaks S3. */
  | {
    readonly kind: "s3";
    /** `https://s3.example.net`, without a path. */
    readonly url: string;
    readonly bucket: string;
    /** Folder in the bucket; empty: the bucket itself. */
    readonly prefix: string;
  };

/** Files of root's own that a copy needs, in the folder of the host's credentials. */
export const REMOTE_FILES = {
  /** Password of the repository. */
  password: "backup_restic_password",
  /** Private key for SFTP. */
  sshKey: "backup_ssh_key",
  /** Keys of the machines that are known, for SFTP. */
  knownHosts: "backup_known_hosts",
  /** Name of the key for S3. */
  s3Id: "backup_s3_id",
  /** Secret of the key for S3. */
  s3Secret: "backup_s3_secret",
} as const;

/** How restic reaches a place. */
export interface ResticPlace {
  /** Arguments before the command. */
  readonly args: readonly string[];
  /** Files that must be there. */
  readonly needs: readonly string[];
  /** Variables whose values are the texts of files: secrets are never arguments. */
  readonly envFiles: Readonly<Record<string, string>>;
}

/** Seconds for which SSH waits for a machine that does not answer. */
const SSH_WAIT_S = 20;

/** How restic reaches a place; `folder` is that of the host's credentials. */
export function resticPlace(
  remote: RemoteDescription,
  folder: string = PATHS.hostCredentials,
): ResticPlace {
  const password = `${folder}/${REMOTE_FILES.password}`;
  const usual = ["--no-cache", "--password-file", password];
  switch (remote.kind) {
    case "folder":
      return { args: ["-r", remote.path, ...usual], needs: [password], envFiles: {} };
    case "sftp": {
      const [key, known] = [`${folder}/${REMOTE_FILES.sshKey}`, `${folder}/${REMOTE_FILES.knownHosts}`];
      const { host, port, user, path } = remote;
      const place = host.includes(":") ? `[${host}]` : host;
      const ssh = ["ssh", "-p", String(port), "-i", key, "-l", user, host];
      const options = [
        ...["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=yes"],
        ...["-o", `UserKnownHostsFile=${known}`, "-o", `ConnectTimeout=${SSH_WAIT_S}`],
        ...["-o", "ServerAliveInterval=15", "-F", "none", "-s", "sftp"],
      ];
      const repository = `sftp://${user}@${place}:${port}/${path}`;
      const command = `sftp.command=${[...ssh, ...options].join(" ")}`;
      return {
        args: ["-r", repository, "-o", command, ...usual],
        needs: [password, key, known],
        envFiles: {},
      };
    }
    case "s3": {
      const [id, secret] = [`${folder}/${REMOTE_FILES.s3Id}`, `${folder}/${REMOTE_FILES.s3Secret}`];
      const { url, bucket, prefix } = remote;
      const repository = `s3:${url}/${bucket}${prefix === "" ? "" : `/${prefix}`}`;
      return {
        args: ["-r", repository, ...usual],
        needs: [password, id, secret],
        envFiles: { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret },
      };
    }
  }
}

/** The place in words. */
export function remoteWords(remote: RemoteDescription): string {
  switch (remote.kind) {
    case "folder":
      return `the folder ${remote.path}`;
    case "sftp":
      return `${remote.user}@${remote.host}:${remote.path} (sftp)`;
    case "s3":
      return `${remote.url}/${remote.bucket}${remote.prefix === "" ? "" : `/${remote.prefix}`}`;
  }
}

const TAG = "wattpost";

/** What restic is asked. */
export const RESTIC = {
  init: ["init"],
  /** Takes away locks of processes that ended; those of living ones stay. */
  unlock: ["unlock"],
  list: ["snapshots", "--json", "--no-lock", "--tag", TAG],
  /** Stores a backup under its own instant. */
  store: (folder: string, name: string): readonly string[] => {
    const time = new Date(backupInstant(name) ?? 0).toISOString().slice(0, 19).replace("T", " ");
    return ["backup", "--quiet", "--host", TAG, "--tag", `${TAG},${name}`, "--time", time, folder];
  },
  forget: (ids: readonly string[]): readonly string[] => ["forget", "--prune", "--quiet", ...ids],
  /** Brings a backup back, below a folder. */
  fetch: (id: string, target: string): readonly string[] => ["restore", id, "--quiet", "--target", target],
} as const;

/** A backup that is there. */
export interface RemoteBackup {
  /** What restic calls it. */
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds, by its name. */
  readonly atMs: number;
  /** Where it lay when it was stored. */
  readonly path: string;
}

/** Copies that are looked at at most. */
const COPIES_MAX = 5_000;

/** The backups in an answer to {@link RESTIC.list}, newest first. */
export function parseSnapshots(text: string): Result<readonly RemoteBackup[], string> {
  let json: unknown;
  try {
    json = JSON.parse(text.trim() === "" ? "null" : text);
  } catch {
    return err("restic answered no JSON");
  }
  if (json !== null && !Array.isArray(json)) return err("restic answered no list");
  const list: readonly unknown[] = json ?? [];
  if (list.length > COPIES_MAX) return err(`more than ${COPIES_MAX} copies are there`);
  const found = list.map(backupOf).filter((one) => one !== null);
  return ok([...found].sort((one, other) => other.atMs - one.atMs));
}

function backupOf(value: unknown): RemoteBackup | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, tags, paths } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || !/^[0-9a-f]{8,64}$/.test(id) || !Array.isArray(tags)) return null;
  const path: unknown = Array.isArray(paths) ? paths[0] : undefined;
  const name: unknown = tags.find((tag) => typeof tag === "string" && backupInstant(tag) !== null);
  if (typeof name !== "string" || typeof path !== "string") return null;
  if (!path.endsWith(`/${name}`) || !path.startsWith("/") || path.split("/").includes("..")) return null;
  const atMs = backupInstant(name);
  return atMs === null ? null : { id, name, atMs, path };
}

/** Whether restic says that there is no repository yet. */
export function isNoRepository(words: string): boolean {
  return /Is there a repository at the following location|unable to open config file/i.test(words);
}

/** What restic said, on one line, at most 500 characters. */
export function resticWords(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const fatal = lines.filter((line) => /fatal|error|denied|refused|no such|no space|unreachable/i.test(line));
  // deno-lint-ignore no-control-regex
  return (fatal.length > 0 ? fatal : lines).slice(-3).join("; ").replaceAll(/[\x00-\x1f\x7f]/g, " ").slice(
    0,
    500,
  );
}
