/**
 * Register maps over HTTP, as somebody without JavaScript works on them: made, filled in, put right, read from a device,
 * published, compared, taken away and brought back; two windows, and what is not theirs.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { listMaps } from "../../lib/store/register_maps.ts";
import { rowForm } from "../../lib/web/pages/maps/map_form.ts";
import type { RowTexts } from "../../lib/ui/pages/maps/row_texts.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { placeOf } from "./places.ts";

type Form = Readonly<Record<string, string>>;

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
}

const send = ({ flow, visitor }: Desk, path: string, form: Form = {}): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const placeIn = ({ headers }: Answer) => headers.get("location") ?? "";
const versionIn = ({ text }: Answer) => /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
/** A page's words without its marks. */
const wordsOf = ({ text }: Answer) =>
  text.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "").replaceAll(/<[^>]*>/g, " ");

const HEAD: Form = {
  name: "Corbridge meter",
  vendor: "Nobody",
  model: "M1",
  kind: "meter",
  functionCode: "4",
  wordOrder: "big",
  wordsPerRequest: "60",
  gapWords: "0",
  requestMs: "300",
  pauseMs: "0",
  maxPowerW: "",
  forgetsWithoutPower: "",
  notes: "",
};

const IMPORT: Partial<RowTexts> = {
  quantity: "importWh",
  address: "72",
  encoding: "f32",
  unit: "Wh",
  scale: "1000",
};
const VOLTAGE: Partial<RowTexts> = {
  quantity: "voltageL1V",
  address: "0",
  encoding: "f32",
  unit: "V",
  decimals: "1",
};

async function makeMap(desk: Desk, name: string): Promise<string> {
  const made = await send(desk, "/profiles/own/new", {
    name,
    start: "empty",
    profileId: "",
    text: "",
    at: "",
  });
  strictEqual(made.status, 303, wordsOf(made));
  return placeIn(made);
}

/** Sends the form with the version that the page carries. */
async function save(desk: Desk, path: string, form: Form): Promise<Answer> {
  return await send(desk, path, {
    version: versionIn(await look(desk, path)),
    notation: "0-based",
    ...HEAD,
    ...form,
  });
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow(
    { specs: [siteSpec({ name: "Near" }), siteSpec({ name: "Far", seed: 5 })] },
    async (flow) => {
      await body({ flow, visitor: await makeVisitor(flow, { name: "technician", role: "technician" }) });
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    },
  );
}

