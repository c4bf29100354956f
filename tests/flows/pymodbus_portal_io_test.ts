/**
 * Every profile against a server that is not ours: pymodbus answers with the profile's golden registers, a person
 * types the device into a draft and tests it, and the page shows the golden values. Routers, which are no devices of
 * a draft, are read on the page of their site.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { channelsOf, PROFILES } from "../../lib/profiles/mod.ts";
import type { DeviceProfile } from "../../lib/profiles/profile.ts";
import { figureOf, quantityName } from "../../lib/web/pages/read_now.ts";
import { type Dump, DUMPS } from "../lib/profiles/fixtures.ts";
import { type Answer, ask, type Flow, post, signInByHand, withFlow } from "./running_product.ts";

/** Python with pymodbus, whatever other Python stands before it in the path. */
const PYTHON = "/usr/bin/python3";
const SERVER = new URL("../fakes/pymodbus_golden.py", import.meta.url).pathname;

interface Served {
  readonly profile: DeviceProfile;
  readonly dump: Dump;
  /** Behind the gateway; a router has a port of its own and is unit 1 there. */
  readonly unit: number;
}

interface Desk {
  readonly flow: Flow;
  readonly cookie: string;
}

type Form = Readonly<Record<string, string>>;

/** Profiles with their dumps; one that has none is named. */
function served(): readonly Served[] {
  const missing = PROFILES.filter(({ id }) => !DUMPS.some(({ profile }) => profile === id));
  deepStrictEqual(missing.map(({ id }) => id), [], "these profiles have no golden registers");
  return PROFILES.flatMap((profile, i) => {
    const dump = DUMPS.find((one) => one.profile === profile.id);
    return dump ? [{ profile, dump, unit: profile.kind === "router" ? 1 : i + 1 }] : [];
  });
}

const unitOf = ({ dump, unit }: Served) => ({
  unit,
  runs: dump.dump.map(({ functionCode = dump.functionCode, address, words }) => ({
    functionCode,
    address,
    words: words.split(" ").map((digits) => parseInt(digits, 16)),
  })),
});

/** Runs pymodbus while something is tested; gives the port of each list of units. */
async function withPymodbus(
  ports: readonly (readonly Served[])[],
  body: (ports: readonly number[]) => Promise<void>,
): Promise<void> {
  const command = new Deno.Command(PYTHON, {
    args: [SERVER],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
  const process = command.spawn();
  const writer = process.stdin.getWriter();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    await writer.write(
      new TextEncoder().encode(`${JSON.stringify(ports.map((units) => units.map(unitOf)))}\n`),
    );
    let said = "";
    while (!said.includes("\n")) {
      const { value } = await lines.read();
      if (value === undefined) throw new Error("The pymodbus server ended");
      said += value;
    }
    await body(JSON.parse(said));
  } finally {
    await writer.close();
    process.kill("SIGTERM");
    await process.status;
    await lines.cancel();
  }
}

/** What the page must show: the golden values in the profile's order, as people read them. */
function golden({ profile, dump }: Served): readonly string[] {
  return channelsOf(profile).map(({ quantity, kind, unit, decimals }) => {
    const kept = dump.values[quantity];
    const { numerator = 1, denominator = 1 } = profile.registers[quantity]?.counter ?? {};
    const value = typeof kept !== "number"
      ? kept ?? "missing in the dump"
      : kind === "gauge"
      ? kept / 10 ** decimals
      : kept * numerator / denominator;
    const figure = figureOf(value, { kind, unit, quantity });
    const space = figure.unit === "" || figure.unit === "%" ? "" : " ";
    return `${quantityName(quantity)}: ${figure.text}${space}${figure.unit}`;
  });
}

/** The rows of the table of values, as a page shows them. */
function shown({ text }: Answer, caption: RegExp): readonly string[] {
  const table = text.split("<table").find((part) => caption.test(part)) ?? "";
  const plain = (html: string) =>
    html.replaceAll(/<[^>]*>/g, "").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll(
      "&amp;",
      "&",
    );
  return table.split("<tr").slice(2).map((row) => {
    const cells = row.split(/<t[dh]\b/).slice(1).map((cell) => plain(cell.slice(cell.indexOf(">") + 1)));
    const figure = /<span class="figure">(.*?)<\/span>/s.exec(row)?.[1];
    return `${cells[0]?.trim()}: ${figure === undefined ? `none (${cells.at(-1)})` : plain(figure)}`;
  });
}

/** Longest pause of ours between two reads, in ms; whoever waits longer waits for an answer of the other process. */
const PAUSE_MS = 2_000;

/**
 * Runs the product's clock over its own pauses alone: how long another process takes to answer is real, whatever
 * else this machine does.
 */
async function patiently<T>({ clock }: Flow, work: Promise<T>): Promise<T> {
  let settled = false;
  const done = work.finally(() => settled = true);
  done.catch(() => {}); // it is awaited below
  while (!settled) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const next = clock.nextInMs();
    if (!settled && next !== null && next <= PAUSE_MS) await clock.advance(next);
  }
  return await done;
}

