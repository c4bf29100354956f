/**
 * The text over which an entry of the audit trail is sealed: everything that its row holds and the seal before it, in
 * an encoding that two different rows never share.
 *
 * @module
 */

import type { AuditTable } from "./schema_people.ts";

/** The columns of a row that are sealed. */
export type ChainedRow =
  & Omit<AuditTable, "audit_id" | "hash" | "seq" | "user_id" | "site_id" | "request_id">
  & {
    /** Place in the chain, from 1. */
    readonly seq: number;
    /** Whose account; `null`: nobody's. */
    readonly user_id: number | null;
    /** Which site; `null`: none in particular. */
    readonly site_id: number | null;
    /** Which request; `null`: none. */
    readonly request_id: string | null;
  };

/** What is sealed of a row: a JSON list, so that no text can run into its neighbour. */
export function chainText(hashBefore: string, row: ChainedRow): string {
  return JSON.stringify([
    "wattpost-audit-1",
    hashBefore,
    row.seq,
    row.at_ms,
    row.actor,
    row.action,
    row.subject,
    row.origin,
    row.before_json,
    row.after_json,
    row.user_id,
    row.site_id,
    row.request_id,
  ]);
}
