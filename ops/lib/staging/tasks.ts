/**
 * Runs a task of this project for staging, and keeps what it said last.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import { PATHS } from "../host/layout.ts";

/** Folder of the project. */
const PROJECT = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");

/** Characters kept of what a task said. */
const SAID_MAX = 20_000;

/** How a task ended. */
export interface TaskEnd {
  readonly code: number;
  /** Both streams, the end of them. */
  readonly said: string;
  readonly tookMs: number;
}

/** What a task is run with. */
export interface TaskTools {
  readonly clock: Clock;
  /** Longest it may take, in ms. */
  readonly deadlineMs: number;
  /** Shows what it says. */
  readonly show: (text: string) => void;
}

/** Runs `deno task NAME …`; ended by force at its deadline, with code 124. */
export async function runStagingTask(
  args: readonly string[],
  { clock, deadlineMs, show }: TaskTools,
): Promise<TaskEnd> {
  const startMs = clock.monotonicMs();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1", ...await packagesOf() },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const over = new AbortController();
  let late = false;
  void clock.sleep(deadlineMs, over.signal).then(() => {
    if (over.signal.aborted) return;
    late = true;
    child.kill("SIGTERM");
  });
  let said = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const text = new TextDecoder();
    for await (const part of stream) {
      const words = text.decode(part, { stream: true });
      said = (said + words).slice(-SAID_MAX);
      show(words);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const { code } = await child.status;
  over.abort();
  return { code: late ? 124 : code, said, tookMs: clock.monotonicMs() - startMs };
}

/** Packages that the app's user can read too, who makes the backup of a deploy: those of the host, unless told. */
async function packagesOf(): Promise<Readonly<Record<string, string>>> {
  if (Deno.env.get("DENO_DIR") !== undefined) return {};
  const host = await Deno.stat(PATHS.denoDir).catch(() => null);
  return host?.isDirectory ? { DENO_DIR: PATHS.denoDir } : {};
}
