import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createPolicySource, POLICY_MS, type PolicySourceOptions } from "../../collector/policy_source.ts";
import { manualClock, until } from "../fakes/manual_clock.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "db.internal": ["10.0.0.5", "fd00::5"],
  "mail.internal": ["10.0.0.9"],
};

function source(over: Partial<PolicySourceOptions> = {}) {
  const clock = manualClock(0);
  const policy = createPolicySource({
    clock,
    loopbackAllowed: false,
    services: [{ host: "db.internal", port: 3306 }, { host: "0.0.0.0", port: 9000 }],
    read: () =>
      Promise.resolve({
        places: { networks: ["10.8.0.0/16"], ports: [4001] },
        services: [{ host: "mail.internal", port: 587 }],
      }),
    resolve: (host) => Promise.resolve(NAMES[host] ?? []),
    ...over,
  });
  return { clock, policy };
}

Deno.test("createPolicySource() puts the product's services beside what is allowed, under all their addresses", async () => {
  deepStrictEqual(await source().policy(), {
    loopbackAllowed: false,
    networks: ["10.8.0.0/16"],
    ports: [4001],
    own: [
      { address: "10.0.0.5", port: 3306 },
      { address: "fd00::5", port: 3306 },
      { address: null, port: 9000 },
      { address: "10.0.0.9", port: 587 },
    ],
  });
});

Deno.test("createPolicySource() asks once for many and again after 30 seconds", async () => {
  let networks = ["10.8.0.0/16"];
  let reads = 0;
  const { clock, policy } = source({
    read: () => Promise.resolve({ places: { networks, ports: [reads++] }, services: [] }),
  });
  await Promise.all([policy(), policy(), policy()]);
  networks = [];
  deepStrictEqual((await policy()).networks, ["10.8.0.0/16"]);
  strictEqual(reads, 1);
  await clock.advance(POLICY_MS);
  deepStrictEqual((await policy()).networks, []);
  strictEqual(reads, 2);
});

Deno.test("createPolicySource() allows no private network while nobody can say which", async () => {
  const { policy } = source({ read: () => Promise.reject(new Error("away")) });
  const { networks, ports, own } = await policy();
  deepStrictEqual([networks, ports, own.length], [[], [], 3]);
});

Deno.test("createPolicySource() stays with what it knows while the database is away or slow", async () => {
  let answer = (): Promise<{ places: { networks: string[]; ports: number[] }; services: [] }> =>
    Promise.resolve({ places: { networks: ["10.8.0.0/16"], ports: [] }, services: [] });
  const { clock, policy } = source({ read: () => answer() });
  await policy();
  answer = () => Promise.reject(new Error("away"));
  await clock.advance(POLICY_MS);
  deepStrictEqual((await policy()).networks, ["10.8.0.0/16"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  answer = () => promise.then(() => Promise.reject(new Error("too late")));
  await clock.advance(POLICY_MS);
  const waiting = policy();
  await until("it waits", () => clock.sleepers() === 1);
  await clock.advance(2_000);
  deepStrictEqual((await waiting).networks, ["10.8.0.0/16"]);
  resolve();
});
