/**
 * Browsers and programs while releases come and go.
 *
 * @module
 */
import { type Client, createClient, type Got, type Sent } from "./load_http.ts";
import type { Load } from "./load_process.ts";

/** One write in so many is said a second time with the same key, though it was answered. */
const REPEATED = 4;

/** One write in so many loses its connection before the answer, and is said again at once. */
const LOST = 5;

/** Longest that such a connection lives after the request, in ms. */
const LOST_AFTER_MS = 15;

/** A site page out of so many is looked at. */
const SITES_LOOKED_AT = 50;

/** Somebody who looks at pages, one after the other, over one connection. */
export async function browse(load: Load, n: number): Promise<void> {
  const { plan } = load;
  const client = createClient(plan.target);
  const visitor = plan.visitors[n % plan.visitors.length];
  const headers = { cookie: visitor?.cookie ?? "", "x-forwarded-for": `127.2.0.${n + 1}` };
  const files = [...plan.files];
  for (let i = n; !load.over; i++) {
    const path = i % 3 === 2 ? files[Math.floor(i / 3) % files.length] ?? "/" : pageOf(load, i);
    const answer = await asked(load, client, `browser ${n}`, { path, headers });
    if (answer && answer.status !== 200) load.failed(`browser ${n}: ${path}`, wordsOf(answer));
    // Code and styles of the page that was opened first: whichever release serves, they must be there.
    if (answer && files.length === plan.files.length) files.push(...filesIn(answer.body));
    await load.pause(thinkOf(load));
  }
  load.counts.connections += client.opened;
  client.close();
}

function pageOf({ plan: { siteIds } }: Load, i: number): string {
  const site = siteIds[(i * 7) % Math.min(siteIds.length, SITES_LOOKED_AT)];
  const pages = ["/", `/sites/${site}`, "/sites", `/sites/${site}/link`, "/account"];
  return pages[i % pages.length] ?? "/";
}

function filesIn(html: string): readonly string[] {
  const found = [...html.matchAll(/(?:href|src)="(\/[^"?]+\.(?:js|css))"/g)].map(([, path = ""]) => path);
  return [...new Set(found)];
}

/** A program that writes to one site again and again, each write with a key of its own. */
export async function write(load: Load, n: number, token: string): Promise<void> {
  const { plan, counts, written } = load;
  const client = createClient(plan.target);
  const siteId = plan.siteIds[n] ?? 0;
  const path = `/api/v1/sites/${siteId}`;
  const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": `127.3.0.${n + 1}` };
  const seen = await asked(load, client, `program ${n}`, { path, headers });
  let etag = seen?.headers.get("etag") ?? "";
  let accepted = 0;
  for (let i = 1; !load.over; i++) {
    const town = `Town ${n}-${i}`;
    const sent: Sent = {
      method: "PATCH",
      path,
      body: JSON.stringify({ town }),
      headers: {
        ...headers,
        "content-type": "application/json",
        "if-match": etag,
        "idempotency-key": crypto.randomUUID(),
      },
    };
    if (i % LOST === 0) {
      await client.lose(sent, Math.random() * LOST_AFTER_MS);
      counts.lost += 1;
    }
    const answer = await asked(load, client, `program ${n}`, sent);
    if (answer && (answer.status !== 200 || !answer.body.includes(`"${town}"`))) {
      load.failed(`program ${n}: ${town}`, wordsOf(answer));
    }
    if (answer?.status === 200) {
      counts.writes += 1;
      written.set(siteId, { siteId, accepted: ++accepted, last: town });
      etag = answer.headers.get("etag") ?? "";
      if (i % REPEATED === 0) await repeat(load, { client, n, sent, first: answer });
    }
    await load.pause(thinkOf(load));
  }
  load.counts.connections += client.opened;
  client.close();
}

/** Somebody who signs in, looks and signs out, again and again. */
export async function comeAndGo(load: Load, n: number): Promise<void> {
  const { target, emails, password } = load.plan;
  const client = createClient(target);
  const origin = `https://${target.hostname}:${target.port}`;
  const from = { "x-forwarded-for": `127.5.0.${n + 1}` };
  const form = { ...from, origin, "content-type": "application/x-www-form-urlencoded" };
  const who = `guest ${n}`;
  while (!load.over) {
    const body = new URLSearchParams({ email: emails[n % emails.length] ?? "", password, back: "/" })
      .toString();
    const entered = await asked(load, client, who, { method: "POST", path: "/sign-in", headers: form, body });
    const cookie = cookiesOf(entered);
    if (entered && (entered.status !== 303 || cookie === "")) {
      load.failed(`${who} signs in`, wordsOf(entered));
    }
    const page = await asked(load, client, who, { path: "/", headers: { ...from, cookie } });
    if (page && page.status !== 200) load.failed(`${who} looks`, wordsOf(page));
    const left = await asked(load, client, who, {
      method: "POST",
      path: "/sign-out",
      headers: { ...form, cookie },
      body: "",
    });
    if (left && left.status !== 303) load.failed(`${who} signs out`, wordsOf(left));
    for (let ms = 0; ms < SIGN_IN_EVERY_MS && !load.over; ms += LOOK_MS) await load.pause(LOOK_MS);
  }
  load.counts.connections += client.opened;
  client.close();
}

/** Below the limit of sign-ins of one account, in ms: 30 in ten minutes. */
const SIGN_IN_EVERY_MS = 25_000;

/** Between two looks whether it is over, in ms. */
const LOOK_MS = 500;

/** The cookies that an answer sets, as a browser sends them; the ones it takes away are left out. */
export function cookiesOf(answer: Got | null): string {
  const set = (answer?.headers.get("set-cookie") ?? "").split("\n");
  return set.map((one) => one.split(";")[0] ?? "").filter((one) => one !== "" && !one.endsWith("=")).join(
    "; ",
  );
}

interface Repeated {
  readonly client: Client;
  readonly n: number;
  readonly sent: Sent;
  readonly first: Got;
}

/** Says a write again; the answer must be the first one. */
async function repeat(load: Load, { client, n, sent, first }: Repeated): Promise<void> {
  await load.pause(thinkOf(load));
  const again = await asked(load, client, `program ${n} again`, sent);
  load.counts.repeats += 1;
  if (again && (again.status !== first.status || again.body !== first.body)) {
    load.failed(`program ${n} again: ${sent.body}`, wordsOf(again));
  }
}

async function asked(load: Load, client: Client, who: string, sent: Sent): Promise<Got | null> {
  load.counts.requests += 1;
  try {
    return await client.ask(sent);
  } catch (error) {
    load.failed(
      `${who}: ${sent.method ?? "GET"} ${sent.path}`,
      error instanceof Error ? error.message : String(error),
    );
    return null;
  }
}

function thinkOf({ plan: { thinkMs } }: Load): number {
  return thinkMs * (0.5 + Math.random());
}

function wordsOf({ status, headers, body }: Got): string {
  return `${status} ${headers.get("location") ?? ""} ${body.slice(0, 200).replaceAll(/\s+/g, " ")}`;
}
