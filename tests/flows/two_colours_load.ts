/**
 * What goes on while a release is switched: somebody who looks at pages, a program that writes, pages that listen.
 * Each counts what went wrong.
 *
 * @module
 */

/** A change that a page must have heard of. */
export interface Told {
  readonly id: number;
  readonly siteIds: readonly number[];
}

/** Something that goes on until it is ended. */
export interface Going {
  /** What went wrong so far. */
  readonly failures: readonly string[];
  /** How often it did what it does. */
  readonly done: number;
  /** Ends it after what it is at. */
  end(): Promise<void>;
}

/** Milliseconds between two requests. */
const THINK_MS = 150;

/** Tries of a write whose answer got lost. */
const TRIES = 5;

/** Asks over a connection of its own each time, as nginx does of us. */
export async function askAlone(url: string, init: RequestInit = {}): Promise<Response> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const answer = await fetch(url, { redirect: "manual", ...init, client });
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
}

/** Does something again and again; what it throws is a failure. */
export function keepDoing(what: (n: number) => Promise<void>): Going {
  const failures: string[] = [];
  let done = 0;
  let over = false;
  const running = (async () => {
    for (let n = 0; !over; n++) {
      await what(n).catch((error: unknown) => failures.push(`${new Date().toISOString()} ${error}`));
      done++;
      await new Promise((resolve) => setTimeout(resolve, THINK_MS));
    }
  })();
  return {
    failures,
    get done() {
      return done;
    },
    async end() {
      over = true;
      await running;
    },
  };
}

/** Changes a site again and again, each time under a key of its own; asks twice for every third change. */
export function keepWriting(
  { origin, token, siteId }: { readonly origin: string; readonly token: string; readonly siteId: number },
): Going {
  const url = `${origin}/api/v1/sites/${siteId}`;
  const authorization = `Bearer ${token}`;
  return keepDoing(async (n) => {
    const etag = (await askAlone(url, { headers: { authorization } })).headers.get("etag") ?? "";
    const write = () =>
      askAlone(url, {
        method: "PATCH",
        body: JSON.stringify({ town: `Town ${n}` }),
        headers: {
          authorization,
          "if-match": etag,
          "content-type": "application/json",
          "idempotency-key": `town-${n}`,
        },
      });
    const answer = await again(write);
    if (answer.status !== 200) throw new Error(`PATCH answers ${answer.status}: ${await answer.text()}`);
    if (n % 3 === 0 && (await again(write)).headers.get("idempotency-replayed") !== "true") {
      throw new Error(`The change ${n} was made twice`);
    }
  });
}

async function again(ask: () => Promise<Response>): Promise<Response> {
  for (let tries = 1;; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/** A page that listens, and comes back with the newest change it has heard of. */
export interface Listener extends Going {
  /** Changes of which it should have heard and did not. */
  missing(changes: readonly Told[]): readonly Told[];
  /** Whether its stream is open. */
  readonly open: boolean;
}

/** Changes that a message gathers at most. */
const GATHERED = 500;

/** Opens a page that listens. */
export function keepListening(origin: string, cookie: string): Listener {
  const told = new Map<number, number[]>();
  const over = new AbortController();
  const failures: string[] = [];
  let firstId: number | null = null;
  let lastId: number | null = null;
  let reloadedId = 0;
  let opened = 0;
  let open = false;
  const hear = (block: string): boolean => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
    const event = field("event");
    const id = Number(field("id") ?? lastId ?? 0);
    if (event === "hello") {
      open = true;
      opened++;
      firstId ??= id;
    }
    if (event === "reload" || (event === "hello" && lastId !== null && id > lastId)) reloadedId = id;
    if (event === "stored") {
      for (const site of JSON.parse(field("data") ?? "{}").sites ?? []) {
        told.set(site, [...told.get(site) ?? [], id]);
      }
    }
    lastId = Math.max(lastId ?? 0, id);
    return event === "bye";
  };
  const listen = async () => {
    using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    const headers = { cookie, ...(lastId === null ? {} : { "last-event-id": String(lastId) }) };
    const answer = await fetch(`${origin}/api/live`, { headers, client, signal: over.signal });
    if (answer.status !== 200 || !answer.body) throw new Error(`The stream answers ${answer.status}`);
    let text = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + part).split("\n\n");
      text = blocks.pop() ?? "";
      if (blocks.map(hear).includes(true)) return;
    }
    throw new Error("The stream ended without a good-bye");
  };
  const running = (async () => {
    while (!over.signal.aborted) {
      await listen().catch((error: unknown) => over.signal.aborted || failures.push(String(error)));
      open = false;
    }
  })();
  const knows = ({ id, siteIds }: Told) =>
    id <= Number(firstId) || id <= reloadedId ||
    siteIds.every((site) => told.get(site)?.some((under) => under >= id && under <= id + GATHERED));
  return {
    failures,
    get done() {
      return opened;
    },
    get open() {
      return open;
    },
    missing: (changes) => changes.filter((change) => !knows(change)),
    async end() {
      over.abort();
      await running;
    },
  };
}
