import { deepStrictEqual, throws } from "node:assert/strict";
import { decode, type DecodedValue, type DecodeReason } from "../../../lib/profiles/decode.ts";
import type { RegisterSpec, WordOrder } from "../../../lib/profiles/profile.ts";
import { amperes, powerFactor, volts, wattHours, watts } from "../../../lib/profiles/registers.ts";
import { err, ok, type Result } from "../../../lib/result.ts";

const TEXT: RegisterSpec = { address: 0, encoding: "string", words: 4, kind: "text", unit: "" };
const GAUGE_TENTHS: RegisterSpec = { address: 0, encoding: "u16", kind: "gauge", unit: "°C" };
const STATE: RegisterSpec = { address: 0, encoding: "u16", kind: "state", unit: "" };
const LATITUDE: RegisterSpec = {
  address: 0,
  encoding: "f32-either",
  kind: "gauge",
  unit: "°",
  decimals: 5,
  range: [-90, 90],
};

interface Case {
  readonly name: string;
  readonly words: readonly number[];
  readonly spec: RegisterSpec;
  readonly order?: WordOrder;
  readonly want: Result<DecodedValue, DecodeReason>;
}

const gauge = (value: number) => ok<DecodedValue>({ kind: "gauge", value });
const counter = (value: number) => ok<DecodedValue>({ kind: "counter", value });
const text = (value: string) => ok<DecodedValue>({ kind: "text", text: value });
const NAN = err<DecodeReason>("not-a-number");
const OUT = err<DecodeReason>("out-of-range");

