/**
 * Reads the meters behind one endpoint in turn: counters of all of them first, then the rest. A dead meter costs
 * its own channels alone: after its first silence its other blocks are skipped, and at the end it is tried once
 * more.
 *
 * @module
 */
import type { Meter } from "../lib/domain/site.ts";
import type { Result } from "../lib/result.ts";
import type { Span } from "./block.ts";
import type { ReadError } from "./read_error.ts";
import type { Answer, Session } from "./session.ts";

/** One request that a visit has to make. */
export interface Task {
  /** Whom it asks. */
  readonly meter: Meter;
  /** For what. */
  readonly span: Span;
  /** Milliseconds to leave before it. */
  readonly pauseMs: number;
}

/** What a task brought. */
export type TaskOutcome = Result<Answer, ReadError>;

/** How to read an endpoint. */
export interface EndpointTasks {
  /** The requests; those that bring counters go first. */
  readonly tasks: readonly Task[];
  /** Whether an answer is hard to believe, so that it is asked for again, once. */
  readonly doubt?: (task: Task, answer: Answer) => boolean;
}

/** Makes all requests; each ends with an answer or an error. */
export async function readEndpoint(
  session: Session,
  { tasks, doubt }: EndpointTasks,
): Promise<ReadonlyMap<Task, TaskOutcome>> {
  const outcomes = new Map<Task, TaskOutcome>();
  const silent = new Map<number, TaskOutcome>();
  const inOrder = [
    ...tasks.filter(({ span }) => span.hasCounter),
    ...tasks.filter((t) => !t.span.hasCounter),
  ];
  const postponed: Task[] = [];
  for (const task of inOrder) {
    if (silent.has(task.meter.unitId)) {
      postponed.push(task);
      continue;
    }
    const outcome = await readTask(session, { task, doubt });
    if (!outcome.ok && isSilence(outcome.error)) {
      silent.set(task.meter.unitId, outcome);
      postponed.push(task);
    } else {
      outcomes.set(task, outcome);
    }
  }
  const given = new Map<number, TaskOutcome>();
  for (const task of postponed) {
    const { unitId } = task.meter;
    const before = given.get(unitId) ?? silent.get(unitId);
    const mayAsk = !given.has(unitId) && !isFinal(before) && session.settle();
    const outcome = mayAsk || before === undefined ? await readTask(session, { task, doubt }) : before;
    if (!outcome.ok && isSilence(outcome.error)) given.set(unitId, outcome);
    outcomes.set(task, outcome);
  }
  return outcomes;
}

async function readTask(
  session: Session,
  { task, doubt }: { readonly task: Task; readonly doubt: EndpointTasks["doubt"] | undefined },
): Promise<TaskOutcome> {
  const { meter, span, pauseMs } = task;
  const question = { unitId: meter.unitId, pauseMs, ...span };
  const first = await session.ask(question);
  if (!first.ok || !doubt?.(task, first.value)) return first;
  const second = await session.ask(question);
  return second.ok ? second : first;
}

/** Errors after which the unit is left alone until the end. */
function isSilence(error: ReadError): boolean {
  return error.kind !== "exception" || error.code === 0x0a || error.code === 0x0b;
}

/** Errors that a second try in the same visit cannot cure. */
function isFinal(outcome: TaskOutcome | undefined): boolean {
  if (outcome === undefined || outcome.ok) return false;
  const { kind } = outcome.error;
  return kind === "visit-deadline" || kind === "address-not-allowed" || kind === "no-route" ||
    kind === "refused" || kind === "connect-timeout";
}
