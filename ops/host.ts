/**
 * `deno task host`: makes this host as `ops/host.json` describes it, says what is not as described, and takes away what
 * it put there.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { typedPath } from "./lib/command.ts";
import { HOST_HELP, type HostOrder, readHostArguments } from "./lib/host/host_arguments.ts";
import { type HostTools, runHost, USUAL_FILE } from "./lib/host/host_run.ts";
import { PATHS } from "./lib/host/layout.ts";
import { takeLock } from "./lib/host/lock.ts";
import { openMachine } from "./lib/host/machine.ts";
import { operatorAddressOf } from "./lib/host/preflight_facts.ts";
import { HostError } from "./lib/host/step.ts";

const LOCK = "/run/wattpost-host.lock";
const encoder = new TextEncoder();

async function main(): Promise<number> {
  const order = readHostArguments(Deno.args);
  if (!order.ok || order.value === null) {
    console.log(order.ok ? HOST_HELP : `${order.error}\n\n${HOST_HELP}`);
    return order.ok ? 0 : 2;
  }
  try {
    return await run(order.value);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    console.log(error.message);
    return 1;
  }
}

async function run(order: HostOrder): Promise<number> {
  const isRoot = Deno.uid() === 0;
  const changes = order.command === "apply" || order.command === "remove";
  if (!isRoot || !changes) return await runHost(order, toolsOf(isRoot, () => false));
  return await runAlone(order);
}

/** A run that changes the host: no other at the same time, and a signal ends it after the present step. */
async function runAlone(order: HostOrder): Promise<number> {
  const lock = await takeLock(LOCK);
  if (lock === null) {
    console.log("Another deno task host is changing this host: wait for its end");
    return 1;
  }
  let stopped = false;
  const stop = () => void (stopped = true);
  // A connection that breaks, perhaps by a step of ours, must not leave the host half done.
  const goOn = () => undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  Deno.addSignalListener("SIGHUP", goOn);
  try {
    return await runHost(order, toolsOf(true, () => stopped));
  } finally {
    await lock.release();
  }
}

function toolsOf(isRoot: boolean, isStopped: () => boolean): HostTools {
  const on = openMachine(PATHS.state);
  return {
    on,
    isRoot,
    isStopped,
    sudoUser: Deno.env.get("SUDO_USER"),
    operatorAddress: () => operatorAddressOf(on),
    monotonicMs: () => systemClock.monotonicMs(),
    print: (line) => write(`${line}\n`),
    begin: write,
    ask: (question) => prompt(question),
    readTyped,
  };
}

/** What an operator names may be a link of theirs, or a pipe. */
async function readTyped(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path === USUAL_FILE ? path : typedPath(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new HostError(`Cannot read "${path}": ${error instanceof Error ? error.message : error}`);
  }
}

/** A terminal that is gone must not end the run. */
function write(text: string): void {
  try {
    for (let bytes = encoder.encode(text); bytes.length > 0;) {
      bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
    }
  } catch {
    // There is nobody left to read it.
  }
}

if (import.meta.main) Deno.exit(await main());
