/**
 * Runs a program for host tests: argv, input, a deadline, and both outputs apart.
 *
 * @module
 */

/** How a program ended. */
export interface RunEnd {
  /** Exit code; 124 where the deadline ended it. */
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Given on standard input. */
  readonly input?: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest it may take in ms; 120,000 unless told. */
  readonly deadlineMs?: number;
  /** Where it runs. */
  readonly cwd?: string;
  /** Is told each line of standard output as soon as it is whole. */
  readonly onLine?: (line: string) => void;
  /** Ends it early, as the deadline does. */
  readonly signal?: AbortSignal;
}

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

const DEADLINE_MS = 120_000;
const DEADLINE_CODE = 124;

/** Runs a program to its end, whatever comes of it. */
export async function run(argv: Argv, options: RunOptions = {}): Promise<RunEnd> {
  const { input, env = {}, deadlineMs = DEADLINE_MS, cwd, signal } = options;
  const [program, ...args] = argv;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    const child = new Deno.Command(program, {
      args,
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      signal: signal ? AbortSignal.any([deadline.signal, signal]) : deadline.signal,
    }).spawn();
    // A program that does not read to the end has its reasons: they are in its output.
    const fed = input === undefined ? undefined : streamOf(input).pipeTo(child.stdin).catch(() => undefined);
    const [out, err, { code }] = await Promise.all([
      textOf(child.stdout, options.onLine),
      textOf(child.stderr),
      child.status,
    ]);
    await fed;
    return { code: deadline.signal.aborted ? DEADLINE_CODE : code, out, err };
  } finally {
    clearTimeout(timer);
  }
}

async function textOf(
  stream: Deno.ChildProcess["stdout"],
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  const parts: string[] = [];
  let rest = "";
  for await (
    const part of stream.pipeThrough(
      new TextDecoderStream(),
    )
  ) {
    parts.push(part);
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
  return parts.join("");
}

/** Runs a program that must succeed; its standard output. */
export async function must(argv: Argv, options: RunOptions = {}): Promise<string> {
  const end = await run(argv, options);
  if (end.code !== 0) throw new Error(`${argv.join(" ")} ended with ${end.code}\n${end.out}${end.err}`);
  return end.out;
}

/** Waits until something holds, asked again and again; throws with `what` and the last answer at the deadline. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: { readonly deadlineMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const { deadlineMs = 60_000, everyMs = 200 } = options;
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${deadlineMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function streamOf(input: string | Uint8Array | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return input instanceof ReadableStream ? input : new Blob([input as BlobPart]).stream();
}
