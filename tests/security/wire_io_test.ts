/**
 * Attacks on the wire: requests within requests, answers split in two, and more connections and streams than one
 * should have.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { STREAMS_A_PERSON } from "../../lib/web/events.ts";
import { ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, hostOf, raw, request, statusOf, withstand } from "./attack.ts";

interface Scene {
  readonly flow: Flow;
  readonly operator: Visitor;
}

/** How many answers came. */
const answersIn = (text: string) => text.split(/^HTTP\/1\.1 /m).length - 1;

/** Stands for a whole request within a body. */
const SMUGGLED = "SMUGGLED";

const REQUESTS: readonly Attack<Scene>[] = [
  ...[
    {
      how: "a length and pieces at once",
      fields: ["Content-Length: 5", "Transfer-Encoding: chunked"],
      body: `0\r\n\r\n${SMUGGLED}`,
    },
    { how: "two lengths", fields: ["Content-Length: 0", "Content-Length: 40"], body: SMUGGLED },
    { how: "a list of lengths", fields: ["Content-Length: 0, 40"], body: SMUGGLED },
    { how: "a length with a sign", fields: ["Content-Length: +0"], body: SMUGGLED },
    { how: "a length in hexadecimal", fields: ["Content-Length: 0x0"], body: SMUGGLED },
    { how: "a blank before the colon", fields: ["Content-Length : 40"], body: SMUGGLED },
    { how: "pieces that are not last", fields: ["Transfer-Encoding: chunked, identity"], body: SMUGGLED },
    { how: "pieces by another name", fields: ["Transfer-Encoding: xchunked"], body: SMUGGLED },
    {
      how: "pieces in a folded field",
      fields: ["Transfer-Encoding:\r\n chunked"],
      body: `0\r\n\r\n${SMUGGLED}`,
    },
    {
      how: "a piece of a negative size",
      fields: ["Transfer-Encoding: chunked"],
      body: `-1\r\n\r\n${SMUGGLED}`,
    },
    { how: "a bare line feed", fields: ["X: y\nContent-Length: 40"], body: SMUGGLED },
    { how: "a NUL in a field", fields: ["X: a\0b", "Content-Length: 40"], body: SMUGGLED },
  ].map(({ how, fields, body }) => ({
    wants: `smuggle a request in the body of another by ${how}: it is never answered`,
    async holds({ flow }: Scene) {
      const lines = flow.lines.length;
      const head = ["POST /theme HTTP/1.1", hostOf(flow), `Origin: ${flow.origin}`, ...fields].join("\r\n");
      const within = `GET /smuggled HTTP/1.1\r\n${hostOf(flow)}\r\n\r\n`;
      const text = await raw(flow.origin, `${head}\r\n\r\n${body.replace(SMUGGLED, within)}`);
      ok(answersIn(text) <= 1, text.slice(0, 500));
      ok([0, 400, 413].includes(statusOf(text)), text.slice(0, 200));
      ok(flow.lines.slice(lines).every(({ path }) => path !== "/smuggled"));
    },
  })),
  {
    wants: "split an answer by line breaks in an address: none reaches a header",
    async holds({ flow, operator }) {
      for (const breaks of ["%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D", "%u000d%u000a", "\\r\\n"]) {
        for (const path of [`/sites?q=x${breaks}Set-Cookie:%20a=b`, `/x${breaks}Set-Cookie:%20a=b`]) {
          const answer = await ask(flow.origin, path);
          strictEqual(answer.headers.get("set-cookie"), null, path);
          doesNotMatch(answer.headers.get("location") ?? "", /[\r\n]/);
        }
        const back = decodeURIComponent(`/${breaks.replace("%u000d%u000a", "")}Set-Cookie: a=b`);
        const form = { theme: "light", back };
        const answer = await post(flow.origin, "/theme", form, { cookie: operator.cookie });
        ok(answer.headers.getSetCookie().every((one) => /^theme=[^\r\n]*$/.test(one)), back);
      }
    },
  },
  {
    wants: "name a request oneself, to be mistaken for another in the log: it gets a name of ours",
    async holds({ flow }) {
      const headers = { "x-request-id": "chosen-by-me" };
      const { headers: said } = await ask(flow.origin, "/sign-in", { headers });
      notStrictEqual(said.get("x-request-id"), "chosen-by-me");
      ok(!JSON.stringify(flow.lines).includes("chosen-by-me"));
    },
  },
  {
    wants: "have an answer echo what was sent, by TRACE or a method of one's own: it is not",
    async holds({ flow }) {
      for (const method of ["TRACE", "TRACK", "DEBUG", "PROPFIND", "CONNECT", "BREW"]) {
        const text = await raw(
          flow.origin,
          request(`${method} / HTTP/1.1`, [hostOf(flow), "X-Secret: echo-me"]),
        );
        ok([0, 400, 405].includes(statusOf(text)), `${method} ${statusOf(text)}`);
        doesNotMatch(text, /echo-me/);
      }
    },
  },
  {
    wants: "overflow the head of a request: it is refused, and others are answered",
    async holds({ flow }) {
      for (
        const fields of [
          [`X: ${"a".repeat(20_000)}`],
          Array.from({ length: 500 }, (_, n) => `X${n}: y`),
          [`Cookie: ${"a=b; ".repeat(6_000)}`],
        ]
      ) {
        const text = await raw(flow.origin, request("GET / HTTP/1.1", [hostOf(flow), ...fields]));
        strictEqual(statusOf(text), 431);
      }
      const long = await raw(flow.origin, request(`GET /${"a".repeat(20_000)} HTTP/1.1`, [hostOf(flow)]));
      strictEqual(statusOf(long), 431);
      strictEqual((await ask(flow.origin, "/livez")).status, 200);
    },
  },
];

