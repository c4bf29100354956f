/**
 * What monitoring sees: health+json, Prometheus text, and who may read it.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatHostCertificate, type HostCertificate } from "../../lib/domain/host_certificate.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, FIRST, withFlow } from "./running_product.ts";

/** A check of health+json (draft-inadarei-api-health-check-06, section 4). */
interface Check {
  readonly status: string;
  readonly observedValue?: number;
  readonly observedUnit?: string;
  readonly output?: string;
}

interface Health {
  readonly status: string;
  readonly releaseId?: string;
  readonly checks: Readonly<Record<string, readonly Check[]>>;
}

/** A sample by its name and labels, such as `wattpost_attempts_total{result="ok",reason=""}`. */
type Samples = ReadonlyMap<string, number>;

const COMMENT =
  /^# (HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+|TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram))$/;
const SAMPLE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*")*\})? (\S+)$/;

/** Reads the text format of Prometheus, version 0.0.4; throws where a line is none of it. */
function parseMetrics(
  text: string,
): { readonly samples: Samples; readonly types: ReadonlyMap<string, string> } {
  ok(text.endsWith("\n"), "the last line does not end");
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("#")) {
      match(line, COMMENT);
      const [, kind, name = "", type = ""] = line.split(" ");
      if (kind === "TYPE") types.set(name, type);
      continue;
    }
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    ok(name !== "", `no sample: ${line}`);
    const number = value === "+Inf" ? Infinity : Number(value);
    ok(!Number.isNaN(number), `no number: ${line}`);
    ok(!samples.has(name + labels), `twice: ${name}${labels}`);
    samples.set(name + labels, number);
    ok(types.has(name) || types.has(name.replace(/_(bucket|sum|count)$/, "")), `${name} has no type`);
  }
  return { samples, types };
}

const bySubstring = (samples: Samples, part: string) =>
  [...samples].filter(([name]) => name.includes(part)).map(([, value]) => value);

Deno.test("monitoring reads how the product is", async (t) => {
  const specs = [
    siteSpec({ name: "Dark", faults: [{ kind: "refused" }] }),
    siteSpec({ name: "Kiln", seed: 8 }),
  ];
  await withFlow({ specs }, async (flow) => {
    const { origin } = flow;
    await flow.collect(FIRST + 1);
    // Retries are over half an hour later at the latest: then the half-hour counts.
    await flow.clock.advance(1_000);

    await t.step("/livez and /readyz answer in a word", async () => {
      deepStrictEqual(
        await Promise.all(["/livez", "/readyz"].map(async (path) => {
          const { status, text } = await ask(origin, path);
          return [status, text];
        })),
        [[200, "alive\n"], [200, "ready\n"]],
      );
    });

    await t.step(
      "/health is health+json with slot lag, completeness, database, sessions and cron",
      async () => {
        const answer = await ask(origin, "/health");
        match(answer.headers.get("content-type") ?? "", /^application\/health\+json/);
        const health: Health = JSON.parse(answer.text);
        ok(["pass", "warn", "fail"].includes(health.status));
        strictEqual(answer.status, health.status === "fail" ? 503 : 200);
        for (
          const name of [
            "database:responseTime",
            "kv:responseTime",
            "cron:lastTick",
            "collector:slotLag",
            "collector:completeness",
            "collector:heldVisits",
          ]
        ) {
          const [check] = health.checks[name] ?? [];
          ok(check && ["pass", "warn", "fail"].includes(check.status), `${name}: ${JSON.stringify(check)}`);
        }
        const [lag] = health.checks["collector:slotLag"] ?? [];
        strictEqual(lag?.observedUnit, "s");
        ok((lag?.observedValue ?? -1) >= 0 && (lag?.observedValue ?? Infinity) < 1_800);
        strictEqual(health.checks["collector:completeness"]?.[0]?.observedValue, 50);
      },
    );

    await t.step(
      "/metrics is Prometheus text with attempts, completeness, cycles and the build",
      async () => {
        const answer = await ask(origin, "/metrics");
        strictEqual(answer.status, 200);
        match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
        const { samples, types } = parseMetrics(answer.text);
        strictEqual(types.get("wattpost_attempts_total"), "counter");
        ok((samples.get('wattpost_attempts_total{result="ok",reason=""}') ?? 0) >= 2);
        ok((samples.get('wattpost_attempts_total{result="failed",reason="refused"}') ?? 0) >= 2);
        strictEqual(samples.get("wattpost_completeness_ratio"), 0.5);
        strictEqual(types.get("wattpost_cycle_duration_seconds"), "histogram");
        strictEqual(samples.get("wattpost_cycle_duration_seconds_count"), 2);
        const buckets = bySubstring(samples, "wattpost_cycle_duration_seconds_bucket");
        deepStrictEqual(buckets, buckets.toSorted((a, b) => a - b), "the buckets do not add up");
        strictEqual(samples.get('wattpost_cycle_duration_seconds_bucket{le="+Inf"}'), 2);
        deepStrictEqual(bySubstring(samples, "wattpost_build_info{"), [1]);
        match(answer.text, /wattpost_build_info\{release="dev",deno="\d+\.\d+\.\d+"\} 1/);
      },
    );
  });
});

