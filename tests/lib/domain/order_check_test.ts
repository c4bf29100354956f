import { strictEqual } from "node:assert/strict";
import type { OrderFit } from "../../../lib/domain/device_reads.ts";
import { checkOrders } from "../../../lib/domain/order_check.ts";

function fit(order: string, doubtful: readonly string[], value: number | null): OrderFit {
  const looked = ["importWh", "powerW", "voltageL1V", "currentL1A", "frequencyHz"];
  const newest = new Map(
    looked.map((name) => [name, { value: doubtful.includes(name) ? value : 50, unit: "Hz" }]),
  );
  return { order, looked, doubtful, newest };
}

const WRONG = ["importWh", "powerW", "voltageL1V", "frequencyHz"];

interface OrderCase {
  readonly name: string;
  readonly orders: readonly OrderFit[];
  readonly want: string | null;
}

const ORDERS: readonly OrderCase[] = [
  { name: "values that are good", orders: [fit("ABCD", [], null)], want: null },
  {
    name: "one order that fits",
    orders: [fit("ABCD", WRONG, null), fit("CDAB", [], 0), fit("BADC", WRONG, 0)],
    want: "CDAB",
  },
  {
    name: "two orders that fit and read otherwise",
    orders: [fit("ABCD", WRONG, null), fit("CDAB", ["powerW"], 1), fit("BADC", ["powerW"], 2)],
    want: "CDAB or BADC",
  },
  {
    name: "two orders that read the same",
    orders: [fit("ABCD", WRONG, null), fit("CDAB", [], 0), fit("BADC", [], 0)],
    want: "CDAB",
  },
  {
    name: "no order that is three times better",
    orders: [fit("ABCD", WRONG, 0), fit("CDAB", ["importWh", "powerW"], 0)],
    want: null,
  },
  {
    name: "words that mean nothing in any",
    orders: [fit("ABCD", WRONG, null), fit("CDAB", WRONG, null)],
    want: "unreadable",
  },
  {
    name: "two doubts of five",
    orders: [fit("ABCD", ["powerW", "importWh"], null), fit("CDAB", [], 0)],
    want: null,
  },
];
for (const { name, orders, want } of ORDERS) {
  Deno.test(`checkOrders() on ${name} says ${want ?? "nothing"}`, () => {
    const said = checkOrders(orders);
    strictEqual(said?.kind === "word-order" ? said.order : said?.kind ?? null, want);
  });
}