const EXHAUSTION: readonly Attack<Scene>[] = [
  {
    wants: "open streams until nobody else has one, by signing in again and again: a person has their share",
    async holds({ flow, operator }) {
      const { email } = operator.user;
      const cookies = [operator.cookie, await signInAs(flow, email), await signInAs(flow, email)];
      const open = (cookie: string) => fetch(`${flow.origin}/api/live`, { headers: { cookie } });
      const each = Array.from({ length: STREAMS_A_PERSON / 2 }, () => cookies).flat();
      const answers = await Promise.all(each.map(open));
      const statuses = answers.map(({ status }) => status);
      strictEqual(statuses.filter((status) => status === 200).length, STREAMS_A_PERSON);
      ok(statuses.every((status) => status === 200 || status === 429));
      const late = answers.find(({ status }) => status === 429);
      ok(Number(late?.headers.get("retry-after")) >= 1);
      const other = await open((await makeVisitor(flow, { name: "listener", role: "viewer" })).cookie);
      strictEqual(other.status, 200, "somebody else's opens");
      await Promise.all([...answers, other].map(({ body }) => body?.cancel()));
      for (const cookie of cookies.slice(1)) await post(flow.origin, "/sign-out", {}, { cookie });
    },
  },
  {
    wants: "keep listening after the session has ended: the stream ends with it",
    async holds({ flow, operator }) {
      const cookie = await signInAs(flow, operator.user.email);
      const stream = await fetch(`${flow.origin}/api/live`, { headers: { cookie } });
      await post(flow.origin, "/sign-out", {}, { cookie });
      match(await stream.text(), /event: ended/);
    },
  },
  {
    wants: "take all connections from one address: it has its share, and its end frees it",
    async holds({ flow }) {
      const { hostname, port } = new URL(flow.origin);
      const connect = () => Deno.connect({ hostname, port: Number(port) });
      const held = await Promise.all(Array.from({ length: 130 }, connect));
      const refused = await raw(flow.origin, request("GET /livez HTTP/1.1", [hostOf(flow)]));
      strictEqual(statusOf(refused), 503);
      for (const connection of held) connection.close();
      let status = 0;
      for (let n = 0; n < 200 && status !== 200; n++) {
        status = statusOf(await raw(flow.origin, request("GET /livez HTTP/1.1", [hostOf(flow)])));
      }
      strictEqual(status, 200);
    },
  },
  {
    wants: "send without end: one address may send so much in a minute, and is told when it may go on",
    async holds({ flow }) {
      await flow.clock.advance(60_000);
      let last = await post(flow.origin, "/theme", {});
      for (let n = 0; n < 320 && last.status !== 429; n++) last = await post(flow.origin, "/theme", {});
      strictEqual(last.status, 429);
      ok(Number(last.headers.get("retry-after")) >= 1);
      strictEqual((await ask(flow.origin, "/sign-in")).status, 200, "reading goes on");
      await flow.clock.advance(60_000);
      strictEqual((await post(flow.origin, "/theme", {})).status, 400);
    },
  },
];

Deno.test("attacks on the wire", async (t) => {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const operator = await makeVisitor(flow, { name: "operator", role: "operator" });
    for (const attacks of [REQUESTS, EXHAUSTION]) {
      await flow.clock.advance(60_000);
      await withstand(t, { flow, operator }, attacks);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
