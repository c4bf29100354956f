/**
 * Texts by number, so that a text channel's rows are as small as the others'.
 *
 * @module
 */

import type { Database, Executor } from "./db.ts";
import { insertMissing } from "./dialect.ts";
import { piecesOf } from "./ids.ts";

/** Characters of a text that are kept: more than the 125 words of one request hold. */
export const TEXT_LIMIT = 250;

const KNOWN = new WeakMap<Database, Map<string, number>>();
const KNOWN_LIMIT = 10_000;
const IDS_A_STATEMENT = 1_000;

/** The numbers of texts; new ones are written first, in statements of their own. */
export async function textIdsOf(db: Database, texts: Iterable<string>): Promise<ReadonlyMap<string, number>> {
  const known = KNOWN.get(db) ?? new Map<string, number>();
  KNOWN.set(db, known);
  if (known.size > KNOWN_LIMIT) known.clear();
  const wanted = [...new Set(texts)].map((text) => [text, text.slice(0, TEXT_LIMIT)] as const);
  const cut = [...new Set(wanted.map(([, kept]) => kept))];
  await learn(db.kysely, known, cut.filter((text) => !known.has(text)));
  const missing = cut.filter((text) => !known.has(text));
  for (const text of missing) await insertMissing(db.kysely, "text_value", { text });
  await learn(db.kysely, known, missing);
  return new Map(wanted.flatMap(([text, kept]) => {
    const id = known.get(kept);
    return id === undefined ? [] : [[text, id]];
  }));
}

async function learn(db: Executor, known: Map<string, number>, texts: readonly string[]): Promise<void> {
  for (const piece of piecesOf(texts, IDS_A_STATEMENT)) {
    const rows = await db.selectFrom("text_value").select(["text_id", "text"]).where("text", "in", piece)
      .execute();
    for (const { text_id, text } of rows) known.set(text, text_id);
  }
}

/** The texts behind numbers; unknown numbers are left out. */
export async function textsOf(db: Database, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const texts = new Map<number, string>();
  for (const piece of piecesOf([...new Set(ids)], IDS_A_STATEMENT)) {
    const rows = await db.reader.selectFrom("text_value").select(["text_id", "text"])
      .where("text_id", "in", piece).execute();
    for (const { text_id, text } of rows) texts.set(text_id, text);
  }
  return texts;
}
