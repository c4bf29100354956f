/**
 * Reads what a description says of backups. Pure.
 *
 * @module
 */

import { parseAddress } from "../../../lib/domain/address.ts";
import { type Keep, USUAL_KEEP } from "../backup/keep.ts";
import { isRecipient } from "../backup/manifest.ts";
import { KEEP_BOUNDS, RECIPIENTS_MAX } from "../backup/plan.ts";
import type { RemoteDescription } from "../backup/remote.ts";
import {
  distinct,
  entriesOf,
  type Field,
  fieldsOf,
  isAbsent,
  refuse,
  textOf,
  wholeOf,
} from "./describe_fields.ts";
import type { BackupsDescription } from "./description.ts";
import { hostNameOf } from "./host_name.ts";
import { PATHS } from "./layout.ts";

/** When backups are made where nothing is said: between two half-hours, when few people look. */
const USUAL_BACKUP_TIME = "02:37";

/** Backups; `null`: something is refused. */
export function backupsOf(field: Field): BackupsDescription | null {
  const { recipients, at, keep, remote } = fieldsOf(field, ["recipients", "at", "keep", "remote"]);
  const named = entriesOf(recipients, { least: 1, most: RECIPIENTS_MAX, of: "public keys of age" });
  const keys = distinct(named, recipientOf);
  const time = isAbsent(at) ? USUAL_BACKUP_TIME : timeOf(at);
  const kept = keepOf(keep);
  const elsewhere = isAbsent(remote) ? undefined : remoteOf(remote);
  if (time === null || kept === null || elsewhere === null || keys.length !== named.length) return null;
  return { recipients: keys, at: time, keep: kept, remote: elsewhere ?? null };
}

function recipientOf(field: Field): string | null {
  const expects = `a public key of age, "age1…": age-keygen prints it`;
  if (typeof field.value === "string" && /AGE-SECRET-KEY/i.test(field.value)) {
    // The value of an error is shown, and this one is a private key.
    return refuse({ ...field, value: "(a private key, not shown)" }, `${expects}; never the private one`);
  }
  const text = textOf(field, expects);
  return text === null || isRecipient(text) ? text : refuse(field, expects);
}

function timeOf(field: Field): string | null {
  const expects = `a time of the day such as "${USUAL_BACKUP_TIME}"`;
  const text = textOf(field, expects);
  return text === null || /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : refuse(field, expects);
}

function keepOf(field: Field): Keep | null {
  const names = Object.keys(KEEP_BOUNDS) as (keyof Keep)[];
  const fields = fieldsOf(field, names);
  const [daily, weekly, monthly] = names.map((name) => {
    const [least, most] = KEEP_BOUNDS[name];
    return wholeOf(fields[name], { least, most, otherwise: USUAL_KEEP[name] });
  });
  if (typeof daily !== "number" || typeof weekly !== "number" || typeof monthly !== "number") return null;
  return { daily, weekly, monthly };
}

const KINDS = ["folder", "sftp", "s3"] as const;

function remoteOf(field: Field): RemoteDescription | null {
  const { kind } = (field.value ?? {}) as { readonly kind?: unknown };
  switch (KINDS.find((one) => one === kind)) {
    case "folder": {
      const { path } = fieldsOf(field, ["kind", "path"]);
      const place = pathOf(path);
      if (place !== null && isInside(place)) {
        return refuse(path, `a folder on another disk: this one goes with ${PATHS.backups}`);
      }
      return place === null ? null : { kind: "folder", path: place };
    }
    case "sftp": {
      const { host, port, user, path } = fieldsOf(field, ["kind", "host", "port", "user", "path"]);
      const [name, number] = [machineOf(host), wholeOf(port, { least: 1, most: 65_535, otherwise: 22 })];
      const [login, place] = [userOf(user), pathOf(path)];
      if (name === null || number === null || login === null || place === null) return null;
      return { kind: "sftp", host: name, port: number, user: login, path: place };
    }
    case "s3": {
      const { url, bucket, prefix } = fieldsOf(field, ["kind", "url", "bucket", "prefix"]);
      const [place, name] = [urlOf(url), bucketOf(bucket)];
      const folder = isAbsent(prefix) ? "" : prefixOf(prefix);
      return place === null || name === null || folder === null
        ? null
        : { kind: "s3", url: place, bucket: name, prefix: folder };
    }
    case undefined:
      return refuse(field, `{"kind": "folder"}, {"kind": "sftp"} or {"kind": "s3"}, each with its fields`);
  }
}

function isInside(path: string): boolean {
  return [PATHS.backups, PATHS.data, PATHS.config].some((own) => path === own || path.startsWith(`${own}/`));
}

/** Restic takes what an option says apart at spaces and quotes, so a path has none. */
function pathOf(field: Field): string | null {
  const expects = `a path from /, of letters, digits and . _ - such as "/srv/wattpost"`;
  const text = textOf(field, expects);
  const fits = text !== null && /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(text) && text.length <= 200;
  return text === null || fits ? text : refuse(field, expects);
}

function machineOf(field: Field): string | null {
  const expects = `a name such as "backup.example.net" or an address, without port`;
  const text = textOf(field, expects);
  if (text === null) return null;
  return hostNameOf(text) ?? (!text.includes("%") && parseAddress(text) ? text : refuse(field, expects));
}

function userOf(field: Field): string | null {
  const expects = `a user there, such as "wattpost"`;
  const text = textOf(field, expects);
  return text === null || /^[a-z_][a-z0-9_-]{0,31}$/i.test(text) ? text : refuse(field, expects);
}

function urlOf(field: Field): string | null {
  const expects = `the address of an S3 service, such as "https://s3.example.net"`;
  const text = textOf(field, expects);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  const fits = url !== null && (url.protocol === "https:" || isLocal) && url.pathname === "/" &&
    url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  return fits ? url.origin : refuse(field, expects);
}

function bucketOf(field: Field): string | null {
  const expects = `the name of a bucket, such as "wattpost-backups"`;
  const text = textOf(field, expects);
  return text === null || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) ? text : refuse(field, expects);
}

function prefixOf(field: Field): string | null {
  const expects = `a folder in the bucket, of letters, digits and . _ - /, such as "energy"`;
  const text = textOf(field, expects);
  const fits = text !== null && /^[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*$/.test(text) && text.length <= 200;
  return text === null || fits ? text : refuse(field, expects);
}
