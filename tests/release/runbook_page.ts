/**
 * Runs the commands of a runbook on a host, line by line as they stand there, so that no page tells operators what does
 * not work.
 *
 * @module
 */
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { StandIn } from "../host/stand_in.ts";
import { commandLinesOf } from "../house/runbooks.ts";

/** How a page is run. */
export interface PageRun {
  /** What stands for an example on the page, such as the name of a release: what is found, what is put there. */
  readonly names?: Readonly<Record<string, string>>;
  /** Lines that may end otherwise than with 0, with the exit codes they may have. */
  readonly codes?: Readonly<Record<string, readonly number[]>>;
  /** Lines that are left out. */
  readonly leaves?: readonly string[];
  /** Is done before a line is typed. */
  readonly before?: (line: string) => Promise<void>;
}

/** How a line of a page ended. */
export interface LineEnd {
  readonly line: string;
  readonly code: number;
  readonly output: string;
}

const LINE_MS = 600_000;
const ENV = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: PATHS.denoDir, HOME: "/root" };

/** Runs a page; the lines that did not end as they should. Throws where the page has no such name or line. */
export async function runPage(host: StandIn, path: string, run: PageRun = {}): Promise<readonly LineEnd[]> {
  const { names = {}, codes = {}, leaves = [], before } = run;
  const lines = commandLinesOf(Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url)));
  for (const text of [...Object.keys(codes), ...leaves, ...Object.keys(names)]) {
    if (!lines.some((line) => line.includes(text))) throw new Error(`${path} has no "${text}"`);
  }
  const wrong: LineEnd[] = [];
  for (const line of lines.filter((line) => !leaves.includes(line))) {
    await before?.(line);
    const typed = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), line);
    const argv = ["bash", "-o", "pipefail", "-c", typed] as const;
    const { code, out, err } = await host.exec(argv, { cwd: PATHS.project, env: ENV, deadlineMs: LINE_MS });
    if (!(codes[line] ?? [0]).includes(code)) wrong.push({ line, code, output: (out + err).slice(-2_000) });
  }
  return wrong;
}
