/**
 * Words for backups in a terminal. Pure.
 *
 * @module
 */

import type { Manifest } from "./manifest.ts";

/** A size in words. */
export function bytesWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** How long something took. */
export function tookWords(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round(ms / 1_000) % 60} s`;
}

/** A number with its thousands apart. */
export function countWords(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** Rows of all tables. */
export function rowsOf({ tables }: Manifest): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

/** Bytes of all parts. */
export function partBytesOf({ parts }: Manifest): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A backup that was made, in a line. */
export function backupWords(manifest: Manifest, tookMs: number): string {
  const rows = rowsOf(manifest);
  const speed = tookMs < 1_000 ? "" : `, ${countWords(Math.round(rows / (tookMs / 1_000)))} a second`;
  const { engine, engineVersion, tables, parts } = manifest;
  return `Backed up ${countWords(rows)} rows of ${tables.length} tables of ${engine} ${engineVersion} in ${
    tookWords(tookMs)
  }${speed}: ${parts.length} parts, ${bytesWords(partBytesOf(manifest))}`;
}
