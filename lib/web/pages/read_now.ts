/**
 * A device read because a person asks, in words for people.
 *
 * @module
 */

import { closedHalfHourAt } from "../../domain/half_hour.ts";
import type { LiveReader, LiveValue } from "../../domain/live.ts";
import { localLabel } from "../../domain/local_day.ts";
import type { ReadingReason } from "../../domain/reading.ts";
import type { SitePlan } from "../../domain/site.ts";
import { readingReasonWords } from "../../domain/words.ts";
import type { Database } from "../../store/db.ts";
import { getSitePlan } from "../../store/plans.ts";
import { bytesText, counterFigure, durationText, type Figure, numberText } from "../../ui/format.ts";
import type { ReadNowPageProps, ReadOutcome, ReadValue } from "../../ui/pages/ReadNowPage.tsx";
import type { FindDevice } from "./router_view.ts";
import { PATH_NAMES } from "./site_head.ts";

/** What reading works with. */
export interface ReadServices {
  /** The database. */
  readonly db: Database;
  /** Reads a meter. */
  readonly reader: LiveReader;
}

/** What was asked. */
export interface ReadRequest {
  /** The site of the page. */
  readonly siteId: number;
  /** The meter. */
  readonly meterId: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What a profile is called. */
  readonly findDevice: FindDevice;
  /** Aborts when the reader leaves or has waited long enough. */
  readonly signal: AbortSignal;
}

/** Reads a device; `null`: there is no such device at the site. */
export async function readNow(
  services: ReadServices,
  request: ReadRequest,
): Promise<ReadNowPageProps | null> {
  const { siteId, meterId, nowMs, findDevice, signal } = request;
  const plan = await getSitePlan(services.db, siteId, closedHalfHourAt(nowMs));
  const meter = plan?.meters.find(({ id }) => id === meterId);
  const endpoint = plan?.endpoints.find(({ id }) => id === meter?.endpointId);
  if (!plan || !meter || !endpoint) return null;
  const read = await services.reader.readMeter(meterId, signal);
  const label = findDevice(meter.profileId)?.label ?? meter.profileId;
  return {
    device: meter.name,
    model: `${label}, unit ${meter.unitId} through port ${endpoint.port}`,
    site: { name: plan.site.name, href: `/sites/${siteId}` },
    outcome: read.ok
      ? readOutcome(plan, read.value)
      : failedOutcome(plan, { reason: read.error, unitId: meter.unitId, nowMs }),
    readAction: `/sites/${siteId}/devices/${meterId}/read`,
  };
}

function readOutcome(
  { site, paths }: SitePlan,
  { atMs, pathId, values }: {
    readonly atMs: number;
    readonly pathId: number;
    readonly values: readonly LiveValue[];
  },
): ReadOutcome {
  const path = paths.find(({ id }) => id === pathId);
  const way = path
    ? `${PATH_NAMES[path.kind]}${path.rank > 0 ? ", backup" : ""}, ${path.host}`
    : "unknown path";
  return {
    kind: "read",
    atLabel: clockLabel(site.zone, atMs),
    pathLabel: way,
    values: values.map(valueOf),
    tookMs: Math.round(Math.max(0, ...values.map(({ tookMs }) => tookMs))),
  };
}

function valueOf({ quantity, address, words, kind, unit, value, tookMs }: LiveValue): ReadValue {
  const figure = value.ok ? figureOf(value.value, { kind, unit, quantity }) : null;
  return {
    label: quantityName(quantity),
    address,
    words,
    figure,
    reason: value.ok ? null : readingReasonWords(value.error).short,
    tookMs: words === "" ? null : Math.round(tookMs),
  };
}

/** A value of a register as people read it: counters of energy in thousands, as on the device's own display. */
export function figureOf(
  value: number | string,
  { kind, unit, quantity }: Pick<LiveValue, "kind" | "unit" | "quantity">,
): Figure {
  if (typeof value === "string") return { text: value === "" ? "empty" : value, unit: "" };
  if (kind === "counter" && unit === "Wh") return counterFigure(value);
  if (kind === "counter" && (unit === "varh" || unit === "VAh")) {
    return { ...counterFigure(value), unit: `k${unit}` };
  }
  if (unit === "B") return { text: bytesText(value), unit: "" };
  if (unit === "s" && quantity.startsWith("uptime")) return { text: durationText(value), unit: "" };
  const decimals = Number.isInteger(value) ? 0 : Math.min(5, `${value}`.split(".")[1]?.length ?? 0);
  return { text: numberText(value, decimals), unit };
}

const WORDS: Readonly<Record<string, string>> = {
  import: "Import",
  export: "Export",
  power: "Power",
  voltage: "Voltage",
  current: "Current",
  reactive: "Reactive power",
  apparent: "Apparent power",
  frequency: "Frequency",
};

/** Name of a quantity for people: `importWh` is `Import`, `voltageL1V` is `Voltage L1`. */
export function quantityName(quantity: string): string {
  if (quantity === "powerFactor") return "Power factor";
  const plain = quantity.replace(
    /(Wh|VAh|Var|VA|Dbm|Deg|Hz|W|V|A|S|C|B)$/,
    (unit) => unit === "Var" ? "" : "",
  );
  const kind = /varh$/i.test(quantity) ? " reactive" : /VAh$/.test(quantity) ? " apparent" : "";
  const parts = plain.replace(/Varh$/, "").split(/(?=[A-Z])|(?<=[a-z])(?=\d)/).map((part) =>
    WORDS[part] ?? part
  );
  const words = parts.join(" ").replaceAll(/\bL (\d)\b/g, "L$1");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${kind}`;
}

interface Failure {
  readonly reason: ReadingReason | "unknown-meter" | "busy";
  readonly unitId: number;
  readonly nowMs: number;
}

function failedOutcome({ site }: SitePlan, { reason, unitId, nowMs }: Failure): ReadOutcome {
  if (reason === "busy") return { kind: "busy" };
  const words = reason === "unknown-meter"
    ? { short: "the device is no longer registered", advice: null }
    : readingReasonWords(reason, { unitId });
  return {
    kind: "failed",
    atLabel: clockLabel(site.zone, nowMs),
    what: words.short.charAt(0).toUpperCase() + words.short.slice(1),
    next: words.advice ?? "It is tried again with the next half-hour",
  };
}

function clockLabel(zone: string, instantMs: number): string {
  const seconds = new Date(instantMs).getUTCSeconds();
  return `${localLabel(zone, instantMs)}:${String(seconds).padStart(2, "0")}`;
}
