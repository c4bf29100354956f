/**
 * How tasks of a host begin and end: arguments that are read or refused with words, help, the host, and what it refuses
 * in a line.
 *
 * @module
 */

import type { Result } from "../../../lib/result.ts";
import { understood } from "../understood.ts";
import { PATHS } from "./layout.ts";
import { openMachine } from "./machine.ts";
import { type Host, HostError } from "./step.ts";

/** A task of a host. */
export interface HostTask<T> {
  /** How it is called. */
  readonly help: string;
  /** Reads the arguments; `null`: help is asked for. The error says what is wrong. */
  readonly read: (args: readonly string[]) => Result<T | null, string>;
  /** Does what it was told; the exit code. */
  readonly run: (order: T, on: Host) => Promise<number>;
}

/** Runs a task; the exit code: 2 where the arguments are wrong, 1 where the host refused. */
export async function runTask<T>(args: readonly string[], { help, read, run }: HostTask<T>): Promise<number> {
  const order = readWell(args, read);
  if (!order.ok) {
    console.error(`${order.error}\n\n${help}`);
    return 2;
  }
  if (order.value === null) {
    console.log(help);
    return 0;
  }
  try {
    return await run(order.value, openMachine(PATHS.state));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** What `parseArgs` does not know is said, too. */
function readWell<T>(args: readonly string[], read: HostTask<T>["read"]): Result<T | null, string> {
  const order = understood(() => read(args));
  return order.ok ? order.value : order;
}