const look = ({ flow, cookie }: Desk, path: string) => ask(flow.origin, path, { headers: { cookie } });
const send = ({ flow, cookie }: Desk, path: string, form: Form = {}) =>
  patiently(flow, post(flow.origin, path, form, { cookie }));
const placeOf = ({ headers }: Answer) => headers.get("location") ?? "";

/** Posts a form with the version that its page carries; where it leads. */
async function save(desk: Desk, path: string, form: Form): Promise<string> {
  const version = /name="version" value="(\d+)"/.exec((await look(desk, path)).text)?.[1] ?? "";
  const answer = await send(desk, path, { version, ...form });
  strictEqual(answer.status, 303, `${path}: ${/class="fault".*?<\/span>/s.exec(answer.text)?.[0]}`);
  return placeOf(answer);
}

/** A draft up to its devices. */
async function draft(desk: Desk, name: string, router: Form): Promise<string> {
  const base = placeOf(await send(desk, "/sites/register")).replace(/\/site$/, "");
  await save(desk, `${base}/site`, { name, group: "", zone: "Europe/London", do: "next" });
  const way = { path1Kind: "cellular", path1Host: "127.0.0.1", unitId: "1", profileId: "", do: "next" };
  await save(desk, `${base}/router`, { ...way, ...router });
  return base;
}

async function testsDevice(desk: Desk, base: string, each: Served): Promise<void> {
  const { profile, unit } = each;
  const device = {
    name: "",
    profileId: profile.id,
    unitId: String(unit),
    endpointId: "1",
    appliedBy: "",
  };
  const path = await save(desk, `${base}/devices/new`, device);
  const form = await look(desk, path);
  match(form.text, new RegExp(`value="${profile.id}"[^>]*selected|selected[^>]*value="${profile.id}"`));
  const version = /name="version" value="(\d+)"/.exec(form.text)?.[1] ?? "";
  const tested = await send(desk, `${path}/test`, { version, ...device });
  strictEqual(tested.status, 200);
  deepStrictEqual(shown(tested, /Registers as read/), golden(each));
}

async function readsRouter(desk: Desk, each: Served, port: number): Promise<void> {
  const base = await draft(desk, `Behind ${each.profile.id}`, {
    profileId: each.profile.id,
    endpoint1Kind: "router",
    endpoint1Port: String(port),
  });
  await save(desk, `${base}/devices/new`, {
    name: "Placeholder",
    profileId: "generic-pulse",
    unitId: "2",
    endpointId: "1",
    appliedBy: "",
  });
  await save(desk, `${base}/hours`, { day0: "8-18", sameAsMonday: "on", do: "next" });
  const site = await save(desk, `${base}/check`, {});
  match(site, /^\/sites\/\d+$/);
  const siteId = Number(site.split("/").at(-1));
  const { opened, clock } = desk.flow;
  // It is there from the next half-hour on.
  await desk.flow.collect(halfHourOf(clock.nowMs()));
  const meter = await opened.db.kysely.selectFrom("meter").select("meter_id")
    .where("site_id", "=", siteId).where("profile_id", "=", each.profile.id).executeTakeFirst();
  ok(meter, "the router is one of the site's devices");
  const read = await send(desk, `${site}/devices/${meter.meter_id}/read`);
  strictEqual(read.status, 200);
  deepStrictEqual(shown(read, /Register words/), golden(each));
}

Deno.test("pymodbus serving each profile's golden registers is read correctly through the portal", async (t) => {
  const all = served();
  const routers = all.filter(({ profile }) => profile.kind === "router");
  const devices = all.filter(({ profile }) => profile.kind !== "router");
  ok(routers.length > 0 && devices.length > 30);
  await withPymodbus([devices, ...routers.map((one) => [one])], async ([port, ...routerPorts]) => {
    await withFlow({ specs: [], env: { RESPONSE_TIMEOUT_MS: "30000" } }, async (flow) => {
      const desk: Desk = { flow, cookie: await signInByHand(flow.origin) };
      const base = await draft(desk, "All of them", {
        endpoint1Kind: "gateway",
        endpoint1Port: String(port),
      });
      for (const each of devices) await t.step(each.profile.id, () => testsDevice(desk, base, each));
      for (const [i, each] of routers.entries()) {
        await t.step(each.profile.id, () => readsRouter(desk, each, routerPorts[i] ?? 0));
      }
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
