/**
 * Verifies a backup: every part is there with every byte that was written; with the key also what is in them, row by row,
 * and the checksum of each table. Nothing is restored.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type OpenBackup, openBackup, readPart, readSealedPart } from "./read.ts";
import type { BackupTrouble } from "./trouble.ts";

/** How to verify. */
export interface Verifying {
  /** File of the key; `null`: what is encrypted stays so. */
  readonly keyFile: string | null;
  /** Every trouble is said, not only the first. */
  readonly onTrouble: (trouble: BackupTrouble) => void;
}

/** What was verified; troubles were told. `null`: it could not even be opened. */
export async function verify(folder: string, { keyFile, onTrouble }: Verifying): Promise<OpenBackup | null> {
  const opened = await openBackup(folder);
  if (!opened.ok) {
    onTrouble(opened.error);
    return null;
  }
  const backup = opened.value;
  const sums = new Map<string, ReturnType<typeof createHash>>();
  const damaged = new Set<string | null>(); // what is said of a part is not said of its table again
  for (const part of backup.manifest.parts) {
    const checked = keyFile === null
      ? await readSealedPart(backup, part)
      : await readLines(backup, { part, keyFile });
    if (!checked.ok) {
      onTrouble(checked.error);
      damaged.add(part.table);
      if (checked.error.kind === "wrong-key" || checked.error.kind === "no-key") return backup;
      continue;
    }
    if (part.table === null || checked.value instanceof Uint8Array) continue;
    const sum = sums.get(part.table) ?? createHash("sha256");
    sums.set(part.table, sum.update(checked.value.map((line) => `${line}\n`).join("")));
  }
  for (const { name, sha256 } of keyFile === null ? [] : backup.manifest.tables) {
    const sum = sums.get(name)?.digest("hex") ?? createHash("sha256").digest("hex");
    if (sum !== sha256 && !damaged.has(name)) {
      onTrouble({ kind: "damaged-part", part: name, why: "another checksum of all rows of the table" });
    }
  }
  return backup;
}

async function readLines(
  backup: OpenBackup,
  reading: Parameters<typeof readPart>[1],
): Promise<Result<readonly string[], BackupTrouble>> {
  const lines = await readPart(backup, reading);
  return lines.ok ? ok(lines.value) : err(lines.error);
}
