/**
 * `deno task host`: plan, apply, check and remove, from the arguments to the exit code. What speaks against it is said
 * before anything is changed.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { formatFieldErrors } from "../fields.ts";
import {
  beginApply,
  describedBefore,
  endApply,
  everythingKept,
  faultsOfLast,
  isApplied,
  type Leftover,
  leftoversOf,
} from "./applied.ts";
import { formatDescription, readDescription } from "./describe.ts";
import type { HostDescription } from "./description.ts";
import { applyAll, lookAtAll, type Looked, type RunTools, undoAll } from "./engine.ts";
import type { HostOrder } from "./host_arguments.ts";
import { asJson, endText, formatPlan, lackingText, leftoverLines, looksText } from "./host_words.ts";
import { file, step } from "./kit.ts";
import { PATHS } from "./layout.ts";
import { distributionOf, formatProblems, judgePreflight, judgeRemove, type Problem } from "./preflight.ts";
import { gatherFacts, runningUsersOf, systemOf } from "./preflight_facts.ts";
import type { Host, HostFacts, Step } from "./step.ts";
import { stepsOf } from "./steps.ts";

/** What a run works with. */
export interface HostTools extends RunTools {
  readonly on: Host;
  readonly isRoot: boolean;
  /** Who called sudo. */
  readonly sudoUser: string | undefined;
  /** From where the operator is connected; `null`: not over SSH, or not to be told. */
  readonly operatorAddress: () => Promise<string | null>;
  /** Asks a question; `null`: nobody answers. */
  readonly ask: (question: string) => string | null;
  /** Text of a file as it was typed; `null`: there is none. */
  readonly readTyped: (path: string) => Promise<string | null>;
}

/** The description where none is named: from the project's folder. */
export const USUAL_FILE = "ops/host.json";

/** Does what it is told; the exit code. */
export async function runHost(order: HostOrder, tools: HostTools): Promise<number> {
  const refused = (problems: readonly Problem[]) => refuse(order, problems, tools);
  if (!tools.isRoot) {
    const advice = `sudo deno task host ${order.command}`;
    return refused([{ level: "error", found: "You are not root, who alone can set up a host", advice }]);
  }
  const system = await systemOf(tools.on);
  const distribution = distributionOf(system);
  if (distribution === null) {
    const found = `This system is ${system?.name ?? "unknown"}`;
    return refused([{ level: "error", found, advice: "Use Debian 12, Ubuntu 22.04 or Ubuntu 24.04" }]);
  }
  const facts = { distribution, operatorAddress: await tools.operatorAddress() };
  if (order.command === "remove") return await runRemove(order, facts, tools);
  const described = await readOrdered(order, tools);
  if (!described.ok) {
    tools.print(
      order.json
        ? asJson({ command: order.command, ok: false, errors: described.error.errors })
        : described.error.words,
    );
    return 2;
  }
  return await runDescribed(order, { described: described.value, facts }, tools);
}

interface Present {
  readonly described: HostDescription;
  readonly facts: HostFacts;
}

/** A present host: its steps, what of them is not as described, and what is left of others. */
interface Situation extends Present {
  readonly steps: readonly Step[];
  readonly looked: readonly Looked[];
  readonly leftovers: readonly Leftover[];
}

async function runDescribed(order: HostOrder, present: Present, tools: HostTools): Promise<number> {
  const steps = allSteps(present.described, present.facts);
  const looked = await lookAtAll(tools.on, steps);
  const leftovers = await leftoversNow(steps, present, tools.on);
  const situation = { ...present, steps, looked, leftovers };
  switch (order.command) {
    case "plan":
      return await runPlan(order, situation, tools);
    case "check":
      return runCheck(order, situation, tools);
    case "apply":
      return await runApply(order, situation, tools);
    case "remove":
      return 2;
  }
}

/** All steps: what was applied is written down first, because later ones read it. */
export function allSteps(described: HostDescription, facts: HostFacts): readonly Step[] {
  const text = formatDescription(described);
  const why = "What this host is to be, for the tasks that look after it";
  return [
    step("description", why, [file({ path: PATHS.description, text, mode: 0o640 })]),
    ...stepsOf(described, facts),
  ];
}

async function leftoversNow(
  steps: readonly Step[],
  { described, facts }: Present,
  on: Host,
): Promise<readonly Leftover[]> {
  const text = formatDescription(described);
  const before = await describedBefore(on.kept);
  const earlier = before.filter((one) => formatDescription(one) !== text);
  return await leftoversOf(on, { present: steps, earlier: earlier.map((one) => allSteps(one, facts)) });
}

async function problemsOf(
  order: HostOrder,
  situation: Situation,
  tools: HostTools,
): Promise<readonly Problem[]> {
  const { described, looked, facts: { operatorAddress } } = situation;
  const facts = await gatherFacts(tools.on, {
    described,
    looked,
    operatorAddress,
    sudoUser: tools.sudoUser,
  });
  return judgePreflight(described, facts, order);
}

async function runPlan(order: HostOrder, situation: Situation, tools: HostTools): Promise<number> {
  const problems = await problemsOf(order, situation, tools);
  const isRefused = problems.some(({ level }) => level === "error");
  if (order.json) {
    tools.print(asJson({ command: "plan", ok: !isRefused, problems, ...looksText(situation) }));
  } else {
    if (problems.length > 0) tools.print(`What speaks against it:\n${formatProblems(problems)}\n`);
    tools.print(formatPlan(situation));
  }
  return isRefused ? 1 : 0;
}

function runCheck(order: HostOrder, situation: Situation, tools: HostTools): number {
  const { looked, leftovers } = situation;
  const isAsDescribed = leftovers.length === 0 && looked.every(({ drift }) => drift.length === 0);
  if (order.json) tools.print(asJson({ command: "check", ok: isAsDescribed, ...looksText(situation) }));
  else tools.print(endText(situation));
  return isAsDescribed ? 0 : 1;
}

