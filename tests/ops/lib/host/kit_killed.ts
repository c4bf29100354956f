/**
 * Applies a file and never comes to what has to be done afterwards: the program that a test kills.
 *
 * @module
 */

import { file, step } from "../../../../ops/lib/host/kit.ts";
import { openMachine } from "../../../../ops/lib/host/machine.ts";

const [state = "", path = "", owner = ""] = Deno.args;
const then = [{ name: "reload", guard: ["sleep", "120"], argv: ["true"] } as const];
await step("file", "", [file({ path, text: "new\n", owner, then })]).apply(openMachine(state));
