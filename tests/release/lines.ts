/**
 * Talking to processes line by line.
 *
 * @module
 */

/** Most characters of a line that is not whole. */
const LINE_LIMIT = 64_000_000;

/** The lines of a stream, without their ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of stream) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LINE_LIMIT) throw new Error(`A line of more than ${LINE_LIMIT} characters`);
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** A process that answers each line it is told with one of JSON. */
export interface Talker {
  /** Tells it a line and waits for its answer. */
  ask(line: string, deadlineMs?: number): Promise<unknown>;
  /** The answer that it gives unasked. */
  hear(deadlineMs?: number): Promise<unknown>;
  /** Ends its input, and it with it. */
  end(): Promise<void>;
}

const ANSWER_MS = 120_000;
const END_MS = 20_000;

/** Starts one of our files with everything that tests may do. */
export function startTalker(file: URL, args: readonly string[]): Talker {
  const flags = ["--quiet", "--no-check", "--no-prompt", "--allow-all"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, file.pathname, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = linesOf(child.stdout);
  const hear = async (deadlineMs = ANSWER_MS): Promise<unknown> => {
    const timer = setTimeout(() => kill(child), deadlineMs);
    try {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${file.pathname} ended or did not answer within ${deadlineMs} ms`);
      return JSON.parse(value);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    hear,
    async ask(line, deadlineMs) {
      await writer.write(new TextEncoder().encode(`${line}\n`));
      return await hear(deadlineMs);
    },
    async end() {
      const timer = setTimeout(() => kill(child), END_MS);
      await writer.close().catch(() => undefined);
      await lines.return(undefined);
      await child.status;
      clearTimeout(timer);
    },
  };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended
  }
}
