/**
 * Runs commands of the set-up: a program and its arguments, a small environment, a deadline, and an end for whatever
 * it started.
 *
 * @module
 */

import { killGroup } from "../process.ts";
import type { CommandEnd, CommandOptions } from "./step.ts";

/** Characters kept of each stream, from the end. */
const OUTPUT_LIMIT = 4_000_000;
const DEADLINE_MS = 60_000;
const GRACE_MS = 5_000;
/** Longest wait for the output of a program that has ended, in ms. */
const DRAIN_MS = 2_000;
const DEADLINE_CODE = 124;
const NO_PROGRAM_CODE = 127;

const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
};

/** Runs a command, whatever comes of it. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  { input, env = {}, deadlineMs = DEADLINE_MS }: CommandOptions = {},
): Promise<CommandEnd> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { input, env });
  if (child === null) return { code: NO_PROGRAM_CODE, out: "", err: `There is no program ${program}` };
  const deadline = AbortSignal.timeout(deadlineMs);
  const onDeadline = () => {
    killGroup(child.pid, "SIGTERM");
    AbortSignal.timeout(GRACE_MS).addEventListener("abort", () => killGroup(child.pid, "SIGKILL"));
  };
  deadline.addEventListener("abort", onDeadline);
  const ended = new AbortController();
  const streams = [collect(child.stdout, ended.signal), collect(child.stderr, ended.signal)];
  const given = input === undefined ? Promise.resolve() : give(child.stdin, input);
  const { code } = await child.status;
  deadline.removeEventListener("abort", onDeadline);
  killGroup(child.pid, "SIGKILL"); // what it left behind
  // A daemon in a session of its own may hold the pipes open for ever.
  const drained = AbortSignal.timeout(DRAIN_MS);
  drained.addEventListener("abort", () => ended.abort());
  const [out = "", err = ""] = await Promise.all(streams);
  await given;
  if (!deadline.aborted) return { code, out, err };
  return {
    code: DEADLINE_CODE,
    out,
    err: `${err}\nEnded after ${deadlineMs / 1_000} s, which is its deadline`,
  };
}

/** The end of what a stream brings, until it closes or there is no waiting any more. */
async function collect(stream: ReadableStream<Uint8Array>, ended: AbortSignal): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const stop = () => void reader.cancel().catch(() => undefined);
  ended.addEventListener("abort", stop);
  let text = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > 2 * OUTPUT_LIMIT) text = text.slice(-OUTPUT_LIMIT);
    }
  } finally {
    ended.removeEventListener("abort", stop);
  }
  return text.slice(-OUTPUT_LIMIT);
}

/** Writes to standard input; a program that does not read it to its end is no failure. */
async function give(stream: WritableStream<Uint8Array>, input: string): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function spawn(
  program: string,
  args: readonly string[],
  { input, env }: Pick<CommandOptions, "env"> & { readonly input: string | undefined },
): Deno.ChildProcess | null {
  try {
    return new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: { ...ENVIRONMENT, ...env },
      detached: true,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
