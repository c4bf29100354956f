/**
 * The doors of the product over real HTTP: what a stranger, a flood and a careless proxy get.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { STREAMS_A_PERSON } from "../../lib/web/events.ts";
import { ACCOUNT, ask, type Flow, post, signInByHand, withFlow } from "../flows/running_product.ts";

const { email, password } = ACCOUNT;

/** The answer to a request as it stands, as far as the end of its head or the connection. */
async function raw(origin: string, text: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(16_384);
  const read = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, read));
}

/** Reads a stream to its end. */
async function following(
  flow: Flow,
  cookie: string,
): Promise<{ readonly status: number; all(): Promise<string> }> {
  const answer = await fetch(`${flow.origin}/api/live`, { headers: { cookie } });
  return { status: answer.status, all: () => answer.text() };
}

async function floodAtSetUp({ origin }: Flow): Promise<void> {
  const form = { token: "A".repeat(43), name: "Eve", email: "eve@example.org", password };
  const flood = await Promise.all(Array.from({ length: 30 }, () => post(origin, "/setup", form)));
  const statuses = flood.map(({ status }) => status);
  deepStrictEqual(new Set(statuses), new Set([410, 429]));
  // When so many count at once, one or the other is asked to come again before its time.
  const looked = statuses.filter((status) => status === 410).length;
  ok(looked > 0 && looked <= 20, `${looked} of them were looked at`);
  await signInByHand(origin);
}

async function sessionsEnd(flow: Flow): Promise<void> {
  const { origin } = flow;
  const first = await signInByHand(origin);
  const stream = await following(flow, first);
  strictEqual(stream.status, 200);
  const over = await post(origin, "/sign-in", { email, password, back: "/" }, { cookie: first });
  strictEqual(over.status, 303);
  match(await stream.all(), /event: ended/);
  strictEqual((await ask(origin, "/", { headers: { cookie: first } })).status, 303);
  const second = over.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  match(second, /wattpost=.*; wattpost-device=1\./);
  const other = await following(flow, second);
  await post(origin, "/sign-out", {}, { cookie: second });
  match(await other.all(), /event: ended/);
  strictEqual((await ask(origin, "/api/live", { headers: { cookie: second } })).status, 401);
  const [newest] = await listAudit(flow.opened.db, 1);
  deepStrictEqual([newest?.action, newest?.actor], ["sign-out", email]);
}

async function shareOfStreams(flow: Flow): Promise<void> {
  const cookie = await signInByHand(flow.origin);
  const opened = await Promise.all(
    Array.from({ length: STREAMS_A_PERSON + 1 }, () => following(flow, cookie)),
  );
  deepStrictEqual(opened.map(({ status }) => status).sort().slice(-2), [200, 429]);
  await post(flow.origin, "/sign-out", {}, { cookie });
  await Promise.all(opened.map(({ all }) => all()));
}

async function knownBrowsers({ origin }: Flow): Promise<void> {
  const came = await post(origin, "/sign-in", { email, password, back: "/" });
  const device = came.headers.getSetCookie().find((one) => one.includes("-device="))?.split(";")[0] ?? "";
  const guess = { email, password: "a stranger's guess", back: "/" };
  for (let n = 0; n < 10; n++) strictEqual((await post(origin, "/sign-in", guess)).status, 422);
  strictEqual((await post(origin, "/sign-in", { ...guess, password })).status, 429);
  strictEqual((await post(origin, "/sign-in", { ...guess, password }, { cookie: device })).status, 303);
}

async function oddRequests({ origin, lines }: Flow): Promise<void> {
  const { host } = new URL(origin);
  const trace = await raw(origin, `TRACE / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  match(trace, /^HTTP\/1\.1 405 /);
  match(trace, /content-security-policy: default-src 'none'/i);
  const proxied =
    "GET / HTTP/1.1\r\nHost: upstream\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";
  match(await raw(origin, proxied), /^HTTP\/1\.1 421 [^]*must pass the Host header on/);
  const before = lines.length;
  const { hostname, port } = new URL(origin);
  const half = await Deno.connect({ hostname, port: Number(port) });
  const head = `POST /sign-in HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n` +
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\nemail=";
  await half.write(new TextEncoder().encode(head));
  await new Promise((resolve) => setTimeout(resolve, 50)); // the request has begun
  half.close();
  for (let n = 0; n < 200 && lines.length === before; n++) await ask(origin, "/livez");
  deepStrictEqual(lines.slice(before).map(({ level, status }) => [level, status]), [["info", 400]]);
}

Deno.test("the doors of the product", async (t) => {
  await withFlow({ specs: [] }, async (flow) => {
    await t.step("a flood at /setup keeps nobody from signing in", () => floodAtSetUp(flow));
    // The tries of the address are spent anew in each window.
    await flow.clock.advance(600_000);
    await t.step("a session ends with its streams, by signing out or in again", () => sessionsEnd(flow));
    await t.step("a person has their share of streams", () => shareOfStreams(flow));
    await flow.clock.advance(600_000);
    await t.step("a stranger's guesses do not lock a known browser out", () => knownBrowsers(flow));
    await t.step("odd requests are answered in order", () => oddRequests(flow));
    await t.step("nothing of it was an error of ours", () => {
      ok(flow.lines.length > 0);
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