async function runApply(order: HostOrder, situation: Situation, tools: HostTools): Promise<number> {
  const { described, steps, looked, leftovers } = situation;
  const { on } = tools;
  const run = order.json ? { ...tools, print: () => {}, begin: () => {} } : tools;
  const isAsDescribed = leftovers.length === 0 && looked.every(({ drift }) => drift.length === 0);
  if (isAsDescribed && await isApplied(on.kept)) {
    await endApply(on.kept, described, steps);
    tools.print(order.json ? asJson({ command: "apply", ok: true, changed: [] }) : endText(situation));
    return 0;
  }
  const problems = await problemsOf(order, situation, tools);
  if (problems.some(({ level }) => level === "error")) return refuse(order, problems, tools);
  if (problems.length > 0) run.print(formatProblems(problems));
  if (!order.yes && !isConfirmed(described.domain, tools)) return 1;
  const startMs = tools.monotonicMs();
  await beginApply(on.kept, described, steps);
  const { changed, trouble, lacking } = await applyAll(on, steps, run);
  const left = trouble === null ? await leftoversNow(steps, situation, on) : [];
  if (left.length > 0) run.print("Taken away is what the description no longer has:");
  const failed = trouble ?? await undoAll(on, left, run);
  if (failed === null) await endApply(on.kept, described, steps);
  const seconds = ((tools.monotonicMs() - startMs) / 1_000).toFixed(1);
  if (order.json) {
    const names = changed.map(({ step: { name } }) => name);
    tools.print(
      asJson({
        command: "apply",
        ok: failed === null && lacking.length === 0,
        changed: names,
        lacking: lacking.map(({ step: { name }, drift }) => ({ name, drift })),
        ...leftoverLines(left),
        trouble: failed,
      }),
    );
  } else if (failed === null) {
    const things = changed.reduce((sum, { drift }) => sum + drift.length, left.length);
    const what = things === 0 ? "Nothing to change" : `Changed ${things} in ${seconds} s`;
    tools.print(`${what}: the host is as described${lackingText(lacking)}`);
  } else {
    tools.print(`Not finished: ${failed}\nWhat was done stays; run apply again once that is mended`);
  }
  return failed === null && lacking.length === 0 ? 0 : 1;
}

async function runRemove(order: HostOrder, facts: HostFacts, tools: HostTools): Promise<number> {
  const { on } = tools;
  const run = order.json ? { ...tools, print: () => {}, begin: () => {} } : tools;
  const problems = judgeRemove({ sudoUser: tools.sudoUser, running: await runningUsersOf(on) });
  if (problems.length > 0) return refuse(order, problems, tools);
  const finish = (words: string, trouble: string | null) => {
    tools.print(order.json ? asJson({ command: "remove", ok: trouble === null, trouble }) : words);
    return trouble === null ? 0 : 1;
  };
  if (await on.stat(PATHS.state) === null) return finish("Nothing to remove: this host was not set up", null);
  const faults = await faultsOfLast(on.kept);
  if (faults.length > 0) {
    const found = `This release cannot read what was applied last:\n${formatFieldErrors(faults)}`;
    return refuse(
      order,
      [{ level: "error", found, advice: "Remove with the release that applied it" }],
      tools,
    );
  }
  const before = (await describedBefore(on.kept)).toReversed();
  const [latest, ...earlier] = before.map((described) => allSteps(described, facts));
  const domain = before[0]?.domain ?? "remove";
  if (!order.yes && !isConfirmed(domain, tools)) return 1;
  const present = latest ?? [];
  const things = [...await leftoversOf(on, { present, earlier }), ...present.toReversed()];
  const trouble = await undoAll(on, things, run) ?? await undoAll(on, await everythingKept(on), run);
  if (trouble !== null) {
    return finish(`Not finished: ${trouble}\nRun remove again once that is mended`, trouble);
  }
  await on.must(["rm", "-rf", "--one-file-system", "--", PATHS.state]);
  return finish("Removed: this host is as it was before its set-up; data and secrets of people stay", null);
}

function refuse(order: HostOrder, problems: readonly Problem[], { print }: HostTools): number {
  if (order.json) print(asJson({ command: order.command, ok: false, problems }));
  else print(`Nothing was changed, because of this:\n${formatProblems(problems)}`);
  return 1;
}

function isConfirmed(domain: string, { ask, print }: HostTools): boolean {
  const answer = ask(`Type ${domain} to go on:`);
  if (answer?.trim() === domain) return true;
  print(answer === null ? "Nobody answers here: say --yes. Nothing was changed" : "Nothing was changed");
  return false;
}

interface Refusal {
  readonly words: string;
  readonly errors: readonly unknown[];
}

/** The description that is meant: the named one, else the project's, else the one that was applied last. */
async function readOrdered(
  { file: named }: HostOrder,
  { readTyped, on }: HostTools,
): Promise<Result<HostDescription, Refusal>> {
  const typed = await readTyped(named ?? USUAL_FILE);
  const [path, text] = typed !== null || named !== null
    ? [named ?? USUAL_FILE, typed]
    : [PATHS.description, await on.read(PATHS.description)];
  if (text === null) {
    const advice = named === null ? ": copy ops/host.example.json and change it; docs/host.md says how" : "";
    const words = `There is no ${named ?? USUAL_FILE}${advice}`;
    return err({ words, errors: [{ field: "the description", value: "missing", expects: words }] });
  }
  const read = readDescription(text);
  if (read.ok) return ok(read.value);
  return err({ words: `${path} is not right:\n${formatFieldErrors(read.error)}`, errors: read.error });
}
