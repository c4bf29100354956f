/**
 * Sites while they are registered: each draft belongs to the person who began it and is changed by compare-and-set, so
 * that two windows do not undo each other.
 *
 * @module
 */

import { EMPTY_REGISTRATION, type Registration } from "../domain/registration.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { sharedLock } from "./dialect.ts";
import { draftOfText, draftText } from "./draft_body.ts";
import { takeIds } from "./ids.ts";
import type { SecretBox } from "./secret_box.ts";
import { deleteSecret, hasSecret, putSecret, readSecret } from "./secrets.ts";
import { insertSites, sealRouterPassword, type SiteDraft } from "./sites.ts";
import { type Changing, executorOf, within } from "./within.ts";

/** Drafts of one person at most. */
export const DRAFTS_MAX = 20;

/** Characters of a draft at most: the column holds 65,535 bytes. */
export const DRAFT_TEXT_MAX = 60_000;

/** Whose draft. */
export interface OwnDraft {
  /** Which. */
  readonly draftId: number;
  /** Whose it must be. */
  readonly ownerId: number;
}

/** A draft. */
export interface SiteDraftRecord {
  /** 32-bit. */
  readonly id: number;
  /** What was written down so far. */
  readonly registration: Registration;
  /** How often it was changed. */
  readonly version: number;
  /** Epoch milliseconds at which it was begun. */
  readonly createdMs: number;
  /** Epoch milliseconds of the last change. */
  readonly changedMs: number;
}

/** A draft as it begins. */
export interface NewDraft {
  /** Whose it is. */
  readonly ownerId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What is written down already; default: nothing. */
  readonly registration?: Registration;
}

/** Why no draft was begun: there are {@link DRAFTS_MAX}, or it does not fit. */
export type BeginTrouble = { readonly kind: "too-many" | "too-large" };

/** Begins a draft, or takes up again the one by which its owner changes that site already; its id. */
export function createDraft(
  db: Changing,
  { ownerId, nowMs, registration = EMPTY_REGISTRATION }: NewDraft,
): Promise<Result<number, BeginTrouble>> {
  return within(db, async (tx): Promise<Result<number, BeginTrouble>> => {
    // Taking an id waits for whoever takes one at the same time: two that are begun at once see each other.
    const id = await takeIds(tx, "draft", 1);
    const rows = await tx.selectFrom("site_draft").select(["draft_id", "body"])
      .where("owner_id", "=", ownerId).execute();
    const siteId = registration.change?.siteId;
    const begun = siteId === undefined
      ? undefined
      : rows.find(({ body }) => draftOfText(body).change?.siteId === siteId);
    if (begun) return ok(begun.draft_id);
    if (rows.length >= DRAFTS_MAX) return err({ kind: "too-many" });
    const body = draftText(registration);
    if (isTooLarge(body)) return err({ kind: "too-large" });
    await tx.insertInto("site_draft")
      .values({ draft_id: id, owner_id: ownerId, body, version: 0, created_ms: nowMs, changed_ms: nowMs })
      .execute();
    return ok(id);
  });
}

function isTooLarge(body: string): boolean {
  return new TextEncoder().encode(body).length > DRAFT_TEXT_MAX;
}

/** A person's draft; `null`: they have none such. */
export async function readDraft(
  db: Database,
  { draftId, ownerId }: OwnDraft,
): Promise<SiteDraftRecord | null> {
  const row = await db.kysely.selectFrom("site_draft")
    .select(["draft_id", "body", "version", "created_ms", "changed_ms"])
    .where("draft_id", "=", draftId).where("owner_id", "=", ownerId).executeTakeFirst();
  return row ? recordOf(row) : null;
}

/** A person's drafts, the one changed last first. */
export async function listDrafts(db: Database, ownerId: number): Promise<readonly SiteDraftRecord[]> {
  const rows = await db.kysely.selectFrom("site_draft")
    .select(["draft_id", "body", "version", "created_ms", "changed_ms"])
    .where("owner_id", "=", ownerId).orderBy("changed_ms", "desc").orderBy("draft_id").limit(DRAFTS_MAX)
    .execute();
  return rows.map(recordOf);
}

interface DraftRow {
  readonly draft_id: number;
  readonly body: string;
  readonly version: number;
  readonly created_ms: number;
  readonly changed_ms: number;
}

function recordOf(row: DraftRow): SiteDraftRecord {
  return {
    id: row.draft_id,
    registration: draftOfText(row.body),
    version: row.version,
    createdMs: row.created_ms,
    changedMs: row.changed_ms,
  };
}

