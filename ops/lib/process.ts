/**
 * Runs a program to its end with a deadline, and ends its children with it.
 *
 * @module
 */

/** How to run a program. */
export interface ProcessOptions {
  /** The program; `deno` is the one that runs us. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest it may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** How a program ended. */
export interface ProcessEnd {
  /** Exit code; 124 where the deadline ended it. */
  readonly code: number;
  /** Standard output and error together, at most {@link OUTPUT_LIMIT} characters from the end. */
  readonly output: string;
}

/** Characters kept of what a program printed. */
export const OUTPUT_LIMIT = 4_000_000;

const GRACE_MS = 5_000;
const DEADLINE_CODE = 124;

/** Runs it in a process group of its own; whatever it started is ended with it at the deadline. */
export async function runProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { program, args, env = {}, deadlineMs, signal } = options;
  const process = new Deno.Command(program, {
    args: [...args],
    env,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const deadline = AbortSignal.timeout(deadlineMs);
  const stop = AbortSignal.any(signal ? [deadline, signal] : [deadline]);
  const onStop = () => {
    killGroup(process.pid, "SIGTERM");
    AbortSignal.timeout(GRACE_MS).addEventListener("abort", () => killGroup(process.pid, "SIGKILL"));
  };
  stop.addEventListener("abort", onStop);
  const chunks: string[] = [];
  const read = [collect(process.stdout, chunks, stop), collect(process.stderr, chunks, stop)];
  const { code } = await process.status;
  killGroup(process.pid, "SIGKILL"); // what it left behind may hold the pipes open
  await Promise.all(read);
  stop.removeEventListener("abort", onStop);
  const output = chunks.join("").slice(-OUTPUT_LIMIT);
  if (!deadline.aborted) return { code, output };
  return {
    code: DEADLINE_CODE,
    output: `${output}\nEnded after ${deadlineMs / 1_000} s, which is its deadline\n`,
  };
}

// A grandchild in a group of its own that holds the pipe open must not keep us past the deadline.
async function collect(
  stream: ReadableStream<Uint8Array>,
  chunks: string[],
  stop: AbortSignal,
): Promise<void> {
  const reader = stream.getReader();
  const text = new TextDecoder();
  const onStop = () => void reader.cancel().catch(() => undefined);
  stop.addEventListener("abort", onStop);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(text.decode(part.value, { stream: true }));
    }
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}

/** Sends a signal to a process group; one that has ended is no failure. */
export function killGroup(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}
