/**
 * Attacks by size: bodies too large, too deep, too many, too slow, and patterns that would run for hours.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Attack, PATIENCE_MS, raw, timed, withstand } from "./attack.ts";
import type { Form } from "./door.ts";

interface Scene {
  readonly flow: Flow;
  /** An administrator, in whose name everything is tried. */
  readonly admin: Visitor;
}

const send = ({ flow, admin }: Scene, path: string, form: Form, headers: Form = {}): Promise<Answer> =>
  post(flow.origin, path, form, { cookie: admin.cookie, ...headers });

const SIZES: readonly Attack<Scene>[] = [
  {
    wants: "fill the memory with a form: what is larger than 64 KiB is not read, whether announced or not",
    async holds({ flow, admin }) {
      const headers = { origin: flow.origin, cookie: admin.cookie };
      const large = new URLSearchParams({ name: "a".repeat(70_000) });
      for (
        const path of ["/theme", "/sign-in", "/admin/networks", "/admin/people/invite", "/account/tokens"]
      ) {
        const answer = await ask(flow.origin, path, { method: "POST", headers, body: large });
        ok([400, 413].includes(answer.status), `${path} ${answer.status}`);
      }
      const pieces = ReadableStream.from(Array(40).fill(new TextEncoder().encode("a=b&".repeat(1_000))));
      const type = "application/x-www-form-urlencoded";
      const init = { method: "POST", body: pieces, headers: { ...headers, "content-type": type } };
      const answer = await ask(flow.origin, "/sign-in", init);
      strictEqual(answer.status, 413);
    },
  },
  {
    wants: "fill the memory with an upload: no form takes files",
    async holds({ flow, admin }) {
      const form = new FormData();
      form.set("theme", "dark");
      form.set("file", new File(["a".repeat(500_000)], "../../x.ts"));
      const headers = { origin: flow.origin, cookie: admin.cookie };
      strictEqual((await ask(flow.origin, "/theme", { method: "POST", headers, body: form })).status, 400);
    },
  },
  {
    wants: "send more than a server should take at all: two megabytes are cut off",
    async holds({ flow, admin }) {
      const headers = { authorization: `Bearer ${admin.token}`, "content-type": "application/json" };
      const path = `/api/v1/sites/${flow.siteIds[0]}`;
      const body = `{"town":"${"a".repeat(2_000_000)}"}`;
      const status = await ask(flow.origin, path, { method: "PATCH", headers, body }).then(
        (answer) => answer.status,
        () => 413, // the connection ended while it was still being sent
      );
      strictEqual(status, 413);
      strictEqual((await ask(flow.origin, "/livez")).status, 200);
    },
  },
  {
    wants: "break the parser by depth: JSON of a hundred thousand brackets is refused at once",
    async holds({ flow, admin }) {
      const headers = { authorization: `Bearer ${admin.token}`, "content-type": "application/json" };
      const path = `/api/v1/sites/${flow.siteIds[0]}`;
      for (
        const body of [
          "[".repeat(30_000),
          `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
          `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
        ]
      ) {
        const { ms, value } = await timed(() => ask(flow.origin, path, { method: "PATCH", headers, body }));
        ok([400, 413].includes(value.status), `${value.status}`);
        ok(ms < PATIENCE_MS, `${ms} ms`);
      }
    },
  },
  {
    wants: "take for ever by ten thousand fields: they are refused in one answer",
    async holds(scene) {
      const form = Object.fromEntries(Array.from({ length: 8_000 }, (_, n) => [`f${n}`, "1"]));
      const { ms, value } = await timed(() => send(scene, "/admin/networks", form));
      ok([413, 422].includes(value.status), `${value.status}`);
      ok(ms < PATIENCE_MS, `${ms} ms`);
      ok(value.text.length < 100_000);
    },
  },
  {
    wants: "hold a connection by a form that never ends: it is given up after twenty seconds",
    async holds({ flow }) {
      const { host } = new URL(flow.origin);
      const head = `POST /sign-in HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${flow.origin}\r\n` +
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60\r\nConnection: close\r\n\r\nemail=a";
      const lines = flow.lines.length;
      let said: string | null = null;
      const saying = raw(flow.origin, head).then((text) => said = text);
      for (let n = 0; n < 200 && said === null; n++) {
        await ask(flow.origin, "/livez");
        await flow.clock.advance(1_000);
      }
      match(await saying, /^HTTP\/1\.1 400 /);
      ok(flow.lines.length > lines);
    },
  },
  {
    wants: "make a pattern run for hours: long texts of the worst shape are judged at once",
    async holds(scene) {
      const { flow, admin } = scene;
      const bombs = [
        `${"a".repeat(30_000)}!`,
        `${"a@".repeat(15_000)}`,
        `a@${"a-".repeat(15_000)}!`,
        " ".repeat(30_000),
      ];
      for (const bomb of bombs) {
        for (
          const [path, form] of [
            ["/admin/people/invite", {
              email: bomb,
              name: bomb,
              role: "viewer",
              reach: "all",
              find: "",
              do: "save",
            }],
            ["/admin/networks", { networks: bomb, ports: bomb, version: "0" }],
            ["/sign-in", { email: bomb, password: bomb, back: bomb }],
            ["/theme", { theme: "dark", back: `/${bomb}` }],
          ] as const
        ) {
          const { ms, value } = await timed(() => send(scene, path, form));
          ok(value.status < 500 && ms < PATIENCE_MS, `${path} ${value.status} after ${ms} ms`);
        }
        const short = encodeURIComponent(bomb.slice(0, 4_000));
        const headers = {
          cookie: admin.cookie,
          accept: bomb.slice(0, 4_000),
          "user-agent": bomb.slice(0, 4_000),
        };
        for (const path of [`/sites?q=${short}`, `/admin/people?q=${short}`, `/admin/audit?q=${short}`]) {
          const { ms, value } = await timed(() => ask(flow.origin, path, { headers }));
          ok(value.status < 500 && ms < PATIENCE_MS, `${path.slice(0, 20)} ${value.status} after ${ms} ms`);
        }
      }
    },
  },
];

Deno.test("attacks by size", async (t) => {
  await withFlow({ specs: [siteSpec()], env: { COLLECT: "off" } }, async (flow) => {
    await withstand(
      t,
      { flow, admin: await makeVisitor(flow, { name: "admin", role: "administrator" }) },
      SIZES,
    );
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
