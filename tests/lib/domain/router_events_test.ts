import { deepStrictEqual } from "node:assert/strict";
import { type RouterEvent, routerEvents, type RouterReading } from "../../../lib/domain/router_events.ts";

const DAY = (halfHour: number) => String(Math.floor(halfHour / 48));

function reading(halfHour: number, over: Partial<RouterReading> = {}): RouterReading {
  return {
    halfHour,
    atS: (halfHour + 1) * 1800 + 9,
    uptimeS: 100_000 + halfHour * 1800,
    registration: "Registered (home)",
    operator: "EE",
    simSlot: 1,
    imsi: "234150000000001",
    ...over,
  };
}

function told(event: RouterEvent): string {
  switch (event.kind) {
    case "restarted":
      return `restarted ${event.at} x${event.times}`;
    case "sim-changed":
    case "sim-slot":
    case "operator":
    case "registration":
      return `${event.kind} ${event.at} ${event.from}>${event.to}`;
  }
}

const NEW_SIM = { imsi: "234150000000777" };
const CASES: readonly [string, readonly RouterReading[], readonly string[]][] = [
  ["nothing", [], []],
  ["nothing happened", [reading(0), reading(1), reading(2)], []],
  ["its uptime fell: restarted", [reading(0), reading(1, { uptimeS: 300 })], ["restarted 1 x1"]],
  ["its uptime is behind by a minute: no restart", [reading(0), reading(1, { uptimeS: 101_740 })], []],
  ["restarted in a night of silence, up longer than before", [
    reading(0, { uptimeS: 600 }),
    reading(20, { uptimeS: 9_000 }),
  ], ["restarted 20 x1"]],
  [
    "read 22 min after the boundary once: no restart",
    [reading(0), reading(1, { uptimeS: 103_120 }), reading(2)],
    [],
  ],
  ["uptime not read in between", [reading(0), reading(1, { uptimeS: null }), reading(2)], []],
  ["restarts more than four times a day: one", [0, 1, 2, 3, 4, 5].map((h) => reading(h, { uptimeS: 60 })), [
    "restarted 1 x5",
  ]],
  ["restarts four times a day: four", [0, 1, 2, 3, 4].map((h) => reading(h, { uptimeS: 60 })), [
    "restarted 1 x1",
    "restarted 2 x1",
    "restarted 3 x1",
    "restarted 4 x1",
  ]],
  ["another SIM in the same slot", [reading(0), reading(1, NEW_SIM)], ["sim-changed 1 0001>0777"]],
  ["another SIM of another operator is told once", [reading(0), reading(1, { ...NEW_SIM, operator: "O2" })], [
    "sim-changed 1 0001>0777",
  ]],
  [
    "the identity is read daily: nothing in between",
    [reading(0), reading(1, { imsi: null }), reading(2)],
    [],
  ],
  ["the other slot, with its own SIM", [reading(0), reading(1, { simSlot: 2, imsi: "234100000000002" })], [
    "sim-slot 1 1>2",
  ]],
  ["over to slot 2 and back is no new SIM", [
    reading(0),
    reading(1, { simSlot: 2, imsi: "234100000000002" }),
    reading(2),
  ], ["sim-slot 1 1>2", "sim-slot 2 2>1"]],
  ["a new SIM in slot 2 is seen when it is used again", [
    reading(0, { simSlot: 2, imsi: "234100000000002" }),
    reading(1),
    reading(2, { simSlot: 2, imsi: "234100000000009" }),
  ], ["sim-slot 1 2>1", "sim-changed 2 0002>0009", "sim-slot 2 1>2"]],
  ["another operator with the same SIM", [reading(0), reading(1, { operator: "vodafone UK" })], [
    "operator 1 EE>vodafone UK",
  ]],
  ["an empty operator is no change", [reading(0), reading(1, { operator: "  " }), reading(2)], []],
  ["the identity is no number", [reading(0), reading(1, { imsi: "N/A" })], []],
  ["the network is lost and found", [
    reading(0),
    reading(1, { registration: "Not registered, searching" }),
    reading(2),
  ], ["registration 1 home>searching", "registration 2 searching>home"]],
  ["it roams", [reading(0), reading(1, { registration: "Registered (roaming)" })], [
    "registration 1 home>roaming",
  ]],
  ["its words are not understood once", [reading(0), reading(1, { registration: "N/A" }), reading(2)], []],
  ["slot 7 is none", [reading(0), reading(1, { simSlot: 7 })], []],
];
for (const [name, readings, want] of CASES) {
  Deno.test(`routerEvents() tells: ${name}`, () =>
    deepStrictEqual(routerEvents(readings, DAY).map(told), want));
}