Deno.test("/metrics is not for everybody", async (t) => {
  await t.step("behind a proxy, without a token, nobody elsewhere sees that it exists", async () => {
    await withFlow({ specs: [], env: { TRUST_PROXY: "on" } }, async ({ origin }) => {
      const from = (address: string) => ask(origin, "/metrics", { headers: { "x-forwarded-for": address } });
      strictEqual((await from("203.0.113.9")).status, 404);
      strictEqual((await from("127.0.0.1, 203.0.113.9")).status, 404);
      strictEqual((await ask(origin, "/metrics")).status, 200);
    });
  });
  await t.step("with a token, only whoever has it", async () => {
    const METRICS_TOKEN = "3f9c1d0ab27e4c5f8a61";
    await withFlow({ specs: [], env: { METRICS_TOKEN } }, async ({ origin }) => {
      const by = (authorization: string) => ask(origin, "/metrics", { headers: { authorization } });
      strictEqual((await ask(origin, "/metrics")).status, 401);
      strictEqual((await by("Bearer 3f9c1d0ab27e4c5f8a62")).status, 401);
      strictEqual((await by(`Bearer ${METRICS_TOKEN}`)).status, 200);
    });
  });
});

Deno.test("monitoring reads how many days the certificate of the host has left", async () => {
  const hostDir = await Deno.makeTempDir();
  const write = (text: string) => Deno.writeTextFile(`${hostDir}/certificate.json`, text);
  try {
    await withFlow({ specs: [], env: { HOST_DIR: hostDir } }, async ({ origin, clock }) => {
      const see = async () => {
        await clock.advance(6_000); // answers are shared for some seconds
        const { checks }: Health = JSON.parse((await ask(origin, "/health")).text);
        const { samples } = parseMetrics((await ask(origin, "/metrics")).text);
        return {
          check: checks["certificate:daysLeft"]?.[0],
          days: bySubstring(samples, "certificate_days_left"),
        };
      };
      deepStrictEqual(await see(), { check: undefined, days: [] });
      const nowMs = clock.nowMs();
      const told: HostCertificate = {
        atMs: nowMs,
        kind: "issued",
        names: ["energy.example.com"],
        lacking: [],
        issuer: "R11",
        serial: "0A",
        notBeforeMs: nowMs - 86_400_000,
        notAfterMs: nowMs + 12.5 * 86_400_000,
        servedSerial: "0A",
        trouble: null,
      };
      await write(formatHostCertificate(told));
      const { check, days } = await see();
      deepStrictEqual([check?.status, check?.observedValue, check?.observedUnit, days], ["warn", 12, "d", [
        12,
      ]]);
      await write(formatHostCertificate({ ...told, servedSerial: "0B" }));
      strictEqual((await see()).check?.status, "fail");
      await write("{");
      const broken = await see();
      deepStrictEqual([broken.check?.status, broken.days], ["warn", []]);
      match(broken.check?.output ?? "", /deno task certificates prove/);
    });
  } finally {
    await Deno.remove(hostDir, { recursive: true });
  }
});
