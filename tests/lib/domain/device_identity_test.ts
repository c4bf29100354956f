import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  checkIdentity,
  identityKindOf,
  type IdentityRead,
  isSameSerial,
} from "../../../lib/domain/device_identity.ts";

const SERIAL: IdentityRead = {
  quantity: "serial",
  kind: "serial",
  read: "1204417",
  first: null,
  registered: null,
};

const CASES: readonly {
  readonly name: string;
  readonly reads: readonly IdentityRead[];
  readonly kinds: readonly string[];
  readonly looked: readonly string[];
}[] = [
  { name: "nothing", reads: [], kinds: [], looked: [] },
  { name: "a first serial number", reads: [SERIAL], kinds: [], looked: [] },
  {
    name: "the serial number of the day before",
    reads: [{ ...SERIAL, first: "1204417" }],
    kinds: [],
    looked: ["meter-changed"],
  },
  {
    name: "another one than the day before",
    reads: [{ ...SERIAL, first: "1204400" }],
    kinds: ["meter-changed"],
    looked: ["meter-changed"],
  },
  {
    name: "another one than registered",
    reads: [{ ...SERIAL, registered: "88 12 04" }],
    kinds: ["meter-changed"],
    looked: ["meter-changed"],
  },
  {
    name: "the registered one again after another",
    reads: [{ ...SERIAL, first: "7", registered: "SN-01204417" }],
    kinds: [],
    looked: ["meter-changed"],
  },
  {
    name: "new firmware",
    reads: [{ ...SERIAL, quantity: "firmware", kind: "firmware", read: "1.9", first: "1.8" }],
    kinds: ["firmware-changed"],
    looked: ["firmware-changed"],
  },
  {
    name: "another ratio and another wiring",
    reads: [
      { ...SERIAL, quantity: "ctPrimaryA", kind: "setting", read: "250", first: "100" },
      { ...SERIAL, quantity: "wiring", kind: "setting", read: "3P4W", first: "1P2W" },
    ],
    kinds: ["settings-changed"],
    looked: ["settings-changed"],
  },
  {
    name: "the same ratio",
    reads: [{ ...SERIAL, quantity: "ctPrimaryA", kind: "setting", read: "250", first: "250" }],
    kinds: [],
    looked: ["settings-changed"],
  },
];
for (const { name, reads, kinds, looked } of CASES) {
  Deno.test(`checkIdentity() on ${name} finds ${kinds.join() || "nothing"}`, () => {
    const result = checkIdentity(reads);
    deepStrictEqual(result.findings.map(({ kind }) => kind), kinds);
    deepStrictEqual(result.looked, looked);
  });
}

Deno.test("checkIdentity() names both serial numbers, and whether one was registered", () => {
  const { findings } = checkIdentity([{ ...SERIAL, first: "1204417", registered: "990001" }]);
  deepStrictEqual(findings, [{
    kind: "meter-changed",
    quantity: "serial",
    read: "1204417",
    known: "990001",
    registered: true,
  }]);
});

const SERIALS: readonly (readonly [string, string, boolean])[] = [
  ["1204417", "1204417", true],
  ["001204417", "1204417", true],
  ["B23-1204417", "1204417", true],
  ["ab 12", "AB12", true],
  ["B23-1204417", "04417", false],
  ["1204417", "1204418", false],
  ["0", "1204417", false],
];
for (const [one, other, same] of SERIALS) {
  Deno.test(`isSameSerial() takes "${one}" and "${other}" for ${same ? "one device" : "two"}`, () => {
    strictEqual(isSameSerial(one, other), same);
    strictEqual(isSameSerial(other, one), same);
  });
}

const NAMES: readonly (readonly [string, string | null])[] = [
  ["serial", "serial"],
  ["serialNumber", "serial"],
  ["firmware", "firmware"],
  ["firmwareVersion", "firmware"],
  ["ctPrimaryA", "setting"],
  ["vtRatio", "setting"],
  ["wiringMode", "setting"],
  ["hostname", null],
  ["importWh", null],
  ["serialised", null],
  ["sim1SentMonthB", null],
];
for (const [quantity, kind] of NAMES) {
  Deno.test(`identityKindOf() takes "${quantity}" for ${kind ?? "nothing of the kind"}`, () => {
    strictEqual(identityKindOf(quantity), kind);
  });
}