Deno.test("a register map is made, put right, read from a device, published and compared", async (t) => {
  await withDesk(async (desk) => {
    const { flow } = desk;
    const path = await makeMap(desk, "Corbridge meter");
    await t.step("it stands beside the library and is found with it", async () => {
      match((await look(desk, "/profiles")).text, /Corbridge meter/);
      match((await look(desk, "/profiles?q=corbridge")).text, /Corbridge meter/);
      doesNotMatch((await look(desk, "/profiles?from=library")).text, /Corbridge meter/);
      doesNotMatch((await look(desk, "/profiles?from=own")).text, /SDM630/);
    });
    await t.step("what is wrong is told beside its row, and what was typed stays", async () => {
      const wrong = await save(desk, path, {
        ...rowForm(1, { ...IMPORT, address: "70000" }),
        ...rowForm(2, { ...VOLTAGE, quantity: "Voltage 1" }),
        requestMs: "soon",
      });
      strictEqual(wrong.status, 422);
      match(wrong.text, /id="r1-address-fault"/);
      match(wrong.text, /id="r2-quantity-fault"/);
      match(wrong.text, /id="requestMs-fault"/);
      match(wrong.text, /value="70000"/);
      match(wrong.text, /value="Voltage 1"/);
      match(wordsOf(wrong), /3 things to put right/);
    });
    await t.step("rows on the same registers are refused with the row and the reason", async () => {
      const both = await save(desk, path, {
        ...rowForm(1, IMPORT),
        ...rowForm(2, { ...VOLTAGE, address: "73" }),
      });
      strictEqual(both.status, 422);
      match(wordsOf(both), /registers of its own: row 1, importWh, takes registers 72 to 73/);
    });
    await t.step("a row is added and taken out without saving", async () => {
      const added = await save(desk, path, { ...rowForm(1, IMPORT), do: "add" });
      strictEqual(added.status, 200);
      match(added.text, /name="r2-quantity"/);
      match(wordsOf(added), /not saved yet/i);
      const removed = await save(desk, path, {
        ...rowForm(1, IMPORT),
        ...rowForm(2, VOLTAGE),
        do: "remove-1",
      });
      doesNotMatch(removed.text, /name="r1-quantity"/);
      match(removed.text, /value="voltageL1V"/);
      doesNotMatch((await look(desk, path)).text, /importWh/);
    });
    await t.step("addresses are written in each notation and stored once", async () => {
      const shown = await save(desk, path, { ...rowForm(1, IMPORT), do: "show", show: "40001-style" });
      match(shown.text, /name="r1-address"[^>]*value="30073"|value="30073"[^>]*name="r1-address"/);
      const form = { ...rowForm(1, { ...IMPORT, address: "30073" }), ...rowForm(2, VOLTAGE) };
      const mixed = await save(desk, path, {
        ...form,
        ...rowForm(2, { ...VOLTAGE, address: "30001" }),
        notation: "40001-style",
      });
      strictEqual(mixed.status, 303, wordsOf(mixed));
      match((await look(desk, path)).text, /value="72"/);
      match((await look(desk, `${path}?show=1-based`)).text, /value="73"/);
    });
    await t.step("values stand beside the rows, saved or not, and words with them", async () => {
      const { id, device } = await placeOf(flow, flow.siteIds[0] ?? 0);
      const read = await send(desk, `${path}/try`, {
        ...HEAD,
        version: versionIn(await look(desk, path)),
        notation: "0-based",
        at: `device-${id}-${device}`,
        ...rowForm(1, IMPORT),
        ...rowForm(2, VOLTAGE),
        ...rowForm(3, { quantity: "serial", address: "60000", encoding: "u32", unit: "" }),
      });
      strictEqual(read.status, 200);
      const words = wordsOf(read);
      match(words, /\d{3}(\.\d)?\s+V/, "a voltage");
      match(words, /kWh/);
      match(words, /\d+ ms/);
      match(read.text, /<code>[0-9A-F]{4} [0-9A-F]{4}<\/code>/);
      doesNotMatch((await look(desk, path)).text, /60000/, "reading saves nothing");
    });
    await t.step("the second of two windows is told, and loses nothing", async () => {
      const version = versionIn(await look(desk, path));
      const form = { ...HEAD, notation: "0-based", version };
      strictEqual((await send(desk, path, { ...form, ...rowForm(1, IMPORT) })).status, 303);
      const late = await send(desk, path, { ...form, ...rowForm(1, { ...IMPORT, note: "mine" }) });
      strictEqual(late.status, 409);
      match(wordsOf(late), /changed in another window/);
      match(late.text, /value="mine"/);
      const again = {
        ...HEAD,
        notation: "0-based",
        version: versionIn(late),
        ...rowForm(1, { ...IMPORT, note: "mine" }),
      };
      strictEqual((await send(desk, path, again)).status, 303);
      match((await look(desk, path)).text, /value="mine"/);
    });
    await t.step("a version is published with a note, and differences are told", async () => {
      const publish = (note: string) =>
        look(desk, `${path}/publish`).then((page) =>
          send(desk, `${path}/publish`, { version: versionIn(page), note })
        );
      strictEqual((await publish("")).status, 422);
      strictEqual((await publish("First")).status, 303);
      match((await publish("The same")).text, /same as the newest version/);
      await save(desk, path, { ...rowForm(1, { ...IMPORT, wordOrder: "little" }), ...rowForm(2, VOLTAGE) });
      match(wordsOf(await look(desk, path)), /changes? since version 1/);
      strictEqual((await publish("Word order")).status, 303);
      const diff = wordsOf(await look(desk, `${path}/diff?from=1&to=2`));
      match(diff, /importWh: word order was big, is little/);
      match(diff, /voltageL1V is new/);
      match((await look(desk, `${path}/versions/1`)).text, /importWh/);
      doesNotMatch((await look(desk, `${path}/versions/1`)).text, /voltageL1V/);
      for (const odd of ["versions/3", "versions/0", "versions/x", "diff?from=9"]) {
        strictEqual((await look(desk, `${path}/${odd}`)).status, 404, odd);
      }
    });
    await t.step("its file brings it back after a look at the differences", async () => {
      const file = await look(desk, `${path}/export.json?version=1`);
      match(file.headers.get("content-disposition") ?? "", /attachment; filename="corbridge-meter-1.json"/);
      const looked = await send(desk, `${path}/import`, { text: file.text });
      strictEqual(looked.status, 200);
      match(wordsOf(looked), /voltageL1V is gone/);
      match((await look(desk, path)).text, /voltageL1V/, "nothing is replaced yet");
      const json = /name="json" value="([^"]*)"/.exec(looked.text)?.[1]?.replaceAll("&quot;", '"') ?? "";
      const replaced = await send(desk, `${path}/import`, {
        do: "replace",
        version: versionIn(looked),
        json,
      });
      strictEqual(replaced.status, 303, wordsOf(replaced));
      doesNotMatch((await look(desk, path)).text, /voltageL1V/);
      const wrong = await send(desk, `${path}/import`, {
        text: '{"format":"wattpost-register-map-1","name":"x","rows":[{"address":70000}]}',
      });
      strictEqual(wrong.status, 422);
      match(wordsOf(wrong), /Row 1, address .*70000/);
    });
    await t.step("a copy of a profile begins with all its rows", async () => {
      const copied = await send(desk, "/profiles/own/new", {
        name: "Own SDM",
        start: "profile",
        profileId: "eastron-sdm630",
        text: "",
        at: "",
      });
      strictEqual(copied.status, 303);
      const { text } = await look(desk, placeIn(copied));
      match(text, /value="importWh"/);
      match(text, /value="voltageL3V"/);
      const twice = await send(desk, "/profiles/own/new", {
        name: "own sdm",
        start: "empty",
        profileId: "",
        text: "",
        at: "",
      });
      strictEqual(twice.status, 422);
      match(wordsOf(twice), /name of another register map/);
    });
    await t.step("a copy without a name of its own is counted where the name is taken", async () => {
      const copy = () =>
        send(desk, "/profiles/own/new", {
          name: "",
          start: "profile",
          profileId: "eastron-sdm120",
          text: "",
          at: "",
        });
      const [first, second] = [await copy(), await copy()];
      strictEqual(second.status, 303, wordsOf(second));
      const named = /<h1[^>]*>([^<]*)</;
      const [one, two] = [await look(desk, placeIn(first)), await look(desk, placeIn(second))];
      strictEqual(named.exec(two.text)?.[1], `${named.exec(one.text)?.[1]} 2`);
      for (const made of [first, second]) {
        strictEqual((await send(desk, `${placeIn(made)}/remove`)).status, 303);
      }
    });
    await t.step("a published version is copied like a profile of the library", async () => {
      const [map] = (await listMaps(flow.opened.db)).filter(({ published }) => published > 0);
      const from = `own-${map?.id}@${map?.published}`;
      const { text } = await look(desk, `/profiles/own/new?from=${from}`);
      match(text, new RegExp(`<option[^>]*selected[^>]*value="${from}"|value="${from}"[^>]*selected`));
      const copied = await send(desk, "/profiles/own/new", {
        name: "Copy of a version",
        start: "profile",
        profileId: from,
        text: "",
        at: "",
      });
      strictEqual(copied.status, 303, wordsOf(copied));
      match((await look(desk, placeIn(copied))).text, new RegExp(`Copied from ${from}`));
      const none = { name: "None", start: "profile", profileId: "own-999@1", text: "", at: "" };
      match(wordsOf(await send(desk, "/profiles/own/new", none)), /Choose the profile that is copied/);
    });
    await t.step("what nothing uses is removed", async () => {
      strictEqual((await send(desk, `${path}/remove`)).status, 303);
      strictEqual((await look(desk, path)).status, 404);
    });
    await t.step("all of it is written down", async () => {
      const actions = (await listAudit(flow.opened.db, 200)).map(({ action }) => action);
      for (const act of ["made", "changed", "read", "published", "removed"]) {
        ok(actions.includes(`register-map-${act}`), act);
      }
    });
  });
});
