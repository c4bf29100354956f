/**
 * Asks programs of the host by their full paths: the task may start those and no others, and so may end none by itself.
 *
 * @module
 */

/** How a program ended. */
export interface ProgramEnd {
  /** Exit code; 127: there is no such program, 124: the deadline ended it. */
  readonly code: number;
  /** What it said. */
  readonly out: string;
  /** What it complained of. */
  readonly err: string;
}

/** The programs; `deno task doctor` names the same. */
export const PROGRAMS = {
  ss: "/usr/bin/ss",
  timedatectl: "/usr/bin/timedatectl",
  chronyc: "/usr/bin/chronyc",
} as const;

/** Milliseconds for a program. */
const PROGRAM_MS = 10_000;

const NO_PROGRAM = 127;
const LATE = 124;

/** Runs one of them, whatever comes of it. */
export async function runProgram(
  name: keyof typeof PROGRAMS,
  args: readonly string[],
): Promise<ProgramEnd> {
  const path = PROGRAMS[name];
  const late = AbortSignal.timeout(PROGRAM_MS);
  try {
    const child = new Deno.Command(path, {
      args: [...args],
      clearEnv: true,
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: late,
    });
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    return { code: late.aborted ? LATE : code, out: text.decode(stdout), err: text.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return { code: NO_PROGRAM, out: "", err: `there is no ${path}` };
    }
    throw error;
  }
}