/** A draft as it is to be. */
export interface DraftChange extends OwnDraft {
  /** What is written down now. */
  readonly registration: Registration;
  /** The version that was seen when it was changed. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Changes a draft; its new version. `changed`: another window has since, or it is gone; `too-large`: it does not fit. */
export async function saveDraft(
  db: Changing,
  { draftId, ownerId, registration, version, nowMs }: DraftChange,
): Promise<Result<number, "changed" | "too-large">> {
  const body = draftText(registration);
  if (isTooLarge(body)) return err("too-large");
  const saved = await executorOf(db).updateTable("site_draft")
    .set({ body, version: version + 1, changed_ms: nowMs })
    .where("draft_id", "=", draftId).where("owner_id", "=", ownerId).where("version", "=", version)
    .executeTakeFirst();
  return saved.numUpdatedRows === 1n ? ok(version + 1) : err("changed");
}

/** Under which name the password of a draft's router is kept until it is started. */
export function draftSecretName(draftId: number): string {
  return `router-draft:${draftId}`;
}

/** What becomes of the password of a draft's router. */
export type PasswordWish =
  | { readonly kind: "keep" }
  | { readonly kind: "forget" }
  | { readonly kind: "set"; readonly plain: string };

/** A draft as it is to be, with what becomes of its router's password. */
export interface RouterChange extends DraftChange {
  /** The password, which is kept apart. */
  readonly password: PasswordWish;
  /** Seals it under the draft's name. */
  readonly box: SecretBox;
}

/** Changes a draft and its router's password, both or neither; answers as {@link saveDraft} does. */
export async function saveDraftAndPassword(
  db: Database,
  by: Author,
  { password, box, ...change }: RouterChange,
): Promise<Result<number, "changed" | "too-large">> {
  return await transaction(db, async (tx) => {
    const saved = await saveDraft(tx, change);
    if (saved.ok) await keepPassword(tx, by, { password, box, draftId: change.draftId });
    return saved;
  });
}

async function keepPassword(
  tx: Executor,
  by: Author,
  { draftId, password, box }: Pick<RouterChange, "draftId" | "password" | "box">,
): Promise<void> {
  const name = draftSecretName(draftId);
  const entry = { action: "secret-changed", subject: `secret ${name}` };
  switch (password.kind) {
    case "keep":
      return;
    case "forget":
      if (!await hasSecret(tx, name)) return;
      await deleteSecret(tx, name);
      await appendAudit(tx, by, { ...entry, after: { state: "removed" } });
      return;
    case "set":
      await putSecret(tx, box, { name, plain: password.plain, nowMs: by.atMs });
      await appendAudit(tx, by, { ...entry, after: { state: "set" } });
  }
}

/** Removes a person's draft and the password that was kept for it; whether it was there. */
export async function removeDraft(db: Changing, by: Author, own: OwnDraft): Promise<boolean> {
  return await within(db, async (tx) => {
    const password = await hasSecret(tx, draftSecretName(own.draftId)) ? "set" : "none";
    if (!await deleteDraft(tx, own)) return false;
    const subject = `draft ${own.draftId}`;
    await appendAudit(tx, by, { action: "draft-removed", subject, before: { password } });
    return true;
  });
}

/** Removes a draft within a transaction, in the version that was looked at; whether it was there. */
export async function deleteDraft(
  tx: Executor,
  { draftId, ownerId, version }: OwnDraft & { readonly version?: number },
): Promise<boolean> {
  let gone = tx.deleteFrom("site_draft").where("draft_id", "=", draftId).where("owner_id", "=", ownerId);
  if (version !== undefined) gone = gone.where("version", "=", version);
  const removed = await gone.executeTakeFirst();
  if (removed.numDeletedRows !== 1n) return false;
  await deleteSecret(tx, draftSecretName(draftId));
  return true;
}

/** A draft that becomes a site. */
export interface SiteStart extends OwnDraft {
  /** The version that was looked at. */
  readonly version: number;
  /** The site as it is registered. */
  readonly site: SiteDraft;
  /** Seals the router's password under the site's name. */
  readonly box: SecretBox;
}

/** Why a draft was not started. */
export type StartTrouble = "changed" | "name-taken" | "group-gone";

/**
 * Registers a draft as a site and removes it, both or neither; the site's id. `changed`: another window has changed it
 * since, or it was started already; `group-gone`: the group that it was to lie in was removed since.
 */
export async function startSite(
  db: Database,
  by: Author,
  { site, box, ...own }: SiteStart,
): Promise<Result<number, StartTrouble>> {
  const plain = await readSecret(db, box, draftSecretName(own.draftId));
  try {
    return await transaction(db, async (tx): Promise<Result<number, StartTrouble>> => {
      if (!await holdsGroup(tx, site.groupId ?? null)) return err("group-gone");
      if (!await deleteDraft(tx, own)) return err("changed");
      const [siteId = 0] = await insertSites(tx, [site], by);
      if (plain !== null) await sealRouterPassword(tx, by, { siteId, box, plain });
      return ok(siteId);
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return err("name-taken");
    throw error;
  }
}

/** Whether the group is there; it stays until the transaction ends. `null`: no group, which always is. */
export async function holdsGroup(tx: Executor, groupId: number | null): Promise<boolean> {
  if (groupId === null) return true;
  const group = await tx.selectFrom("site_group").select("group_id").where("group_id", "=", groupId)
    .modifyEnd(sharedLock(tx)).executeTakeFirst();
  return group !== undefined;
}
