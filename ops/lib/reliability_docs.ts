/**
 * The table of docs/reliability.md, from what the drill of deploys wrote down. Pure.
 *
 * @module
 */

/** What was done to a deploy, and what came of it. */
export interface ReliabilityRow {
  /** What was done, `killed (SIGKILL) at migrate`. */
  readonly trouble: string;
  /** What served afterwards. */
  readonly serving: string;
  /** What `status` said. */
  readonly status: string;
  /** What put it right. */
  readonly way: string;
  /** How it stood then. */
  readonly end: string;
}

const BETWEEN = /(<!-- deno-fmt-ignore-start -->\n)[^]*(<!-- deno-fmt-ignore-end -->)/;

/** The page with its table made anew. */
export function withReliability(page: string, rows: readonly ReliabilityRow[]): string {
  const head =
    "| what was done | served then | `status` said | put right by | then |\n| --- | --- | --- | --- | --- |\n";
  const lines = rows.map(({ trouble, serving, status, way, end }) =>
    `| ${[trouble, serving, status, way, end].map(cell).join(" | ")} |\n`
  );
  return page.replace(BETWEEN, (_, begin, end) => `${begin}\n${head}${lines.join("")}\n${end}`);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
