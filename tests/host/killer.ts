/**
 * Runs `deno task host apply` inside a stand-in and kills it (`kill -9`) a number of milliseconds after it began one of
 * its steps. A program of its own, run there: from outside the kill would come too late.
 *
 * @module
 */

/** What is killed: the process alone, whose children go on, or everything it started, as when power fails. */
export type Killed = "process" | "all";

/** What came of it, as the program prints it. */
export interface KillEnd {
  /** Whether it ended by itself before the kill. */
  readonly ended: boolean;
  /** Its exit code where it ended by itself. */
  readonly code: number;
  /** The step that was begun last, `sshd: keys only`. */
  readonly step: string;
  /** Number of that step, from 1 on, and of all. */
  readonly at: number;
  readonly of: number;
  /** Whether that step was not over. */
  readonly within: boolean;
  /** What it printed last. */
  readonly output: string;
}

const STEP = /^\[ *(\d+)\/(\d+)\] (.*): (as described|changed \d.*|failed.*|undone.*)?$/;
const OUTPUT_LIMIT = 20_000;

/** The step that was begun last, and whether it is over, by what was printed so far. */
export function lastStep(output: string): Pick<KillEnd, "step" | "at" | "of" | "within"> {
  const line = output.split("\n").findLast((one) => STEP.test(one)) ?? "";
  const [, at = "0", of = "0", step = "", end] = STEP.exec(line) ?? [];
  return { step, at: Number(at), of: Number(of), within: step !== "" && end === undefined };
}

async function main(
  [at = "", delayMs = "", what = "", program = "", ...args]: readonly string[],
): Promise<KillEnd> {
  const child = new Deno.Command(program, {
    args: [...args],
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  let killedAt: Pick<KillEnd, "step" | "at" | "of" | "within"> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const kill = () => {
    killedAt = lastStep(output);
    if (what === "all") Deno.kill(-child.pid, "SIGKILL");
    else for (const pid of runners(child.pid)) Deno.kill(pid, "SIGKILL");
  };
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      if (timer !== undefined || killedAt !== undefined || lastStep(output).at < Number(at)) continue;
      if (Number(delayMs) === 0) kill();
      else timer = setTimeout(kill, Number(delayMs));
    }
  };
  // Children that live on hold the pipes: what counts is the end of the process.
  const reading = [read(child.stdout), read(child.stderr)];
  const { code } = await child.status;
  clearTimeout(timer);
  await Promise.race([Promise.all(reading), new Promise((resolve) => setTimeout(resolve, 500))]);
  const ended = killedAt === undefined;
  return { ended, code, ...killedAt ?? lastStep(output), output: output.slice(-OUTPUT_LIMIT) };
}

// The process that does the work: `deno task` starts it.
function runners(pid: number): readonly number[] {
  const text = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim();
  const children = text === "" ? [] : text.split(" ").map(Number);
  const found = children.flatMap(runners);
  const isRunner = Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("ops/host.ts");
  return isRunner
    ? [pid, ...found.filter((one) => Deno.readTextFileSync(`/proc/${one}/cmdline`).includes("ops/host.ts"))]
    : found;
}

if (import.meta.main) {
  console.log(JSON.stringify(await main(Deno.args)));
  Deno.exit(0);
}
