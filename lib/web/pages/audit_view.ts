/**
 * Between the audit trail and its page: reads what is looked for out of the address, and turns entries into words and
 * the difference between before and after into lines.
 *
 * @module
 */

import { cleanText, maskSecrets } from "../../domain/audit.ts";
import type { AuditPage, AuditQuery, FoundEntry } from "../../store/audit_search.ts";
import type { AuditChange, AuditPageProps, AuditRow } from "../../ui/pages/AuditPage.tsx";

/** Entries of one page. */
export const AUDIT_PAGE = 50;

/** Lines of difference shown of one entry. */
const CHANGES_MAX = 40;

/** Characters of one value in a line of difference. */
const VALUE_MAX = 160;

const DAY_MS = 86_400_000;

/** Actions there are, as they are offered; entries may hold others. */
export const AUDIT_ACTIONS: readonly string[] = [
  "sign-in",
  "sign-in-refused",
  "second-factor-refused",
  "confirmation-refused",
  "sign-out",
  "session-ended",
  "password-changed",
  "password-reset-asked",
  "password-reset",
  "user-created",
  "user-invited",
  "invitation-sent",
  "invitation-withdrawn",
  "invitation-accepted",
  "user-changed",
  "user-locked",
  "user-unlocked",
  "email-change-asked",
  "email-changed",
  "second-factor-set",
  "second-factor-removed",
  "recovery-codes-made",
  "recovery-code-used",
  "passkey-added",
  "passkey-removed",
  "passkey-renamed",
  "token-made",
  "token-revoked",
  "group-made",
  "group-changed",
  "group-removed",
  "site-changed",
  "site-registered",
  "device-replaced",
  "device-replacement-announced",
  "device-announcement-withdrawn",
  "device-counted",
  "device-moved",
  "device-transformer",
  "device-profile",
  "device-retired",
  "device-taken-back",
  "maintenance-set",
  "maintenance-ended",
  "draft-removed",
  "site-removed",
  "import-judged",
  "import-begun",
  "import-committed",
  "import-undo-begun",
  "import-undone",
  "import-removed",
  "import-tested",
  "finding-put-aside",
  "finding-brought-back",
  "register-map-made",
  "register-map-changed",
  "register-map-published",
  "register-map-removed",
  "register-map-read",
  "setting-changed",
  "secret-changed",
  "secrets-rotated",
  "message-tested",
  "export",
  "router-template",
  "link-changed",
  "vpn-issued",
  "vpn-rotated",
  "vpn-old-key-ended",
  "vpn-revoked",
  "ban-ended",
  "refused",
  "half-hours-compared",
  "read-now",
];

/** What is looked for, as it was typed. */
export interface AuditFilter {
  /** Text. */
  readonly q: string;
  /** Action; empty: any. */
  readonly action: string;
  /** First day, `2026-11-25`, UTC; empty: any. */
  readonly from: string;
  /** Last day, UTC; empty: any. */
  readonly to: string;
  /** Id of a site; empty: any. */
  readonly site: string;
}

/** Reads an address; what is not understood is as good as not there. */
export function readAuditFilter(params: URLSearchParams): AuditFilter {
  const textOf = (name: string, fits: RegExp) => {
    const text = (params.get(name) ?? "").trim();
    return fits.test(text) ? text : "";
  };
  const day = (name: string) => {
    const text = textOf(name, /^\d{4}-\d{2}-\d{2}$/);
    return Number.isNaN(dayMs(text)) ? "" : text;
  };
  return {
    q: cleanText((params.get("q") ?? "").trim(), 100).replaceAll("\uFFFD", ""),
    action: textOf("action", /^[a-z-]{1,40}$/),
    from: day("from"),
    to: day("to"),
    site: textOf("site", /^[1-9]\d{0,8}$/),
  };
}

function dayMs(text: string): number {
  return text === "" ? 0 : Date.parse(`${text}T00:00:00Z`);
}

/** What is looked for in the trail. */
export function auditQueryOf(filter: AuditFilter, paging: Pick<AuditQuery, "below" | "limit">): AuditQuery {
  const { q, action, from, to, site } = filter;
  return {
    text: q,
    action: action === "" ? null : action,
    siteId: site === "" ? null : Number(site),
    fromMs: from === "" ? null : dayMs(from),
    toMs: to === "" ? null : dayMs(to) + DAY_MS,
    ...paging,
  };
}

/** Below which id a page begins; `null`: it is the first, or the address says nothing sensible. */
export function readBelow(params: URLSearchParams): number | null {
  const text = params.get("below") ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** The query part of an address that looks for the same. */
export function auditSearchOf(filter: AuditFilter, below: number | null = null): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== "") params.set(name, value);
  if (below !== null) params.set("below", String(below));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** What the page shows. */
export function auditPageOf(
  { entries, next, lookedBackToMs }: AuditPage,
  { filter, below, mayExport }: {
    readonly filter: AuditFilter;
    readonly below: number | null;
    readonly mayExport: boolean;
  },
): AuditPageProps {
  return {
    filter,
    actions: AUDIT_ACTIONS,
    rows: entries.map(rowOf),
    firstHref: below === null ? null : `/admin/audit${auditSearchOf(filter)}`,
    nextHref: next === null ? null : `/admin/audit${auditSearchOf(filter, next)}`,
    lookedBackTo: lookedBackToMs === null ? null : instantWords(lookedBackToMs),
    csvHref: mayExport ? `/admin/audit.csv${auditSearchOf(filter)}` : null,
  };
}

/** `2026-11-25 10:47:02` in UTC. */
function instantWords(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 19).replace("T", " ");
}

function rowOf(entry: FoundEntry): AuditRow {
  const { id, seq, atMs, actor, action, subject, siteId, origin, requestId } = entry;
  const { changes, more } = changesOf(entry);
  return {
    id,
    seq,
    at: instantWords(atMs),
    actor: cleanText(actor, 190),
    action: cleanText(action, 64).replaceAll("-", " "),
    tone: /refused|locked/.test(action) ? "warn" : undefined,
    subject: cleanText(subject, 190),
    siteHref: siteId === null ? null : `/sites/${siteId}`,
    origin: cleanText(origin, 64),
    requestId,
    changes,
    moreChanges: more,
  };
}

/** What differs between before and after, a line a value. */
export function changesOf(
  { beforeJson, afterJson }: Pick<FoundEntry, "beforeJson" | "afterJson">,
): { readonly changes: readonly AuditChange[]; readonly more: number } {
  const before = valuesOf(beforeJson);
  const after = valuesOf(afterJson);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changes = names.flatMap((name): AuditChange[] => {
    const [was, is] = [before.get(name) ?? null, after.get(name) ?? null];
    return was === is ? [] : [{ name, was, is }];
  });
  return { changes: changes.slice(0, CHANGES_MAX), more: Math.max(0, changes.length - CHANGES_MAX) };
}

/** The values of a thing by their paths, such as `router.paths.0.host`. */
function valuesOf(json: string | null): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (json === null) return values;
  const collect = (path: string, value: unknown) => {
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value);
      for (const [key, inner] of entries) collect(path === "" ? key : `${path}.${key}`, inner);
      if (entries.length > 0) return;
    }
    const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
    values.set(path, cleanText(text, VALUE_MAX));
  };
  collect("", maskSecrets(parseTrace(json)));
  return values;
}

/** A stored JSON text as a thing; what is no JSON stays a text. */
export function parseTrace(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
