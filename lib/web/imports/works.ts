/**
 * What a process does for imports beside answering: judging, registering, testing, taking back. A page shows how far
 * it is and stops it; a restart ends and forgets it, and what is in the database tells how to go on.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { err, ok, type Result } from "../../result.ts";

/** What is done. */
export type WorkKind = "judge" | "register" | "test" | "undo";

/** How a work stands. */
export interface WorkProgress {
  /** Of which import. */
  readonly importId: number;
  /** Who began it, and alone may see and stop it. */
  readonly personId: number;
  /** What is done. */
  readonly kind: WorkKind;
  /** How much is done so far: rows, sites or devices. */
  readonly done: number;
  /** How much there is to do. */
  readonly of: number;
  /** Epoch milliseconds of its start. */
  readonly startedMs: number;
  /** Whether it runs, or how it ended; `failed`: a fault of ours, which is in the log. */
  readonly state: "running" | "done" | "stopped" | "not-allowed" | "failed";
}

/** What a work is given. */
export interface WorkTools {
  /** Aborts when it is to stop. */
  readonly signal: AbortSignal;
  /** Hears how much is done. */
  readonly onDone: (done: number) => void;
}

/** A work that somebody wants. */
export interface WorkWish extends Pick<WorkProgress, "importId" | "personId" | "kind" | "of"> {
  /** Does it; how it ended. */
  readonly run: (tools: WorkTools) => Promise<"done" | "stopped" | "not-allowed">;
}

/** Whose work is meant. */
export type WorkKey = Pick<WorkProgress, "importId" | "personId">;

/** Why a work is not begun: another one of the import runs, or as many as may. */
export type WorkRefusal = "running" | "too-many";

/** The works of a process. */
export interface Works {
  /** Begins a work; one of the same import that has ended is forgotten. */
  begin(wish: WorkWish): Result<WorkProgress, WorkRefusal>;
  /** How the work of an import stands; `null`: there is none. */
  read(key: WorkKey): WorkProgress | null;
  /** Resolves when the work of an import has ended. */
  wait(key: WorkKey): Promise<void>;
  /** Stops it and resolves when it has ended. */
  stop(key: WorkKey): Promise<void>;
}

/** Works at once in the process, and of one person. */
export const WORKS_MAX = { running: 6, ofPerson: 2 } as const;

/** Works that are remembered after their end; the oldest go first. */
const ENDED_MAX = 64;

interface Work {
  progress: WorkProgress;
  readonly stopping: AbortController;
  over: Promise<void>;
}

const OF_LOGS = new WeakMap<object, Works>();

/** The works of the process that `owner` belongs to, made when they are first asked for. */
export function worksOf(owner: object, tools: { readonly clock: Clock; readonly log: Log }): Works {
  const known = OF_LOGS.get(owner) ?? createWorks(tools);
  OF_LOGS.set(owner, known);
  return known;
}

/** Keeps the works of a process. */
export function createWorks({ clock, log }: { readonly clock: Clock; readonly log: Log }): Works {
  const works = new Map<number, Work>();
  const own = ({ importId, personId }: WorkKey) => {
    const work = works.get(importId);
    return work?.progress.personId === personId ? work : undefined;
  };
  return {
    begin({ run, ...wish }) {
      const refusal = refusalOf([...works.values()], wish);
      if (refusal !== null) return err(refusal);
      const stopping = new AbortController();
      const progress = { ...wish, done: 0, startedMs: clock.nowMs(), state: "running" as const };
      const work: Work = { progress, stopping, over: Promise.resolve() };
      const tools = {
        signal: stopping.signal,
        onDone: (done: number) => work.progress = { ...work.progress, done },
      };
      works.delete(wish.importId); // the newest stands last
      works.set(wish.importId, work);
      work.over = finish(work, () => run(tools), log);
      forgetOld(works);
      return ok(work.progress);
    },
    read: (key) => own(key)?.progress ?? null,
    wait: (key) => own(key)?.over ?? Promise.resolve(),
    async stop(key) {
      const work = own(key);
      work?.stopping.abort();
      await work?.over;
    },
  };
}

async function finish(work: Work, run: () => ReturnType<WorkWish["run"]>, log: Log): Promise<void> {
  try {
    const state = await run();
    work.progress = { ...work.progress, state };
  } catch (error) {
    const { kind, importId } = work.progress;
    log.error("The work of an import broke off", { error, kind, importId });
    work.progress = { ...work.progress, state: "failed" };
  }
}

function refusalOf(works: readonly Work[], { importId, personId }: WorkKey): WorkRefusal | null {
  const running = works.filter(({ progress }) => progress.state === "running");
  if (running.some(({ progress }) => progress.importId === importId)) return "running";
  const ofPerson = running.filter(({ progress }) => progress.personId === personId);
  return running.length >= WORKS_MAX.running || ofPerson.length >= WORKS_MAX.ofPerson ? "too-many" : null;
}

function forgetOld(works: Map<number, Work>): void {
  const ended = [...works].filter(([, { progress }]) => progress.state !== "running");
  for (const [importId] of ended.slice(0, Math.max(0, ended.length - ENDED_MAX))) works.delete(importId);
}
