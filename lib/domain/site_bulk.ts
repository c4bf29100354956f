/**
 * The same change of many sites: what it would do to each, and the mark by which a site that was looked at is known to be
 * as it was. Pure.
 *
 * @module
 */

import type { WeekHours } from "./site.ts";
import { isSame, plainText } from "./site_change.ts";

/** Sites that are changed at once at most. */
export const BULK_MAX = 5_000;

/** What is to become of all sites; what is absent stays as it is. */
export interface BulkWish {
  /** Group they will lie in; `null`: none. */
  readonly groupId?: number | null;
  /** Whether half-hours are collected. */
  readonly collected?: boolean;
  /** When they are meant to run; `null`: not given. */
  readonly hours?: WeekHours | null;
}

/** What can be changed of many sites at once. */
export type BulkField = keyof BulkWish;

/** A site as far as it can be changed with others. */
export interface BulkSite {
  /** 32-bit. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its group; `null`: none. */
  readonly groupId: number | null;
  /** Whether half-hours are collected. */
  readonly collected: boolean;
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
}

/** What a wish changes of a site; empty: it is so already. */
export function bulkEffect(site: BulkSite, wish: BulkWish): readonly BulkField[] {
  const fields: readonly BulkField[] = ["groupId", "collected", "hours"];
  return fields.filter((field) => wish[field] !== undefined && !isSame(wish[field], site[field]));
}

/** A site that was looked at. */
export interface MarkedSite {
  /** The site. */
  readonly id: number;
  /** How it was: {@link bulkMark}. */
  readonly mark: string;
}

const MARKS = 36 ** 5;

/** A short text that differs where anything of a site does that is changed here, but for one in sixty million. */
export function bulkMark({ id: _, ...site }: BulkSite): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(plainText(site))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return (hash % MARKS).toString(36);
}

/** Ids as a text that goes through a form as it is: each as the distance to the one before. */
export function packIds(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  return sorted.map((id, i) => (id - (sorted[i - 1] ?? 0)).toString(36)).join("-");
}

/** The ids of a text; `null`: it is none, or names more than {@link BULK_MAX}. */
export function unpackIds(text: string): readonly number[] | null {
  const marked = unpack(text, /^([0-9a-z]{1,6})$/);
  return marked && marked.map(({ id }) => id);
}

/** Sites with their marks as a text that goes through a form as it is. */
export function packMarks(sites: readonly MarkedSite[]): string {
  const sorted = sites.toSorted((a, b) => a.id - b.id);
  return sorted.map(({ id, mark }, i) => `${(id - (sorted[i - 1]?.id ?? 0)).toString(36)}.${mark}`).join("-");
}

/** The sites of a text; `null`: it is none, or names more than {@link BULK_MAX}. */
export function unpackMarks(text: string): readonly MarkedSite[] | null {
  return unpack(text, /^([0-9a-z]{1,6})\.([0-9a-z]{1,5})$/);
}

const ID_MAX = 2_147_483_647;

function unpack(text: string, shape: RegExp): readonly MarkedSite[] | null {
  const parts = text.split("-", BULK_MAX + 1);
  if (text === "" || parts.length > BULK_MAX) return null;
  const found: MarkedSite[] = [];
  let id = 0;
  for (const part of parts) {
    const [, step, mark = ""] = shape.exec(part) ?? [];
    const next = id + parseInt(step ?? "0", 36);
    if (next <= id || next > ID_MAX) return null;
    id = next;
    found.push({ id, mark });
  }
  return found;
}