/** What goes wrong first; then the vectors computed independently of our code. */
const CASES: readonly Case[] = [
  {
    name: "NaN as no number, sent when a phase is off",
    words: [0x7fc0, 0],
    spec: volts(0, "f32"),
    want: NAN,
  },
  {
    name: "230.5 V whose bytes are swapped in each word (BADC)",
    words: [0x6643, 0x0080],
    spec: volts(0, "f32"),
    order: "big-swapped",
    want: gauge(2305),
  },
  {
    name: "230.5 V fully reversed (DCBA)",
    words: [0x0080, 0x6643],
    spec: volts(0, "f32"),
    order: "little-swapped",
    want: gauge(2305),
  },
  {
    name: "a 16-bit number whose bytes are swapped",
    words: [0x0109],
    spec: volts(0, "u16", { scale: 0.1 }),
    order: "big-swapped",
    want: gauge(2305),
  },
  { name: "a signalling NaN as no number", words: [0x7f80, 1], spec: volts(0, "f32"), want: NAN },
  { name: "infinity as no number", words: [0xff80, 0], spec: watts(0, "f32"), want: NAN },
  { name: "NaN in f64 as no number", words: [0x7ff8, 0, 0, 0], spec: wattHours(0, "f64"), want: NAN },
  {
    name: "a sentinel as no number, whatever the case of its digits",
    words: [0xffff, 0xffff],
    spec: volts(0, "u32", { sentinels: ["FFFFFFFF"] }),
    want: NAN,
  },
  {
    name: "a sentinel as it stands on the wire, before words are swapped",
    words: [0xffff, 0x7fff],
    spec: watts(0, "i32", { sentinels: ["ffff7fff"] }),
    order: "little",
    want: NAN,
  },
  { name: "a voltage beyond its range", words: [0x4f00, 0], spec: volts(0, "f32"), want: OUT },
  {
    name: "a negative counter",
    words: [0xffff, 0xffff, 0xffff, 0xff00],
    spec: wattHours(0, "i64"),
    want: OUT,
  },
  {
    name: "a counter above 2^53",
    words: [0x0020, 0, 0, 0],
    spec: { ...wattHours(0, "u64"), range: [0, Infinity] },
    want: OUT,
  },
  {
    name: "a counter whose counts are fine but not its energy",
    words: [0, 0x00e8, 0xd4a5, 0x1000],
    spec: wattHours(0, "u64", { step: 100 }),
    want: OUT,
  },
  {
    name: "a BCD nibble above 9 as no number",
    words: [0x12a4],
    spec: { ...STATE, encoding: "bcd", words: 1 },
    want: NAN,
  },
  {
    name: "a sum of tariffs with one missing as missing",
    words: [0x4132, 0xd687, 0xe000, 0, 0x7ff8, 0, 0, 0],
    spec: wattHours(801, "f64", { plus: [805] }),
    want: NAN,
  },
  {
    name: "a sum of tariffs with one negative",
    words: [0x4132, 0xd687, 0xe000, 0, 0xc024, 0, 0, 0],
    spec: wattHours(801, "f64", { plus: [805] }),
    want: OUT,
  },
  { name: "230.5 V", words: [0x4366, 0x8000], spec: volts(0, "f32"), want: gauge(2305) },
  {
    name: "230.5 V low word first",
    words: [0x8000, 0x4366],
    spec: volts(0, "f32"),
    order: "little",
    want: gauge(2305),
  },
  {
    name: "233.63 V as seen on a Shelly",
    words: [0xa260, 0x4369],
    spec: volts(0, "f32", { decimals: 2 }),
    order: "little",
    want: gauge(23363),
  },
  { name: "-1234.5 W", words: [0xc49a, 0x5000], spec: watts(0, "f32", { decimals: 1 }), want: gauge(-12345) },
  {
    name: "-1234.5 W low word first",
    words: [0x5000, 0xc49a],
    spec: watts(0, "f32", { decimals: 1 }),
    order: "little",
    want: gauge(-12345),
  },
  { name: "kW as W", words: [0x40a0, 0], spec: watts(0, "f32", { scale: 1000 }), want: gauge(5000) },
  {
    name: "u32 123,456,789 counts",
    words: [0x075b, 0xcd15],
    spec: wattHours(0, "u32"),
    want: counter(123_456_789),
  },
  {
    name: "u32 low word first",
    words: [0xcd15, 0x075b],
    spec: wattHours(0, "u32"),
    order: "little",
    want: counter(123_456_789),
  },
  { name: "i32 -15,000 W", words: [0xffff, 0xc568], spec: watts(0, "i32"), want: gauge(-15_000) },
  {
    name: "i32 low word first",
    words: [0xc568, 0xffff],
    spec: watts(0, "i32"),
    order: "little",
    want: gauge(-15_000),
  },
  {
    name: "i64 9,876,543,210 Wh",
    words: [0, 2, 0x4cb0, 0x16ea],
    spec: wattHours(0, "i64"),
    want: counter(9_876_543_210),
  },
  {
    name: "i64 low word first",
    words: [0x16ea, 0x4cb0, 2, 0],
    spec: wattHours(0, "i64"),
    order: "little",
    want: counter(9_876_543_210),
  },
  {
    name: "f64 1,234,567.875 Wh in whole Wh",
    words: [0x4132, 0xd687, 0xe000, 0],
    spec: wattHours(0, "f64"),
    want: counter(1_234_568),
  },
  {
    name: "f64 low word first",
    words: [0, 0xe000, 0xd687, 0x4132],
    spec: wattHours(0, "f64"),
    order: "little",
    want: counter(1_234_568),
  },
  {
    name: "the register's word order before the profile's",
    words: [0x8000, 0x4366],
    spec: volts(0, "f32", { wordOrder: "little" }),
    order: "big",
    want: gauge(2305),
  },
  {
    name: "register counts of an integer counter, not yet energy",
    words: [0, 0, 0, 12345],
    spec: wattHours(0, "u64", { step: 10 }),
    want: counter(12345),
  },
  {
    name: "a float counter of kWh in whole Wh",
    words: [0x4978, 0x9680],
    spec: wattHours(72, "f32", { scale: 1000 }),
    want: counter(1_018_216_000),
  },
  {
    name: "two tariffs as their sum, low word first each",
    words: [0, 0xe000, 0xd687, 0x4132, 0, 0, 0, 0x4024],
    spec: wattHours(801, "f64", { plus: [805] }),
    order: "little",
    want: counter(1_234_578),
  },
  { name: "an apparent -0 as 0", words: [0x8000, 0], spec: wattHours(0, "f32"), want: counter(0) },
  {
    name: "a small negative power as 0 and not -0",
    words: [0xbdcc, 0xcccd],
    spec: watts(0, "f32"),
    want: gauge(0),
  },
  {
    name: "i16 power factor",
    words: [0xfc7c],
    spec: powerFactor(0, "i16", { scale: 0.001 }),
    want: gauge(-900),
  },
  {
    name: "a lagging power factor of four quadrants",
    words: [0x3f40, 0],
    spec: powerFactor(0, "f32-4q"),
    want: gauge(750),
  },
  {
    name: "a leading power factor of four quadrants",
    words: [0x3fa0, 0],
    spec: powerFactor(0, "f32-4q"),
    want: gauge(750),
  },
  { name: "a leading one of export", words: [0xbfa0, 0], spec: powerFactor(0, "f32-4q"), want: gauge(-750) },
  {
    name: "a power factor of four quadrants beyond 2",
    words: [0x4080, 0],
    spec: powerFactor(0, "f32-4q"),
    want: OUT,
  },
  {
    name: "tenths without rounding noise",
    words: [0, 0x0903],
    spec: volts(0, "u32", { scale: 0.1 }),
    want: gauge(2307),
  },
  { name: "mA as A", words: [0, 12_345], spec: amperes(0, "i32", { scale: 0.001 }), want: gauge(1235) },
  {
    name: "bit 3",
    words: [0b1000],
    spec: { ...STATE, encoding: "bit", bit: 3 },
    want: ok({ kind: "state", value: 1 }),
  },
  {
    name: "bit 15",
    words: [0x7fff],
    spec: { ...STATE, encoding: "bit", bit: 15 },
    want: ok({ kind: "state", value: 0 }),
  },
  {
    name: "eight BCD digits",
    words: [0x1234, 0x5678],
    spec: { ...wattHours(0, "bcd"), words: 2 },
    want: counter(12_345_678),
  },
  { name: "a state", words: [2], spec: STATE, want: ok({ kind: "state", value: 2 }) },
  { name: "a text up to its NUL", words: [0x4f32, 0x0041, 0x4242, 0x4343], spec: TEXT, want: text("O2") },
  {
    name: "a text padded with blanks",
    words: [0x2045, 0x4520, 0x2020, 0x2020],
    spec: TEXT,
    want: text("EE"),
  },
  {
    name: "a text without control characters",
    words: [0x1b41, 0x0d0a, 0x4209, 0x7f43],
    spec: TEXT,
    want: text("ABC"),
  },
  { name: "a text in UTF-8", words: [0xc3a9, 0x4100, 0, 0], spec: TEXT, want: text("éA") },
  { name: "a text of broken UTF-8", words: [0xffff, 0x41ff, 0xffff, 0xffff], spec: TEXT, want: text("A") },
  {
    name: "a text alike in both word orders",
    words: [0x4142, 0x4344, 0, 0],
    spec: TEXT,
    order: "little",
    want: text("ABCD"),
  },
  {
    name: "a value as large as the largest, whose product has a rest",
    words: [3],
    spec: { ...GAUGE_TENTHS, scale: 0.1, decimals: 1, range: [0, 0.3] },
    want: gauge(3),
  },
  {
    name: "a text whose bytes are swapped",
    words: [0x4241, 0x4443, 0x0045, 0],
    spec: TEXT,
    order: "big-swapped",
    want: text("ABCDE"),
  },
  {
    name: "a text whose bytes are swapped, its words as they come",
    words: [0x4241, 0x4443, 0, 0],
    spec: TEXT,
    order: "little-swapped",
    want: text("ABCD"),
  },
  {
    name: "an IPv4 address",
    words: [0xc0a8, 0x01fe],
    spec: { address: 139, encoding: "ipv4", kind: "text", unit: "" },
    want: text("192.168.1.254"),
  },
  { name: "a latitude", words: [0x424e, 0x051f], spec: LATITUDE, want: gauge(5_150_500) },
  {
    name: "a latitude with its bytes reversed",
    words: [0x1f05, 0x4e42],
    spec: LATITUDE,
    want: gauge(5_150_500),
  },
  { name: "a negative one reversed", words: [0x1f05, 0x4ec2], spec: LATITUDE, want: gauge(-5_150_500) },
  { name: "a router without a fix", words: [0, 0], spec: LATITUDE, want: NAN },
  {
    name: "a latitude that is out of range in both orders",
    words: [0x4f4f, 0x4f4f],
    spec: LATITUDE,
    want: OUT,
  },
];

for (const { name, words, spec, order, want } of CASES) {
  Deno.test(`decode() reads ${name}`, () => deepStrictEqual(decode(words, spec, order ?? "big"), want));
}

Deno.test("decode() settles by the registered place which of two believable byte orders a position has", () => {
  const words = [0x424e, 0x0542];
  deepStrictEqual(decode(words, LATITUDE, "big", null), gauge(5_150_513));
  deepStrictEqual(decode(words, LATITUDE, "big", 51.6), gauge(5_150_513));
  deepStrictEqual(decode(words, LATITUDE, "big", 33.4), gauge(3_332_642));
});

Deno.test("decode() takes words of the wrong number for a bug", () => {
  throws(() => decode([1], volts(0, "f32"), "big"), RangeError);
  throws(() => decode([0, 0, 0, 0], wattHours(801, "f64", { plus: [805] }), "big"), RangeError);
});
