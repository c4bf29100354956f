/**
 * What the task on advisories says of a service that answers, and of one that does not.
 *
 * @module
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { auditDependencies, EXITS } from "../../ops/advisories.ts";

const LOCK = JSON.stringify({
  npm: { "@a/b@1.2.3": {}, "c@2.0.0_d@1.0.0": {}, "c@2.1.0": {} },
});
const FOUND = {
  c: [{
    id: 7,
    title: "Reads too far",
    severity: "high",
    vulnerable_versions: "<2.2",
    url: "https://a.example/7",
  }],
};
const NOW_MS = Date.UTC(2026, 10, 25);
const REASON = "Only reached with untrusted archives, which we never open";

interface Asked {
  readonly code: number;
  readonly text: string;
  readonly sent: unknown;
}

async function audit(
  answer: () => Response | Promise<Response>,
  accepted: unknown = [],
  lock: string = LOCK,
): Promise<Asked> {
  let sent: unknown = null;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    sent = await request.json();
    return await answer();
  });
  const lines: string[] = [];
  const code = await auditDependencies({
    service: `http://127.0.0.1:${server.addr.port}/bulk`,
    lock,
    accepted: JSON.stringify(accepted),
    nowMs: NOW_MS,
    print: (line) => lines.push(line),
    waitMs: 2_000,
  });
  await server.shutdown();
  return { code, text: lines.join("\n"), sent };
}

Deno.test("auditDependencies() asks about every version of the lock file", async () => {
  const { code, sent } = await audit(() => Response.json({}));
  strictEqual(code, EXITS.clean);
  deepStrictEqual(sent, { "@a/b": ["1.2.3"], c: ["2.0.0", "2.1.0"] });
});

Deno.test("auditDependencies() fails for what nobody accepted", async () => {
  const { code, text } = await audit(() => Response.json(FOUND));
  strictEqual(code, EXITS.found);
  match(text, /NOT ACCEPTED\s+high c <2\.2: Reads too far/);
});

Deno.test("auditDependencies() names what was accepted, and fails when that has expired", async () => {
  const borne = await audit(() => Response.json(FOUND), [{ id: 7, reason: REASON, until: "2026-11-25" }]);
  strictEqual(borne.code, EXITS.clean);
  match(borne.text, /^accepted\s+high c/m);
  const over = await audit(() => Response.json(FOUND), [{ id: 7, reason: REASON, until: "2026-11-24" }]);
  strictEqual(over.code, EXITS.found);
  match(over.text, /acceptance has expired/);
});

const SILENT: readonly (readonly [string, () => Response])[] = [
  ["refuses", () => new Response("no", { status: 405 })],
  ["is broken", () => new Response("no", { status: 500 })],
  ["answers a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
  ["answers something else", () => Response.json([1])],
  ["answers half", () => Response.json({ c: [{ title: "no number" }] })],
  [
    "sends elsewhere",
    () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
  ],
];
for (const [name, answer] of SILENT) {
  Deno.test(`auditDependencies() never passes when the service ${name}`, async () => {
    const { code, text } = await audit(answer);
    strictEqual(code, EXITS.unknown);
    match(text, /cannot be used/);
  });
}

for (const lock of ["{}", '{"version":"5","npm":{}}', '{"version":"6","packages":{"c@2.0.0":{}}}']) {
  Deno.test(`auditDependencies() never passes where ${lock} names no packages`, async () => {
    const { code, text, sent } = await audit(() => Response.json({}), [], lock);
    deepStrictEqual([code, sent], [EXITS.unknown, null]);
    match(text, /names no packages/);
  });
}

Deno.test("auditDependencies() takes no acceptance without a reason and a last day", async () => {
  strictEqual(
    (await audit(() => Response.json({}), [{ id: 7, reason: "ok", until: "2026-12-01" }])).code,
    EXITS.unknown,
  );
  strictEqual((await audit(() => Response.json({}), [{ id: 7, reason: REASON }])).code, EXITS.unknown);
});
