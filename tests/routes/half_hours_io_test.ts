/**
 * Half-hours of others on their page over HTTP: stated, compared with what is held, refused by row and field, and by
 * everybody who may not.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import { type HalfHour, halfHourOf, startMsOf } from "../../lib/domain/half_hour.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, type Flow, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, signInAs, type Visitor } from "../flows/visitors.ts";

type Form = Readonly<Record<string, string>>;

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
  readonly path: string;
  readonly channelId: number;
}

/** Three days around the end of summer time, before the product begins. */
const FROM = halfHourOf(Date.UTC(2026, 9, 24));
const COUNT = 3 * 48;
const load = (halfHour: HalfHour) =>
  Math.round(5000 + 3000 * Math.sin(halfHour / 7.6) + 900 * Math.sin(halfHour * 1.3));
const STATED: Form = { stamp: "start", clock: "utc", periodMin: "30", unit: "kWh" };

/** What is held, as visits would have stored it. */
async function hold({ opened: { db } }: Flow, channelId: number): Promise<void> {
  const rows = Array.from({ length: COUNT }, (_, i) => ({
    half_hour: FROM + i,
    channel_id: channelId,
    words: null,
    read_s: 0,
    profile_version: 1,
    value: null,
    boundary: null,
    amount: load(FROM + i),
    quality: "m",
    reading_reason: null,
    amount_reason: null,
  }));
  await db.kysely.insertInto("recent").values(rows).execute();
}

/** A file of ours as somebody else writes it. */
function file({ lateMs = 0, factor = 0.001, without = 0 } = {}): string {
  const rows = Array.from({ length: COUNT - without }, (_, i) => {
    const at = new Date(startMsOf(FROM + i) + lateMs).toISOString().slice(0, 16).replace("T", " ");
    return `${at};${(load(FROM + i) * factor).toFixed(6).replace(".", ",")}`;
  });
  return ["Time;Import", ...rows].join("\r\n");
}

function send(
  { flow, visitor, path, channelId }: Desk,
  text: string | Uint8Array<ArrayBuffer> | null,
  over: Form = {},
): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ channelId: String(channelId), ...STATED, ...over })) {
    body.append(name, value);
  }
  if (text !== null) body.append("profile", new File([text], "C:\\profile.csv"));
  const headers = { cookie: visitor.cookie, origin: flow.origin };
  return ask(flow.origin, path, { method: "POST", body, headers });
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [siteSpec(), siteSpec({ name: "Elsewhere" })] }, async (flow) => {
    const [siteId = 0] = flow.siteIds;
    const meter = await flow.opened.db.kysely.selectFrom("channel").select(["meter_id", "channel_id"])
      .where("site_id", "=", siteId).where("quantity", "=", "importWh").orderBy("channel_id")
      .executeTakeFirstOrThrow();
    await hold(flow, meter.channel_id);
    const visitor = await makeVisitor(flow, { name: "operator", role: "operator" });
    const path = `/sites/${siteId}/devices/${meter.meter_id}/half-hours`;
    await body({ flow, visitor, path, channelId: meter.channel_id });
  });
}

const plain = ({ text }: Answer) =>
  text.replaceAll(/<(script|style)\b.*?<\/\1>/gs, "").replaceAll(/<[^>]*>/g, " ");

