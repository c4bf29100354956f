/**
 * The router of a site as its card shows it: only what it said, each value with its age.
 *
 * @module
 */

import { endSOf } from "../../domain/half_hour.ts";
import type { Meter } from "../../domain/site.ts";
import type { ReadingRow } from "../../domain/visit.ts";
import { siteReasonWords } from "../../domain/words.ts";
import type { Database } from "../../store/db.ts";
import { readHalfHours } from "../../store/half_hours.ts";
import { numberText } from "../../ui/format.ts";
import type { IoModel, PositionModel, RouterModel, RouterPath, SimModel } from "../../ui/site_model.ts";
import { axisOf } from "./axis.ts";
import { reasonText } from "./cells.ts";
import type { RouterView, SiteFacts } from "./site_view.ts";

/** What pages know of a profile. */
export interface DeviceKnown {
  /** Vendor and model. */
  readonly label: string;
  /** What it is. */
  readonly kind: string;
  /** Smallest change in counts that a counter shows while it stands at a value; absent: one count. */
  readonly stepOf?: (quantity: string, value: number) => number;
}

/** Finds what pages know of a profile; `undefined`: there is no such profile. */
export type FindDevice = (profileId: string) => DeviceKnown | undefined;

/** Value of a quantity of the router at its newest reading. */
interface Said {
  number(quantity: string): number | null;
  text(quantity: string): string | null;
}

const STRIP = 48;

/** The card of the router; `null`: the site has no router of its own. */
export async function routerOf(db: Database, facts: SiteFacts): Promise<RouterView | null> {
  const { plan, due, latest, nowMs, findDevice } = facts;
  const router = plan.meters.find(({ profileId }) => findDevice(profileId)?.kind === "router");
  if (!router) return null;
  const said = saidOf(facts, router);
  const channels = plan.channels.filter(({ meterId }) => meterId === router.id);
  const newest =
    channels.flatMap(({ id }) => latest.get(id) ?? []).sort((a, b) => b.halfHour - a.halfHour)[0];
  const signal = said.number("signalDbm");
  const ageS = newest ? Math.max(0, Math.round(nowMs / 1000 - readAtS(newest))) : null;
  const model: RouterModel = {
    model: findDevice(router.profileId)?.label ?? router.profileId,
    uptimeS: said.number("uptimeS"),
    paths: pathsOf(facts),
    signal: signal === null ? null : { dbm: signal, kind: "rssi" },
    sim: simOf(said),
    temperatureC: said.number("temperatureC"),
    position: positionOf(facts, said, ageS),
    io: ioOf(said),
    ageS,
    reason: newest && newest.halfHour >= due - 1 ? null : whyOld(facts),
  };
  const axis = axisOf(plan.site.zone, { from: due + 1 - STRIP, to: due + 1, hours: null });
  const signalId = channels.find(({ quantity }) => quantity === "signalDbm")?.id;
  const history = signalId === undefined
    ? undefined
    : (await readHalfHours(db, { channelIds: [signalId], from: axis.from, to: due + 1 }))[0];
  const cells = axis.labels.map((label, index) => {
    const reason = history?.reasons.find((each) => each.index === index);
    const why = reason ? { reason: reasonText(reason, router.unitId) } : {};
    return { label, dbm: history?.amounts[index] ?? null, ...why };
  });
  return { model, signal: history ? cells : [], days: axis.days };
}

function saidOf({ plan, latest }: SiteFacts, router: Meter): Said {
  const rows = new Map(
    plan.channels.filter(({ meterId }) => meterId === router.id)
      .map((channel) => [channel.quantity, { row: latest.get(channel.id), channel }]),
  );
  return {
    number(quantity) {
      const found = rows.get(quantity);
      const value = found?.row?.value ?? null;
      return found && value !== null ? value / 10 ** found.channel.decimals : null;
    },
    text: (quantity) => rows.get(quantity)?.row?.text || null,
  };
}

function readAtS(row: ReadingRow): number {
  return endSOf(row.halfHour) + (row.readS ?? 0);
}

function whyOld({ outcomes }: SiteFacts): string {
  const reason = outcomes.findLast(({ state }) => state !== "open" && state !== "claimed")?.reason;
  const words = reason ? siteReasonWords(reason).short : "not read since";
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The ways in as the newest half-hour that ended left them; agrees with what the head of the page says is in use. */
export function pathsOf({ plan, outcomes }: Pick<SiteFacts, "plan" | "outcomes">): readonly RouterPath[] {
  const newest = outcomes.findLast(({ state }) => state !== "open" && state !== "claimed");
  const used = newest?.state === "failed" ? null : newest?.pathRank ?? null;
  return plan.paths.map(({ kind, rank }): RouterPath => {
    if (!newest) return { kind, state: "unknown", label: "not tried yet" };
    if (used === null) return { kind, state: "down", label: "no answer" };
    if (rank === used) {
      return rank === 0
        ? { kind, state: "in-use", label: "in use" }
        : { kind, state: "backup-in-use", label: "in use, backup" };
    }
    return rank < used
      ? { kind, state: "down", label: "no answer" }
      : { kind, state: "standby", label: "standing by" };
  });
}

function simOf(said: Said): SimModel | null {
  const registration = said.text("registration");
  const slotText = said.text("simSlotText");
  if (registration === null && slotText === null) return null;
  const slot = said.number("simSlot") ?? (slotText ? Number(/\d/.exec(slotText)?.[0] ?? NaN) : NaN);
  const known = slot === 1 || slot === 2 ? slot : null;
  const month = known === null ? null : sumOf([
    said.number(`sim${known}ReceivedMonthB`),
    said.number(`sim${known}SentMonthB`),
  ]);
  return {
    slot: known,
    stateLabel: registration ?? "not said",
    ready: /registered/i.test(registration ?? "") && !/not|unregistered|denied/i.test(registration ?? ""),
    operator: said.text("operator"),
    network: said.text("networkType"),
    tail: null,
    todayB: null,
    monthB: month,
  };
}

function sumOf(parts: readonly (number | null)[]): number | null {
  const known = parts.flatMap((part) => part === null ? [] : [part]);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

function positionOf({ plan }: SiteFacts, said: Said, ageS: number | null): PositionModel | null {
  const latitude = said.number("latitudeDeg");
  const longitude = said.number("longitudeDeg");
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return null;
  const { latitude: north, longitude: east } = plan.site;
  const registered = north !== null && east !== null ? { latitude: north, longitude: east } : null;
  return { fix: { latitude, longitude }, registered, accuracyM: null, ageS };
}

const SWITCHES: readonly (readonly [string, string])[] = [
  ["input1", "DI1"],
  ["input2", "DI2"],
  ["inputPower4", "DI, plug"],
  ["outputCollector", "DO1"],
  ["outputRelay", "DO2, relay"],
  ["outputPower4", "DO, plug"],
];

function ioOf(said: Said): readonly IoModel[] {
  const switches = SWITCHES.flatMap(([quantity, label]): readonly IoModel[] => {
    const value = said.number(quantity);
    return value === null ? [] : [{ label, value: value === 1 ? "on" : "off", on: value === 1 }];
  });
  const volts = said.number("analogInputV");
  return volts === null ? switches : [...switches, { label: "AI", value: `${numberText(volts, 2)} V` }];
}
