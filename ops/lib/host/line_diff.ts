/**
 * What changes between two texts, line by line, as people know it from `diff -u`. Pure.
 *
 * @module
 */

const CONTEXT = 3;
const LARGEST_TABLE = 4_000_000;

type Line = readonly [sign: " " | "-" | "+", text: string];

/** The unified diff, headers first; none where the texts are the same. */
export function lineDiff(old: string, now: string, path: string): readonly string[] {
  if (old === now) return [];
  const lines = changes(linesOf(old), linesOf(now));
  return [`--- ${old === "" ? "/dev/null" : path}`, `+++ ${path}`, ...hunks(lines)];
}

function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1)} (no newline at the end)`];
}

function changes(old: readonly string[], now: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const same = (text: string): Line => [" ", text];
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

/** By the longest common subsequence; texts too long for its table are shown as replaced. */
function middle(old: readonly string[], now: readonly string[]): readonly Line[] {
  const width = now.length + 1;
  if ((old.length + 1) * width > LARGEST_TABLE) {
    return [...old.map((text): Line => ["-", text]), ...now.map((text): Line => ["+", text])];
  }
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const below = common[(i + 1) * width + j] ?? 0;
      const right = common[i * width + j + 1] ?? 0;
      const both = (common[(i + 1) * width + j + 1] ?? 0) + 1;
      common[i * width + j] = old[i] === now[j] ? both : Math.max(below, right);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      lines.push([" ", was]);
      i++;
      j++;
    } else if (
      was !== undefined &&
      (is === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push(["-", was]);
      i++;
    } else {
      lines.push(["+", is ?? ""]);
      j++;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): readonly string[] {
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(([sign]) => sign !== " ")
  );
  const text: string[] = [];
  let [oldAt, nowAt] = [1, 1];
  for (let at = 0; at < lines.length; at++) {
    if (shown[at] && !shown[at - 1]) {
      const length = shown.indexOf(false, at);
      text.push(header(lines.slice(at, length < 0 ? undefined : length), oldAt, nowAt));
    }
    const [sign, line] = lines[at] ?? [" ", ""];
    if (shown[at]) text.push(`${sign}${line}`);
    if (sign !== "+") oldAt++;
    if (sign !== "-") nowAt++;
  }
  return text;
}

function header(lines: readonly Line[], oldAt: number, nowAt: number): string {
  const old = lines.filter(([sign]) => sign !== "+").length;
  const now = lines.filter(([sign]) => sign !== "-").length;
  return `@@ -${old === 0 ? oldAt - 1 : oldAt},${old} +${now === 0 ? nowAt - 1 : nowAt},${now} @@`;
}