Deno.test("half-hours of others are stated, and proved by what is held", async (t) => {
  await withDesk(async (desk) => {
    const { flow, visitor, path } = desk;
    await t.step("the page asks what is stated", async () => {
      const answer = await ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
      strictEqual(answer.status, 200);
      match(answer.text, /Nothing is stored/);
      match(answer.text, /name="profile"/);
    });
    await t.step("what is stated rightly is proved, with its figures", async () => {
      const answer = await send(desk, file());
      strictEqual(answer.status, 200);
      match(plain(answer), /Proved: the stamps are as stated/);
      match(plain(answer), /As stated: correlation 1\.0000 over 144 half-hours/);
      match(plain(answer), /of 0 no amount is held here/);
    });
    await t.step("stamps of the end taken for the start are found, and stated so are proved", async () => {
      const late = file({ lateMs: 1_800_000 });
      match(plain(await send(desk, late)), /Shifted by 1 half-hour: stamps are at the end, not the start\?/);
      match(plain(await send(desk, late, { stamp: "end" })), /Proved/);
    });
    await t.step("the clock on the wall taken for UTC is found", async () => {
      const summer = file({ lateMs: 3_600_000, without: 84 });
      match(plain(await send(desk, summer)), /Shifted by 2 half-hours: the clock on the wall, not UTC\?/);
    });
    await t.step("MWh taken for kWh are found", async () => {
      match(plain(await send(desk, file(), { unit: "MWh" })), /1,000 times ours/);
    });
    await t.step("what is not held proves nothing", async () => {
      const answer = await send(desk, file({ lateMs: 400 * 86_400_000 }));
      match(plain(answer), /Cannot be proved: too little is held here/);
    });
    await t.step("nothing is stored, and each comparison is written down", async () => {
      const { db } = flow.opened;
      const rows = await db.kysely.selectFrom("recent").select("amount")
        .where("channel_id", "=", desk.channelId).where("half_hour", "<", FROM + COUNT).execute();
      strictEqual(rows.length, COUNT);
      const entries = await listAudit(db, 50);
      ok(entries.filter(({ action }) => action === "half-hours-compared").length >= 6);
      match(JSON.stringify(entries), /proved/);
    });
  });
});

Deno.test("half-hours of others that cannot be are refused by row and field, and to whoever may not", async (t) => {
  await withDesk(async (desk) => {
    const { flow, path } = desk;
    const refused = async (text: string | Uint8Array<ArrayBuffer> | null, words: RegExp, over: Form = {}) => {
      const answer = await send(desk, text, over);
      strictEqual(answer.status, 422, plain(answer).slice(0, 400));
      match(plain(answer), words);
      return answer;
    };
    await t.step("a file that is none", async () => {
      await refused(null, /Choose a file/);
      await refused("", /Choose a file/);
      await refused("only one column", /one column/);
      await refused("Time;kWh\r\n", /no rows below/);
      await refused(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0xff]), /not UTF-8|no text/);
      await refused(`2026-11-01 00:00;${"9".repeat(3_000)}`, /characters, at most/);
      await refused("x".repeat(950_000), /more than 900 kB/);
    });
    await t.step("cells, by row and field, without running what they say", async () => {
      const odd = await refused(
        "Time;kWh\n2026-11-01 00:00;1\n2026-11-01 00:30;=1+1\n<b>x</b>;2\n2026-11-01 00:00;3",
        /Row 3, figure.*=1\+1.*Row 4, stamp.*Row 5, stamp/s,
      );
      ok(!odd.text.includes("<b>x</b>"));
    });
    await t.step("hours, because they do not say which half took what", async () => {
      const answer = await refused(file(), /which half of it took what/, { periodMin: "60" });
      match(answer.text, /value="60"[^>]*selected|selected[^>]*value="60"/, "what was typed is kept");
    });
    await t.step(
      "a unit that the counter has not, a channel that is another device's, a field nobody asked for",
      async () => {
        await refused(file(), /This counter counts Wh/, { unit: "m³" });
        await refused(file(), /Choose one of the counters of this device/, { channelId: "999999" });
        await refused(file(), /Unknown field/, { shift: "1" });
      },
    );
    await t.step("a form without a file is no upload", async () => {
      const headers = { cookie: desk.visitor.cookie, origin: flow.origin };
      const body = new URLSearchParams(STATED);
      strictEqual((await ask(flow.origin, path, { method: "POST", body, headers })).status, 400);
    });
    await t.step("to a viewer, out of reach, and where there is no such device", async () => {
      const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
      strictEqual((await send({ ...desk, visitor: viewer }, file())).status, 403);
      const other = await makeVisitor(flow, { name: "other", role: "operator" });
      await setReach(flow, other.user.id, { kind: "some", groupIds: [], siteIds: [flow.siteIds[1] ?? 0] });
      const cookie = await signInAs(flow, "other@wattpost.example");
      strictEqual((await send({ ...desk, visitor: { ...other, cookie } }, file())).status, 404);
      const foreign = path.replace(/devices\/\d+/, "devices/999999");
      strictEqual((await send({ ...desk, path: foreign }, file())).status, 404);
      const elsewhere = path.replace(/sites\/\d+/, `sites/${flow.siteIds[1]}`);
      strictEqual((await send({ ...desk, path: elsewhere }, file())).status, 404);
    });
  });
});
