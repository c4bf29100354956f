/**
 * The tables about people as Kysely sees them: who may come in, what they reach, and what was written down of it.
 *
 * @module
 */

import type { Generated } from "kysely";

/** Groups in which sites lie. */
export interface SiteGroupTable {
  readonly group_id: number;
  readonly name: string;
}

/** Who reaches what. `holder_kind`: 0 user, 1 token; `target_kind`: 0 group, 1 site. */
export interface ReachTable {
  readonly holder_kind: number;
  readonly holder_id: number;
  readonly target_kind: number;
  readonly target_id: number;
}

/**
 * People. `role`: 0 viewer, 1 operator, 2 administrator, 3 technician; without a password hash they are invited only.
 * A session of an earlier `session_epoch` is over; `totp_step` is the newest 30 s step whose code was used.
 */
export interface UserTable {
  readonly user_id: number;
  readonly email: string;
  readonly name: string;
  readonly role: number;
  readonly password_hash: string;
  readonly disabled: number;
  readonly created_ms: number;
  readonly last_sign_in_ms: number | null;
  readonly reach_all: Generated<number>;
  readonly session_epoch: Generated<number>;
  readonly password_set_ms: Generated<number | null>;
  readonly totp_since_ms: Generated<number | null>;
  readonly totp_step: Generated<number | null>;
}

/** Links sent by e-mail, by the hash of their token; `detail` is JSON. */
export interface MailLinkTable {
  readonly token_hash: string;
  readonly purpose: string;
  readonly user_id: number;
  readonly detail: string | null;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly used_ms: number | null;
}

/** Codes that stand in for a lost second factor, hashed. */
export interface RecoveryCodeTable {
  readonly user_id: number;
  readonly code_hash: string;
  readonly used_ms: number | null;
}

/** Passkeys, by the SHA-256 of their credential id; id and public key are base64url, transports a comma list. */
export interface PasskeyTable {
  readonly credential_hash: string;
  readonly user_id: number;
  readonly credential: string;
  readonly public_key: string;
  readonly sign_count: number;
  readonly transports: string;
  readonly name: string;
  readonly backed_up: number;
  readonly created_ms: number;
  readonly last_used_ms: number | null;
}

/** API tokens, by the hash of their secret. */
export interface ApiTokenTable {
  readonly token_id: number;
  readonly token_hash: string;
  readonly user_id: number;
  readonly name: string;
  readonly may_write: number;
  readonly reach_all: number;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly revoked_ms: number | null;
  readonly last_used_ms: number | null;
  readonly last_used_from: string | null;
}

/** What administrators set on pages; `value` is JSON, `version` counts changes. */
export interface SettingTable {
  readonly name: string;
  readonly value: string;
  readonly version: number;
}

/** Secrets, sealed under their name by the key `key_id`. */
export interface SecretTable {
  readonly name: string;
  readonly sealed: string;
  readonly key_id: string;
  readonly changed_ms: number;
}

/** One-time links, by the hash of their token. */
export interface SetupTokenTable {
  readonly token_hash: string;
  readonly purpose: string;
  readonly expires_ms: number;
  readonly used_ms: number | null;
}

/** Who changed what; before and after are JSON. Rows without `seq` are older than the chain. */
export interface AuditTable {
  readonly audit_id: Generated<number>;
  readonly at_ms: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly origin: string;
  readonly before_json: string | null;
  readonly after_json: string | null;
  readonly seq: Generated<number | null>;
  readonly user_id: Generated<number | null>;
  readonly site_id: Generated<number | null>;
  readonly request_id: Generated<string | null>;
  readonly hash: Generated<string | null>;
}

/** The newest entry of the chain; its only row has id 1. */
export interface AuditHeadTable {
  readonly head_id: number;
  readonly seq: number;
  readonly hash: string;
}

/** Signed states of the chain; the signature is base64url. */
export interface AuditCheckpointTable {
  readonly seq: number;
  readonly hash: string;
  readonly at_ms: number;
  readonly key_id: string;
  readonly signature: string;
}
