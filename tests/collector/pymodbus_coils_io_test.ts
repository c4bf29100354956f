/**
 * Coils and discrete inputs as pymodbus serves them: another's reading of the standard than ours.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import { dialModbus, type ModbusConnection } from "../../collector/modbus.ts";
import { LOOPBACK } from "../fakes/dial_policies.ts";
import { manualClock } from "../fakes/manual_clock.ts";

/** Python with pymodbus, whatever other Python stands before it in the path. */
const PYTHON = "/usr/bin/python3";
const SERVER = new URL("../fakes/pymodbus_golden.py", import.meta.url).pathname;
const NEVER = new AbortController().signal;

/** Every third coil from 17 on, and a pattern of bytes as discrete inputs. */
const COILS = Array.from({ length: 140 }, (_, i) => i % 3 === 0 ? 1 : 0);
const INPUTS = [1, 0, 1, 1, 0, 0, 1, 0, 1];

async function withPymodbus(body: (connection: ModbusConnection) => Promise<void>): Promise<void> {
  const process = new Deno.Command(PYTHON, {
    args: [SERVER],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = process.stdin.getWriter();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const runs = [
      { functionCode: 1, address: 17, words: COILS },
      { functionCode: 2, address: 65_527, words: INPUTS },
      { functionCode: 3, address: 0, words: [0xffff] },
    ];
    await writer.write(new TextEncoder().encode(`${JSON.stringify([[{ unit: 5, runs }]])}\n`));
    const [port = 0] = JSON.parse((await lines.read()).value ?? "[]") as readonly number[];
    const clock = manualClock(0);
    const dialled = await dialModbus({
      host: "127.0.0.1",
      port,
      timeoutMs: 8_000,
      policy: LOOPBACK,
      clock,
      signal: NEVER,
    });
    ok(dialled.ok);
    await body(dialled.value);
    dialled.value.close();
  } finally {
    await writer.close();
    process.kill("SIGTERM");
    await process.status;
    await lines.cancel();
  }
}

Deno.test("collector, pymodbus: coils and discrete inputs are the ones that pymodbus holds, to the last address", () =>
  withPymodbus(async (connection) => {
    const read = async (functionCode: 1 | 2 | 4, address: number, count: number) => {
      const answer = await connection.read({
        unitId: 5,
        functionCode,
        address,
        count,
        timeoutMs: 5_000,
        signal: NEVER,
      });
      return answer.ok ? answer.value : answer.error;
    };
    deepStrictEqual(await read(1, 17, 125), COILS.slice(0, 125));
    deepStrictEqual(await read(1, 18, 11), COILS.slice(1, 12));
    deepStrictEqual(await read(1, 10, 8), [0, 0, 0, 0, 0, 0, 0, 1]);
    deepStrictEqual(await read(2, 65_527, 9), INPUTS);
    deepStrictEqual(await read(2, 65_535, 1), [1]);
    deepStrictEqual(await read(4, 0, 1), { kind: "exception", code: 2 });
  }));
