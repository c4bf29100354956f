/**
 * What the pages of the library show of a device profile.
 *
 * @module
 */

import { formatAddress } from "../../../../../lib/profiles/map_address.ts";
import {
  addressesOf,
  type DeviceProfile,
  type FunctionCode,
  readsBits,
  type RegisterSpec,
  wordsOf,
} from "../../../../../lib/profiles/profile.ts";
import { ORDER_WORDS, worthWords } from "../../../../../lib/profiles/words.ts";
import { countText, numberText } from "../../../../../lib/ui/format.ts";
import type { ProfilePageProps, RegisterRow } from "../../../../../lib/ui/pages/ProfilePage.tsx";
import type { ProfileRow } from "../../../../../lib/ui/pages/ProfilesPage.tsx";
import type { MapSummary } from "../../../../../lib/store/register_maps.ts";
import { PROFILE_KINDS, type ProfileKind, profileKindName } from "../../../../../lib/ui/profiles_query.ts";
import { mapHref } from "../../../../../lib/web/pages/maps/open_map.ts";
import { quantityName } from "../../../../../lib/web/pages/read_now.ts";

/** A profile in the list. */
export function profileRow(profile: DeviceProfile): ProfileRow {
  return {
    id: profile.id,
    href: `/profiles/${profile.id}`,
    vendor: profile.vendor,
    models: profile.models.join(", "),
    kindWord: profileKindName(profile.kind),
    confidence: profile.confidence,
    standing: "",
    quantities: Object.keys(profile.registers).length,
  };
}

/** A register map of one's own in the list. */
export function mapRow({ id, name, vendor, kind, published, rowCount }: MapSummary): ProfileRow {
  return {
    id: `own-${id}`,
    href: mapHref(id),
    vendor,
    models: name,
    kindWord: profileKindName(PROFILE_KINDS.slice(1).find((one) => one === kind) as ProfileKind ?? "meter"),
    confidence: "own",
    standing: published === 0 ? "not published" : `version ${published}`,
    quantities: rowCount,
  };
}

/** A profile on its own page, used at so many sites. */
export function profileView(profile: DeviceProfile, sites: number): ProfilePageProps {
  return {
    id: profile.id,
    version: profile.version,
    vendor: profile.vendor,
    models: profile.models,
    kindWord: profileKindName(profile.kind),
    verified: profile.confidence === "verified",
    source: profile.source,
    limits: limitsOf(profile),
    quirks: profile.quirks ?? [],
    rows: Object.entries(profile.registers).map(([quantity, spec]) => registerRow(quantity, spec, profile)),
    sites,
  };
}

function limitsOf(profile: DeviceProfile): ProfilePageProps["limits"] {
  const { gapWords, maxPowerW, pauseMs = 0 } = profile;
  const hasCounter = Object.values(profile.registers).some(({ kind }) => kind === "counter");
  return [
    {
      label: "One request",
      value: `at most ${countText(profile.wordsPerRequest, "register")}, about ${
        numberText(profile.requestMs)
      } ms behind a serial line`,
    },
    {
      label: "Between wanted registers",
      value: gapWords === 0 ? "nothing is read" : `up to ${countText(gapWords, "other")} are read through`,
    },
    ...(pauseMs === 0 ? [] : [{ label: "Between requests", value: `${numberText(pauseMs)} ms of silence` }]),
    ...(maxPowerW === null ? [] : [{ label: "Largest power", value: `${numberText(maxPowerW)} W` }]),
    ...(hasCounter
      ? [{
        label: "Counters without power",
        value: profile.forgetsWithoutPower ? "fall to 0" : "keep their value",
      }]
      : []),
  ];
}

/** What a function code reads. */
const TABLES: Readonly<Record<FunctionCode, string>> = {
  1: "1, coils",
  2: "2, discrete inputs",
  3: "3, holding",
  4: "4, input",
};

function registerRow(quantity: string, spec: RegisterSpec, profile: DeviceProfile): RegisterRow {
  const code = spec.functionCode ?? profile.functionCode;
  const words = wordsOf(spec);
  const addresses = addressesOf(spec);
  return {
    quantity,
    name: quantityName(quantity),
    addresses: addresses.join(" + "),
    numbers: addresses.map((address) => manualNumber(address, code)).join(" + "),
    functionCode: TABLES[code],
    type: typeWords(spec, code),
    order: words === 1 || spec.encoding === "string" ? "" : ORDER_WORDS[spec.wordOrder ?? profile.wordOrder],
    worth: worthWords(spec),
    range: rangeWords(spec),
    note: notesOf(spec),
  };
}

/** `73 (30073)`; beyond 9,999 with six digits, as manuals do. */
function manualNumber(address: number, functionCode: FunctionCode): string {
  return `${address + 1} (${formatAddress(address, { functionCode, notation: "40001-style" })})`;
}

function typeWords(spec: RegisterSpec, code: FunctionCode): string {
  const words = countText(wordsOf(spec), "register");
  if (readsBits(code)) return "coil";
  return spec.encoding === "bit" ? `bit ${spec.bit}` : `${spec.encoding}, ${words}`;
}

/** With the unit; what is as far below 0 as above it as one number. */
function rangeWords({ range, unit }: RegisterSpec): string {
  if (range === undefined) return "";
  const [low, high] = range;
  const words = low === -high ? `±${limitText(high)}` : `${limitText(low)} to ${limitText(high)}`;
  return `${words} ${unit}`.trim();
}

/** Whole numbers from a thousand million on as a power of ten. */
function limitText(limit: number): string {
  const power = Math.log10(limit);
  if (power >= 9 && Number.isInteger(power)) {
    return `10${[...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "").join("")}`;
  }
  const decimals = [0, 1, 2, 3].find((places) => Number(limit.toFixed(places)) === limit) ?? 4;
  return numberText(limit, decimals);
}

function notesOf(spec: RegisterSpec): string {
  return [
    spec.note,
    spec.sentinels && `no value: ${spec.sentinels.map((hex) => `0x${hex}`).join(", ")}`,
    spec.daily && "read once a day",
  ].filter(Boolean).join("; ");
}
