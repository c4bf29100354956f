import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatEstate, readSimulateArguments } from "../../../ops/lib/simulate_arguments.ts";
import { demoEstate } from "../../../lib/simulator/estate.ts";

Deno.test("readSimulateArguments() names all mistakes together", () => {
  const told = readSimulateArguments([
    "--sites",
    "0",
    "--fault",
    "3=nonsense",
    "--fault",
    "hang",
    "--colour",
    "1",
  ], 0);
  ok(!told.ok && told.error.kind === "wrong");
  strictEqual(told.error.messages.length, 4);
});

Deno.test("readSimulateArguments() wants faults of sites that are there", () => {
  const told = readSimulateArguments(["--sites", "2", "--fault", "3=hang"], 0);
  ok(!told.ok && told.error.kind === "wrong");
  match(told.error.messages[0] ?? "", /site 3; there are 2/);
});

Deno.test("readSimulateArguments() collects the faults of a site", () => {
  const told = readSimulateArguments([
    "--sites=5",
    "--fault",
    "3=slow:20",
    "--fault",
    "3=nan",
    "--fault=1=none",
    "--port",
    "2000",
  ], 0);
  ok(told.ok);
  strictEqual(told.value.sites, 5);
  strictEqual(told.value.firstPort, 2000);
  deepStrictEqual([...told.value.faults], [[3, [{ kind: "slow", ms: 20 }, { kind: "nan" }]], [1, []]]);
});

Deno.test("readSimulateArguments() has an estate for nothing said", () => {
  const told = readSimulateArguments([], 0);
  ok(told.ok && told.value.sites === 12);
  const help = readSimulateArguments(["--help"], 0);
  ok(!help.ok && help.error.kind === "help");
});

Deno.test("readSimulateArguments() takes the place of the one meter that trials have read", () => {
  const told = readSimulateArguments(["--meter=0.0.0.0:1502"], 0);
  deepStrictEqual(told.ok && told.value.meter, { host: "0.0.0.0", port: 1502 });
  for (const place of ["meter:1502", "0.0.0.0", "0.0.0.0:0"]) {
    strictEqual(readSimulateArguments(["--meter", place], 0).ok, false, place);
  }
});

Deno.test("formatEstate() has a line for each port with units and profiles", () => {
  const estate = demoEstate(3, 1);
  const lines = formatEstate(estate).split("\n");
  strictEqual(lines.length, 1 + estate.flatMap(({ spec }) => spec.endpoints).length);
  match(lines[1] ?? "", /^1 .*127\.20\.0\.1 .*1502 .*teltonika/);
});
