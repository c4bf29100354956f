/**
 * The decoder workbench over HTTP: from what a display shows to a row, over a meter that sends its low word first; told
 * apart by a second read; and what it refuses.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { profileOf } from "../../lib/profiles/mod.ts";
import { meter, siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { placeOf } from "./places.ts";

type Form = Readonly<Record<string, string>>;

interface Bench {
  readonly flow: Flow;
  readonly visitor: Visitor;
  /** The editor of the map. */
  readonly path: string;
  /** The meter by its name in forms. */
  readonly at: string;
}

const send = ({ flow, visitor }: Omit<Bench, "path" | "at">, path: string, form: Form): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Omit<Bench, "path" | "at">, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const wordsOf = ({ text }: Answer) =>
  text.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "").replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const hidden = ({ text }: Answer, name: string) =>
  (new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? "").replaceAll("&quot;", '"');
const waysOf = ({ text }: Answer) =>
  [...text.matchAll(/name="use" value="([^"]*)"/g)].map(([, value]) =>
    (value ?? "").replaceAll("&quot;", '"')
  );

/** A meter of a model that sends the low word of its 32-bit counters first. */
const MODEL = "carlo-gavazzi-em111";

async function withBench(body: (bench: Bench) => Promise<void>): Promise<void> {
  const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, MODEL)] }];
  await withFlow({ specs: [siteSpec({ name: "Mill", endpoints })] }, async (flow) => {
    const visitor = await makeVisitor(flow, { name: "technician", role: "technician" });
    const { id, device } = await placeOf(flow, flow.siteIds[0] ?? 0);
    const made = await send({ flow, visitor }, "/profiles/own/new", {
      name: "Unknown meter",
      start: "empty",
      profileId: "",
      text: "",
      at: `device-${id}-${device}`,
    });
    strictEqual(made.status, 303);
    const location = made.headers.get("location") ?? "";
    match(location, /\/workbench\?at=device-/, "whoever comes with a device goes to the workbench");
    const path = location.replace(/\/workbench.*/, "");
    await body({ flow, visitor, path, at: `device-${id}-${device}` });
    deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
  });
}

/** What the meter's display shows of a quantity now. */
function displayOf({ flow }: Bench, quantity: string): { readonly value: number; readonly address: number } {
  const profile = profileOf(MODEL);
  const spec = profile?.registers[quantity];
  const device = flow.sites[0]?.endpoints[0]?.meters[0];
  const said = device?.readingAt(flow.clock.nowMs())[quantity]?.value;
  if (!spec || said === undefined || said === null) throw new Error(`No ${quantity}`);
  const { numerator, denominator } = spec.counter ??
    { numerator: 1, denominator: 10 ** (spec.decimals ?? 0) };
  return { value: said * numerator / denominator, address: spec.address };
}

const asked = (bench: Bench, form: Form): Form => ({
  version: "0",
  seen: "",
  at: bench.at,
  functionCode: "4",
  start: "0",
  notation: "0-based",
  count: "40",
  againS: "",
  power: "",
  ...form,
});

Deno.test("the workbench makes a row of what a display shows", async (t) => {
  await withBench(async (bench) => {
    const { path } = bench;
    const workbench = `${path}/workbench`;
    const { value, address } = displayOf(bench, "importWh");
    const display = `${(value / 1000).toFixed(1)} kWh`;
    await t.step("the right way stands first, with why, its words and its share", async () => {
      const found = await send(bench, workbench, asked(bench, { display }));
      strictEqual(found.status, 200, wordsOf(found));
      match(wordsOf(found), /to the last digit/);
      match(wordsOf(found), /Words as read/);
      const [first = ""] = waysOf(found);
      match(first, new RegExp(`^4 ${address} \\w+ 2 little `), `${display}: ${first}`);
      match(found.text, /value="importWh"/, "the name is proposed by the unit");
    });
    await t.step("one click writes it into the working copy, and its value stands beside it", async () => {
      const found = await send(bench, workbench, asked(bench, { display }));
      const [use = ""] = waysOf(found);
      const form = asked(bench, { display, use, quantity: hidden(found, "quantity") || "importWh" });
      const used = await send(bench, workbench, { ...form, version: hidden(found, "version") });
      strictEqual(used.status, 303, wordsOf(used));
      match(used.headers.get("location") ?? "", /written=1.*#row-1$/);
      const { text } = await look(bench, path);
      match(text, /value="importWh"/);
      match(text, new RegExp(`value="${address}"`));
    });
    await t.step("using it on a working copy that another window changed is told", async () => {
      const found = await send(bench, workbench, asked(bench, { display }));
      const [use = ""] = waysOf(found);
      const stale = asked(bench, { display, use, quantity: "importWh", version: "0" });
      strictEqual((await send(bench, workbench, stale)).status, 409);
    });
    await t.step("a row that lies on another's registers is refused with the reason", async () => {
      const found = await send(bench, workbench, asked(bench, { display }));
      const [use = ""] = waysOf(found);
      const form = asked(bench, { display, use, quantity: "exportWh" });
      const refused = await send(bench, workbench, { ...form, version: hidden(found, "version") });
      strictEqual(refused.status, 422);
      match(wordsOf(refused), /registers of its own: row 1, importWh/);
    });
    await t.step("what cannot be asked is told beside its field, and what was typed stays", async () => {
      const wrong = await send(
        bench,
        workbench,
        asked(bench, { display: "12 furlongs", start: "99999", count: "126", at: "", power: "3 V" }),
      );
      strictEqual(wrong.status, 422);
      for (const field of ["display", "start", "count", "at", "power"]) {
        match(wrong.text, new RegExp(`id="${field}-fault"`));
      }
      match(wrong.text, /value="12 furlongs"/);
    });
    await t.step("nothing is found where nothing is, and it says what to do", async () => {
      const none = await send(bench, workbench, asked(bench, { display: "987654321.123 kWh" }));
      match(wordsOf(none), /Nothing in these registers gives/);
      strictEqual(waysOf(none).length, 0);
    });
    await t.step("of ways that fit as well it says so, and a second read tells them apart", async () => {
      const voltage = displayOf(bench, "voltageL1V");
      const rough = `${Math.round(voltage.value / 10)} V`;
      const torn = await send(bench, workbench, asked(bench, { display: rough }));
      ok(/Cannot tell|Nothing in these/.test(wordsOf(torn)) || waysOf(torn).length > 0);
      const seen = hidden(torn, "seen");
      ok(seen.length > 10, "what was seen is sent along");
      const again = await send(bench, workbench, asked(bench, { display, seen }));
      doesNotMatch(wordsOf(again), /Not found/);
    });
    await t.step("read twice it says what grew", async () => {
      const { value: nowWh } = displayOf(bench, "importWh");
      const twice = await send(
        bench,
        workbench,
        asked(bench, { display: `${(nowWh / 1000).toFixed(1)} kWh`, againS: "40", power: "4 kW" }),
      );
      strictEqual(twice.status, 200);
      match(wordsOf(twice), /last digit|grew|stood still/);
    });
    await t.step(
      "a frequency that is none, and a phase to phase voltage, are told as what they usually are",
      async () => {
        match(wordsOf(await send(bench, workbench, asked(bench, { display: "400 V" }))), /line to line/);
        match(wordsOf(await send(bench, workbench, asked(bench, { display: "5 Hz" }))), /no mains frequency/);
      },
    );
  });
});
