import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Clock, systemClock } from "../../../lib/clock.ts";
import { type SimulatedSite, startSite } from "../../../lib/simulator/site.ts";
import type { EndpointSpec, Fault, MeterSpec, SiteSpec } from "../../../lib/simulator/spec.ts";
import { manualClock, until } from "../../fakes/manual_clock.ts";
import { ask, hear, readBytes, requestOf } from "./client.ts";

const NOW_MS = Date.UTC(2026, 2, 4, 10, 30, 7);
const clock: Clock = { ...systemClock, nowMs: () => NOW_MS };

const METER: MeterSpec = {
  name: "Cold room",
  unitId: 3,
  profileId: "eastron-sdm630",
  endUse: "cooling",
  maxPowerW: 20_000,
  seed: 5,
};
const SECOND: MeterSpec = {
  ...METER,
  name: "Lights",
  unitId: 4,
  profileId: "abb-b23",
  endUse: "lighting",
  seed: 6,
};
const GATEWAY: EndpointSpec = { port: 0, kind: "gateway", meters: [METER, SECOND] };
const ROUTER: EndpointSpec = {
  port: 0,
  kind: "router",
  meters: [{ name: "Router", unitId: 1, profileId: "teltonika-rutx", endUse: null, maxPowerW: 0, seed: 1 }],
};
const SITE: SiteSpec = {
  name: "Kiosk",
  zone: "Europe/London",
  hours: null,
  seed: 9,
  hosts: ["127.0.0.1"],
  endpoints: [ROUTER, GATEWAY],
  latitude: 53.4,
  longitude: -2.2,
};
const COUNTERS = { unitId: 3, functionCode: 4, address: 72, count: 8 };

type Use = (site: SimulatedSite, gateway: { host: string; port: number }) => Promise<void>;

async function withSite(spec: SiteSpec, use: Use): Promise<void> {
  const site = await startSite(spec, { clock });
  try {
    await use(site, { host: site.hosts[0] ?? "", port: site.endpoints[1]?.port ?? 0 });
  } finally {
    await site.close();
  }
}

function withFaults(name: string, faults: readonly Fault[], use: Use): void {
  Deno.test(name, () =>
    withSite(SITE, async (site, gateway) => {
      await site.setFaults(faults);
      await use(site, gateway);
    }));
}

withFaults(
  "startSite() refuses while it is told to, and answers again",
  [{ kind: "refused" }],
  async (site, gateway) => {
    await rejects(ask(gateway, COUNTERS), Deno.errors.ConnectionRefused);
    await site.setFaults([]);
    strictEqual((await ask(gateway, COUNTERS)).words.length, 8);
  },
);

withFaults("startSite() hangs: it accepts and stays silent", [{ kind: "hang" }], async (site, gateway) => {
  const connection = await Deno.connect({ hostname: gateway.host, port: gateway.port });
  await connection.write(requestOf(COUNTERS));
  const heard = readBytes(connection, 1);
  while (site.endpoints[1]?.requests() !== 1) await new Promise((resolve) => setTimeout(resolve, 1));
  await site.setFaults([{ kind: "refused" }]);
  strictEqual((await heard).length, 0);
  connection.close();
});

withFaults("startSite() says 0x0B for a silent unit behind a gateway, others answer", [
  { kind: "silent", unitId: 3 },
], async (_, gateway) => {
  strictEqual((await ask(gateway, COUNTERS)).exception, 0x0b);
  strictEqual((await ask(gateway, { ...COUNTERS, unitId: 77 })).exception, 0x0b);
  strictEqual((await ask(gateway, { unitId: 4, functionCode: 3, address: 0x5000, count: 8 })).exception, 0);
});

withFaults("startSite() answers with the exception it is told", [
  { kind: "exception", code: 6, unitId: 3 },
], async (_, gateway) => strictEqual((await ask(gateway, COUNTERS)).exception, 6));

withFaults(
  "startSite() answers under a wrong transaction id",
  [{ kind: "wrong-transaction" }],
  async (_, gateway) => {
    notStrictEqual((await ask(gateway, COUNTERS)).transactionId, 1);
  },
);

withFaults(
  "startSite() keeps an answer back until the next request",
  [{ kind: "late" }],
  async (_, gateway) => {
    const connection = await Deno.connect({ hostname: gateway.host, port: gateway.port });
    await connection.write(requestOf({ ...COUNTERS, transactionId: 7 }));
    await connection.write(requestOf({ ...COUNTERS, transactionId: 8, count: 2 }));
    const heard = [await hear(connection), await hear(connection)];
    deepStrictEqual(heard.map(({ transactionId, words }) => [transactionId, words.length]), [[7, 8], [8, 2]]);
    connection.close();
  },
);

withFaults("startSite() sends garbage", [{ kind: "garbage" }], async (_, gateway) => {
  const connection = await Deno.connect({ hostname: gateway.host, port: gateway.port });
  await connection.write(requestOf(COUNTERS));
  const bytes = await readBytes(connection, 8);
  notStrictEqual((bytes[2] ?? 0) * 256 + (bytes[3] ?? 0), 0);
  connection.close();
});

for (const [kind, what] of [["dropped", "closes"], ["half-frame", "stays"]] as const) {
  withFaults(`startSite() sends half an answer and ${what}`, [{ kind }], async (site, gateway) => {
    const connection = await Deno.connect({ hostname: gateway.host, port: gateway.port });
    await connection.write(requestOf(COUNTERS));
    strictEqual((await readBytes(connection, 12)).length, 12);
    if (kind === "half-frame") strictEqual(site.endpoints[1]?.connections(), 1);
    else strictEqual((await readBytes(connection, 1)).length, 0);
    connection.close();
  });
}

