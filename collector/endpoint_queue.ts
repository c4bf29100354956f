/**
 * One queue for each endpoint, whoever asks: the cycle, "Read now" and a scan never talk to a serial line at the
 * same time, because most gateways take one connection and mix up the answers of two.
 *
 * @module
 */
import { err, ok, type Result } from "../lib/result.ts";

/** Whose turn is wanted. */
export interface Turn {
  /** The endpoint: the main address of its router and its port. */
  readonly key: string;
  /** Leaves the queue when it aborts. */
  readonly signal: AbortSignal;
}

/** Work that waits for an endpoint or has it. */
export interface EndpointQueues {
  /**
   * Runs `work` when it is its turn at the endpoint. `busy`: too many wait already; `aborted`: the signal
   * aborted before its turn came.
   */
  run<T>(turn: Turn, work: () => Promise<T>): Promise<Result<T, "busy" | "aborted">>;
  /** Whether no more may wait for the endpoint. */
  isFull(key: string): boolean;
  /** Whether anybody waits for the endpoint: who has it for long lets them in between. */
  isWanted(key: string): boolean;
  /** Endpoints that are in use now. */
  size(): number;
}

/** Those who may wait for one endpoint: two cycles that overlap, and people. */
const WAITING_LIMIT = 8;

interface Queue {
  readonly waiting: (() => void)[];
}

/** Makes the queues of one process. */
export function createEndpointQueues(): EndpointQueues {
  const queues = new Map<string, Queue>();
  const leave = (key: string, queue: Queue) => {
    const next = queue.waiting.shift();
    if (next) next();
    else queues.delete(key);
  };
  const enter = async (key: string, signal: AbortSignal): Promise<Queue | "busy" | "aborted"> => {
    if (signal.aborted) return "aborted";
    const queue = queues.get(key);
    if (!queue) {
      const fresh: Queue = { waiting: [] };
      queues.set(key, fresh);
      return fresh;
    }
    if (queue.waiting.length >= WAITING_LIMIT) return "busy";
    return await awaitTurn(queue, signal) ? queue : "aborted";
  };
  return {
    async run<T>({ key, signal }: Turn, work: () => Promise<T>) {
      const entered = await enter(key, signal);
      if (typeof entered === "string") return err(entered);
      try {
        return ok(await work());
      } finally {
        leave(key, entered);
      }
    },
    isFull: (key) => (queues.get(key)?.waiting.length ?? 0) >= WAITING_LIMIT,
    isWanted: (key) => (queues.get(key)?.waiting.length ?? 0) > 0,
    size: () => queues.size,
  };
}

/** Waits for a place at the head of the queue; false: the signal aborted first. */
function awaitTurn(queue: Queue, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const start = () => {
      signal.removeEventListener("abort", abort);
      resolve(true);
    };
    const abort = () => {
      queue.waiting.splice(queue.waiting.indexOf(start), 1);
      resolve(false);
    };
    signal.addEventListener("abort", abort, { once: true });
    queue.waiting.push(start);
  });
}
