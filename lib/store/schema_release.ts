/**
 * Tables of releases: which one works, which ran and what they knew, and answers that outlive the release that gave
 * them.
 *
 * @module
 */

/** The one release that works; its only row has id 1. */
export interface ActiveReleaseTable {
  readonly release_id: number;
  readonly release_name: string;
  readonly token: string;
  readonly heartbeat_ms: number;
}

/** A release that ran on this database. */
export interface ReleaseSeenTable {
  readonly release_name: string;
  /** The newest migration that it knows. */
  readonly newest_migration: string;
  /** When a process of it last said so, epoch milliseconds. */
  readonly seen_ms: number;
  /** Since when it cannot be started again, epoch milliseconds; `null`: it may. */
  readonly retired_ms: number | null;
}

/** The answer to a write over the API that carried a key. */
export interface IdempotencyTable {
  /** SHA-256 of the person and the key, hexadecimal. */
  readonly key_hash: string;
  /** Whose token asked. */
  readonly user_id: number;
  /** SHA-256 of what was asked, hexadecimal. */
  readonly request_hash: string;
  /** Epoch milliseconds. */
  readonly made_ms: number;
  /** Status, headers and body as JSON. */
  readonly answer: string;
}