withFaults("startSite() answers late by what it is told", [{ kind: "slow", ms: 30 }], async (_, gateway) => {
  const before = performance.now();
  await ask(gateway, COUNTERS);
  ok(performance.now() - before >= 29);
});

withFaults("startSite() sends NaN", [{ kind: "nan" }], async (_, gateway) => {
  const { words } = await ask(gateway, COUNTERS);
  deepStrictEqual(words.slice(0, 2), [0x7fc0, 0]);
});

withFaults("startSite() lets a fault end by itself", [
  { kind: "exception", code: 4, untilMs: NOW_MS },
  { kind: "exception", code: 5, fromMs: NOW_MS + 1 },
], async (_, gateway) => strictEqual((await ask(gateway, COUNTERS)).exception, 0));

Deno.test("startSite() answers as the standard says to what it cannot read", () =>
  withSite(SITE, async (_, gateway) => {
    const cases = [
      [{ ...COUNTERS, functionCode: 6 }, 1],
      [{ ...COUNTERS, functionCode: 3 }, 2],
      [{ ...COUNTERS, address: 5000 }, 2],
      [{ ...COUNTERS, address: 65_535 }, 2],
      [{ ...COUNTERS, count: 0 }, 3],
      [{ ...COUNTERS, count: 81 }, 3],
    ] as const;
    for (const [request, code] of cases) strictEqual((await ask(gateway, request)).exception, code);
  }));

Deno.test("startSite() refuses a cut value and a gap when it is strict", () => {
  const strict = { ...GATEWAY, meters: [{ ...METER, strict: true }] };
  return withSite({ ...SITE, endpoints: [ROUTER, strict] }, async (_, gateway) => {
    strictEqual((await ask(gateway, { ...COUNTERS, address: 73, count: 2 })).exception, 2);
    strictEqual((await ask(gateway, { ...COUNTERS, address: 30, count: 12 })).exception, 2);
    strictEqual((await ask(gateway, COUNTERS)).exception, 0);
  });
});

Deno.test("startSite() serves one connection at a time: the second waits", () =>
  withSite(SITE, async (site, gateway) => {
    const first = await Deno.connect({ hostname: gateway.host, port: gateway.port });
    await first.write(requestOf(COUNTERS));
    await hear(first);
    const second = ask(gateway, COUNTERS);
    strictEqual(site.endpoints[1]?.connections(), 1);
    first.close();
    strictEqual((await second).exception, 0);
  }));

Deno.test("startSite() closes a connection that is idle", async () => {
  const site = await startSite({ ...SITE, endpoints: [{ ...GATEWAY, idleMs: 20 }] }, { clock });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: site.endpoints[0]?.port ?? 0 });
  strictEqual((await readBytes(connection, 1)).length, 0);
  connection.close();
  await site.close();
});

Deno.test("startSite() closes a connection that speaks no Modbus", () =>
  withSite(SITE, async (_, gateway) => {
    const connection = await Deno.connect({ hostname: gateway.host, port: gateway.port });
    await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    strictEqual((await readBytes(connection, 1)).length, 0);
    connection.close();
  }));

Deno.test("startSite() answers on its backup path while the main address refuses", () =>
  withSite(
    { ...SITE, hosts: ["127.0.0.1", "127.0.0.2"], faults: [{ kind: "refused", path: 0 }] },
    async (site, main) => {
      await rejects(ask(main, COUNTERS), Deno.errors.ConnectionRefused);
      strictEqual((await ask({ ...main, host: site.hosts[1] ?? "" }, COUNTERS)).exception, 0);
    },
  ));

Deno.test("startSite() answers with the words that readingAt() has for the instant", () =>
  withSite(SITE, async (site, gateway) => {
    const meter = site.endpoints[1]?.meters[0];
    const { words } = await ask(gateway, COUNTERS);
    const reading = meter?.readingAt(NOW_MS);
    deepStrictEqual(words.slice(0, 2), reading?.["importWh"]?.words);
    deepStrictEqual(words.slice(4, 6), reading?.["importVarh"]?.words);
    ok(Math.abs((reading?.["importWh"]?.value ?? 0) - (meter?.energyWhAt(NOW_MS) ?? 0)) < 10);
  }));

Deno.test("startSite() has a router that tells its signal, and badly when told so", () =>
  withSite(SITE, async (site) => {
    const router = { host: "127.0.0.1", port: site.endpoints[0]?.port ?? 0 };
    const signal = async () =>
      ((await ask(router, { unitId: 1, functionCode: 3, address: 3, count: 2 })).words[1] ?? 0) - 65_536;
    const good = await signal();
    ok(good < -50 && good > -90, `${good}`);
    await site.setFaults([{ kind: "weak-signal" }]);
    strictEqual(await signal(), good - 44);
  }));

Deno.test("startSite() refuses from the instant and until the instant it is told", async () => {
  const manual = manualClock(NOW_MS);
  const faults = [{ kind: "refused", fromMs: NOW_MS + 1000, untilMs: NOW_MS + 2000 }] as const;
  const site = await startSite({ ...SITE, faults }, { clock: manual });
  const gateway = { host: "127.0.0.1", port: site.endpoints[1]?.port ?? 0 };
  const answers = async () => {
    try {
      return (await ask(gateway, COUNTERS)).exception === 0;
    } catch {
      return false;
    }
  };
  ok(await answers());
  await manual.advance(1000);
  await until("the port refuses", async () => !await answers());
  await manual.advance(1000);
  await until("the port answers", answers);
  await site.close();
});

Deno.test("startSite() leaves nothing open when one of its ports is taken", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoints = [ROUTER, { ...GATEWAY, port: taken.addr.port }];
  await rejects(startSite({ ...SITE, endpoints }, { clock }), Deno.errors.AddrInUse);
  taken.close();
});
