import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createCollector } from "../../collector/runner.ts";
import { endMsOf, type HalfHour, halfHourOf } from "../../lib/domain/half_hour.ts";
import { createLog } from "../../lib/log.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { createSecretBox, newRingKey } from "../../lib/store/secret_box.ts";
import { runRegister } from "../../ops/register.ts";
import { TEST_SEAL } from "../fakes/author.ts";
import { manualClock, runUntil } from "../fakes/manual_clock.ts";
import { allChannels, CONFIG, dueAfter, isBusy } from "./estate.ts";

/** Python with pymodbus, whatever other Python stands before it in the path. */
const PYTHON = "/usr/bin/python3";
const SERVER = new URL("../fakes/pymodbus_sdm630.py", import.meta.url).pathname;

interface Meter {
  readonly port: number;
  /** Sets the counter in kWh and the power in W. */
  set(kwh: number, watts: number): Promise<void>;
}

async function withMeter(body: (meter: Meter) => Promise<void>): Promise<void> {
  const command = new Deno.Command(PYTHON, {
    args: [SERVER],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
  const process = command.spawn();
  const writer = process.stdin.getWriter();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let read = "";
  const line = async () => {
    while (!read.includes("\n")) {
      const { value } = await lines.read();
      if (value === undefined) throw new Error("The pymodbus server ended");
      read += value;
    }
    const end = read.indexOf("\n");
    const found = read.slice(0, end);
    read = read.slice(end + 1);
    return found;
  };
  try {
    await body({
      port: Number(await line()),
      set: async (kwh, watts) => {
        await writer.write(new TextEncoder().encode(`${kwh} ${watts}\n`));
        strictEqual(await line(), "ok");
      },
    });
  } finally {
    await writer.close();
    process.kill("SIGTERM");
    await process.status;
    await lines.cancel();
  }
}

interface Read {
  /** The half-hour that it closes. */
  readonly halfHour: HalfHour;
  /** Milliseconds after the boundary. */
  readonly afterMs: number;
  /** What the meter's counter says. */
  readonly kwh: number;
}

/** Registers the meter as an operator does, collects it at the given instants, and gives what is stored. */
async function collect(meter: Meter, reads: readonly Read[]) {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-pymodbus-" });
  const databaseUrl = `sqlite:${folder}/wattpost.db`;
  const first = reads[0]?.halfHour ?? 0;
  const clock = manualClock(endMsOf(first) - 60_000);
  const printed: string[] = [];
  const args = ["--name", "Foundry", "--zone", "Europe/London", "--host", "127.0.0.1"];
  const device = ["--port", String(meter.port), "--profile", "eastron-sdm630", "--unit", "1"];
  const exitCode = await runRegister([...args, ...device, "--max-power-w", "150000"], {
    databaseUrl,
    nowMs: clock.nowMs(),
    loopbackAllowed: true,
    openKeys: async () => ({ seal: TEST_SEAL, box: await createSecretBox([newRingKey()]) }),
    print: (line) => printed.push(line),
    readText: () => Promise.reject(new Error("There is no file")),
  });
  strictEqual(exitCode, 0, printed.join("\n"));
  const db = await openDatabase(databaseUrl);
  const log = createLog({ clock, level: "error", write: (line) => printed.push(line) });
  const collector = createCollector({
    db,
    clock,
    random: Math.random,
    log,
    findProfile: profileOf,
    config: CONFIG,
  });
  for (const { halfHour, afterMs, kwh } of reads) {
    await clock.advance(endMsOf(halfHour) - clock.nowMs());
    await dueAfter(db, halfHour, afterMs);
    await meter.set(kwh, 72_000);
    collector.wake();
    await runUntil(clock, collector.idle(), () => isBusy(collector));
  }
  const channels = await allChannels(db, { from: first, to: first + reads.length });
  const rows = await db.kysely.selectFrom("recent").select(["half_hour", "read_s", "boundary"])
    .where("channel_id", "=", channels.find(({ quantity }) => quantity === "importWh")?.channelId ?? 0)
    .orderBy("half_hour").execute();
  await runUntil(clock, collector.drain(1_000), () => false);
  await db.close();
  await Deno.remove(folder, { recursive: true });
  const of = (quantity: string) => channels.find((channel) => channel.quantity === quantity);
  return { energy: of("importWh"), power: of("powerW"), voltage: of("voltageL1V"), rows, printed };
}

Deno.test("collector, pymodbus: the energy of two half-hours read on the boundary is the register difference", () =>
  withMeter(async (meter) => {
    const first = halfHourOf(Date.UTC(2026, 10, 2, 9, 30));
    const { energy, power, voltage, printed } = await collect(meter, [
      { halfHour: first, afterMs: 0, kwh: 964 },
      { halfHour: first + 1, afterMs: 0, kwh: 1_000.125 },
      { halfHour: first + 2, afterMs: 0, kwh: 1_036.5 },
    ]);
    deepStrictEqual(energy?.amounts, [null, 36_125, 36_375]);
    strictEqual(energy?.quality, "xmm");
    deepStrictEqual(power?.amounts.map((value) => value === null ? null : Math.round(value)), [
      72_000,
      72_000,
      72_000,
    ]);
    strictEqual(voltage?.quality, "mmm");
    deepStrictEqual(printed, ['Registered "Foundry": 1 addresses, 1 ports, 1 meters, 18 channels as site 1']);
  }));

Deno.test("collector, pymodbus: late reads give the boundary counters of the worked case", () =>
  withMeter(async (meter) => {
    const first = halfHourOf(Date.UTC(2026, 10, 2, 9));
    const { energy, rows } = await collect(meter, [
      { halfHour: first, afterMs: 40_000, kwh: 964 },
      { halfHour: first + 1, afterMs: 40_000, kwh: 1_000 },
      { halfHour: first + 2, afterMs: 110_000, kwh: 1_037.4 },
      { halfHour: first + 3, afterMs: 30_000, kwh: 1_071.8 },
    ]);
    deepStrictEqual(rows.map(({ read_s }) => read_s), [40, 40, 110, 30]);
    deepStrictEqual(rows.map(({ boundary }) => boundary), [null, 999_200, 1_035_200, 1_071_200]);
    deepStrictEqual(energy?.amounts, [null, null, 36_000, 36_000]);
    strictEqual(energy?.quality, "xxrr");
  }));
