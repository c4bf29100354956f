/**
 * Answers that grow: one JSON value a line, sent as it is known, ended when whoever asked has left.
 *
 * @module
 */

import { LINES_TYPE } from "../ui/pages/register/lines.ts";

/** Whether a request asks for lines instead of a page. */
export function wantsLines(request: Request): boolean {
  return request.headers.get("accept") === LINES_TYPE;
}

/** Sends what comes, one line each, as quickly as it is taken; `leave` is told when nobody takes it any more. */
export function linesAnswer<T>(lines: AsyncIterator<T>, leave: () => void): Response {
  const text = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done) return controller.close();
      controller.enqueue(text.encode(`${JSON.stringify(next.value)}\n`));
    },
    cancel: () => leave(),
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: { "content-type": LINES_TYPE, "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

/** What one side says and the other takes, in order. */
export interface Spoken<T> extends AsyncIterator<T> {
  /** Says one more; what is said after the end is not heard. */
  say(value: T): void;
  /** Nothing more is said. */
  end(): void;
}

/** Begins; whoever says must bound how much, because nothing is dropped. */
export function spoken<T>(): Spoken<T> {
  const waiting: T[] = [];
  let over = false;
  let wake = () => {};
  return {
    say(value) {
      if (over) return;
      waiting.push(value);
      wake();
    },
    end() {
      over = true;
      wake();
    },
    async next() {
      while (waiting.length === 0 && !over) {
        await new Promise<void>((resolve) => wake = resolve);
      }
      const [value] = waiting.splice(0, 1);
      return value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
  };
}
