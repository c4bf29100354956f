/**
 * What a statement of a migration does, told from its text: only what this house's migrations are made of is known,
 * anything else is for people to judge.
 *
 * @module
 */

/** What is done to which table. */
export type StatementKind =
  | { readonly kind: "create-table"; readonly table: string }
  /** `bare`: it may not be empty and has no default, so that who does not know it cannot store a row. */
  | { readonly kind: "add-column"; readonly table: string; readonly bare: boolean }
  | { readonly kind: "create-index"; readonly table: string; readonly unique: boolean }
  | { readonly kind: "create-view"; readonly table: string }
  | { readonly kind: "drop-view"; readonly table: string }
  | { readonly kind: "drop-index"; readonly table: string }
  /** `copies`: rows of a table, not values. */
  | { readonly kind: "insert"; readonly table: string; readonly copies: boolean }
  | { readonly kind: "update"; readonly table: string }
  | { readonly kind: "delete"; readonly table: string }
  | { readonly kind: "drop-table"; readonly table: string }
  | { readonly kind: "drop-column"; readonly table: string }
  | { readonly kind: "rename"; readonly table: string }
  | { readonly kind: "change-column"; readonly table: string }
  | { readonly kind: "other"; readonly table: string };

const NAME = '[`"]?([a-z0-9_]+)[`"]?';

/** Tells what a statement does. */
export function kindOfStatement(statement: string): StatementKind {
  const text = statement.trim().replace(/\s+/g, " ");
  for (const [pattern, make] of PATTERNS) {
    const found = new RegExp(pattern, "i").exec(text);
    if (found) return make(found.at(-1) ?? "", text);
  }
  return { kind: "other", table: "" };
}

type Maker = (table: string, text: string) => StatementKind;

const PATTERNS: readonly (readonly [pattern: string, make: Maker])[] = [
  [`^create table (?:if not exists )?${NAME}`, (table) => ({ kind: "create-table", table })],
  [
    `^create (?:unique )?index (?:if not exists )?${NAME} on ${NAME}`,
    (table, text) => ({ kind: "create-index", table, unique: /^create unique/i.test(text) }),
  ],
  [`^create (?:or replace )?view (?:if not exists )?${NAME}`, (table) => ({ kind: "create-view", table })],
  [`^drop view (?:if exists )?${NAME}`, (table) => ({ kind: "drop-view", table })],
  [`^drop index (?:if exists )?.* on ${NAME}`, (table) => ({ kind: "drop-index", table })],
  [`^drop index (?:if exists )?${NAME}`, () => ({ kind: "drop-index", table: "" })],
  [`^drop table (?:if exists )?${NAME}`, (table) => ({ kind: "drop-table", table })],
  [`^rename table ${NAME}`, (table) => ({ kind: "rename", table })],
  [`^alter table ${NAME}`, alteration],
  [
    `^(?:insert|replace) (?:ignore |or ignore )?into ${NAME}`,
    (table, text) => ({ kind: "insert", table, copies: /\bselect\b/i.test(text.replace(/'[^']*'/g, "''")) }),
  ],
  [`^update ${NAME}`, (table) => ({ kind: "update", table })],
  [`^delete from ${NAME}`, (table) => ({ kind: "delete", table })],
];

function alteration(table: string, text: string): StatementKind {
  const [, rest = ""] = /^alter table \S+ (.*)$/i.exec(text) ?? [];
  if (/^rename /i.test(rest)) return { kind: "rename", table };
  if (/^drop (column )?/i.test(rest)) return { kind: "drop-column", table };
  if (/^(modify|change|alter) /i.test(rest)) return { kind: "change-column", table };
  // Several changes in one statement are judged by nobody but people.
  if (
    /^add (column )?/i.test(rest) &&
    !/^add (index|key|unique|constraint|primary|foreign|fulltext)\b/i.test(rest)
  ) {
    if (/,\s*(add|drop|modify|change|rename)\b/i.test(rest)) return { kind: "other", table };
    return { kind: "add-column", table, bare: /\bnot null\b/i.test(rest) && !/\bdefault\b/i.test(rest) };
  }
  return { kind: "other", table };
}
