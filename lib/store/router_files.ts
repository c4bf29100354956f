/**
 * The files that were made for a site's router: who took which version, when, and what it was made from. The text itself
 * is not kept, its digest proves which one it was.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, transaction } from "./db.ts";

/** Files of a site that are kept. */
export const ROUTER_FILES_KEPT = 60;

/** A file that is being taken away. */
export interface RouterFileDraft {
  /** The site. */
  readonly siteId: number;
  /** Id of the template. */
  readonly template: string;
  /** Its version. */
  readonly version: number;
  /** What it was made from, without secrets. */
  readonly madeFrom: Readonly<Record<string, string>>;
  /** The file. */
  readonly text: string;
}

/** A file that was taken away. */
export interface KeptRouterFile extends Omit<RouterFileDraft, "siteId" | "text"> {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Who took it. */
  readonly actor: string;
  /** SHA-256 of its text, 64 hexadecimal digits. */
  readonly digest: string;
}

/** Keeps that a file was taken away, and writes it down; of older ones the newest 60 stay. */
export async function keepRouterFile(db: Database, by: Author, file: RouterFileDraft): Promise<void> {
  const { siteId, template, version, madeFrom, text } = file;
  const digest = createHash("sha256").update(text).digest("hex");
  await transaction(db, async (tx) => {
    await tx.insertInto("router_file").values({
      site_id: siteId,
      template,
      version,
      at_ms: by.atMs,
      actor: by.actor,
      digest,
      facts: JSON.stringify(madeFrom),
    }).execute();
    const last = await tx.selectFrom("router_file").select("file_id").where("site_id", "=", siteId)
      .orderBy("file_id", "desc").limit(1).offset(ROUTER_FILES_KEPT).executeTakeFirst();
    if (last) {
      await tx.deleteFrom("router_file").where("site_id", "=", siteId).where("file_id", "<=", last.file_id)
        .execute();
    }
    await appendAudit(tx, by, {
      action: "router-template",
      subject: `site ${siteId}`,
      siteId,
      after: { template, version, madeFrom, sha256: digest },
    });
  });
}

/** The files that were taken away for a site, newest first. */
export async function listRouterFiles(db: Database, siteId: number): Promise<readonly KeptRouterFile[]> {
  const rows = await db.reader.selectFrom("router_file")
    .select(["template", "version", "at_ms", "actor", "digest", "facts"])
    .where("site_id", "=", siteId).orderBy("file_id", "desc").limit(ROUTER_FILES_KEPT).execute();
  return rows.map((row) => ({
    template: row.template,
    version: row.version,
    atMs: Number(row.at_ms),
    actor: row.actor,
    digest: row.digest,
    madeFrom: JSON.parse(row.facts) as Readonly<Record<string, string>>,
  }));
}
