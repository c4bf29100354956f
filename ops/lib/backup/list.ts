/**
 * The backups of a folder as an operator reads them.
 *
 * @module
 */

import { listBackups } from "./folder.ts";
import { openBackup } from "./read.ts";
import { troubleText } from "./trouble.ts";
import { bytesWords, countWords, partBytesOf, rowsOf, tookWords } from "./words.ts";

/** Backups that are listed at most. */
const LISTED = 200;

/** A line for each backup, newest first; one whose manifest is damaged says so. */
export async function listLines(backups: string, nowMs: number): Promise<readonly string[]> {
  const found = await listBackups(backups);
  if (found.length === 0) return [`There is no backup in "${backups}"`];
  const lines: string[] = [];
  for (const { name, folder, atMs } of found.slice(0, LISTED)) {
    const opened = await openBackup(folder);
    if (!opened.ok) {
      lines.push(`${name}  ${troubleText(opened.error)}`);
      continue;
    }
    const { manifest } = opened.value;
    const { engine, engineVersion, release, snapshotMs, madeMs } = manifest;
    lines.push(
      `${name}  ${ageWords(nowMs - atMs).padEnd(12)}  ${bytesWords(partBytesOf(manifest)).padStart(9)}  ` +
        `${countWords(rowsOf(manifest))} rows of ${engine} ${engineVersion} in ${
          tookWords(Math.max(0, madeMs - snapshotMs))
        }, release ${release}`,
    );
  }
  if (found.length > LISTED) lines.push(`and ${found.length - LISTED} older ones`);
  return lines;
}

function ageWords(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`;
}
