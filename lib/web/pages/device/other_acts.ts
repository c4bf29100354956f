/**
 * Acts on a device besides replacing it: moved, other transformers, another profile, retired and taken back.
 *
 * @module
 */

import type { CountersRead } from "../../../domain/device_life.ts";
import { err, ok } from "../../../result.ts";
import {
  changeProfile,
  changeTransformer,
  moveDevice,
  retireDevice,
  takeBackDevice,
} from "../../../store/device_life.ts";
import { countText } from "../../../ui/format.ts";
import type { Fact } from "../../../ui/Data.tsx";
import { choice, line, readForm } from "../../form.ts";
import { RATIO_FIELDS, transformerOf } from "../register/device_form.ts";
import { number, optionalNumber, tick } from "../register/fields.ts";
import { type DeviceActKind, NOTE, noteField, SEEN } from "./act.ts";
import { counterFields, counterReaders, countersOf, countersRead, shownIn } from "./counter_fields.ts";
import { changesBy, endingFaults, endingTicks, ENDS, ENDS_FIELD } from "./ending_counters.ts";
import { instantOf, localTexts } from "./local_instant.ts";
import { type OpenDevice, profileName } from "./open_device.ts";
import { profileField, profileOptions } from "./profile_choice.ts";
import { RATIO_NAMES, ratioSection, ratioTexts } from "./transformer_fields.ts";
import { ENDPOINT_WORDS, quantityList, refusalErrors } from "./words.ts";

function plain(open: OpenDevice) {
  const profile = open.find(open.device.profileId);
  return shownIn(open, { before: profile, after: profile });
}

/** The device is reached otherwise. */
export const moveAct: DeviceActKind = {
  name: "move",
  title: "Move",
  lead: "The same device answers elsewhere at this site: its counters go on as they are.",
  fields: () => ["endpointId", "unitId"],
  shown: (open, typed) => {
    const values = typed ??
      { endpointId: String(open.device.endpointId), unitId: String(open.device.unitId) };
    return {
      told: null,
      form: {
        submit: "Note the move",
        kind: "primary",
        sections: [{
          fields: [
            {
              name: "endpointId",
              label: "Port",
              value: values["endpointId"],
              options: open.endpoints.map(({ id, port, kind }) => ({
                value: String(id),
                label: `Port ${port}, ${ENDPOINT_WORDS[kind]}`,
              })),
              span: 6,
            },
            {
              name: "unitId",
              label: "Unit",
              value: values["unitId"],
              keys: "numeric",
              maxLength: 3,
              span: 6,
            },
            noteField(typed),
          ],
        }],
      },
    };
  },
  done: async (open, by, form) => {
    const read = readForm(form, {
      seen: SEEN,
      endpointId: number({ least: 1, most: 2_147_483_647 }),
      unitId: number({ least: 0, most: 255 }),
      note: NOTE,
    });
    if (!read.ok) return read;
    const { siteId, meterId } = open;
    const done = await moveDevice(open.db, by, { siteId, meterId, ...read.value });
    return done.ok ? ok(null) : err(refusalErrors(done.error, plain(open)));
  },
};

/** The device has other transformers. */
export const transformerAct: DeviceActKind = {
  name: "transformer",
  title: "Transformers",
  lead:
    "Other transformers, or a ratio that was written down wrongly, from an instant on. What was collected before stays.",
  fields: (open) => [
    "date",
    "time",
    ...RATIO_NAMES,
    "maxPowerKw",
    ...countersOf(open).map(({ quantity }) => `final-${quantity}`),
  ],
  confirm: "The counter is right: I have read it again",
  shown: (open, typed) => {
    const { device, zone, nowMs } = open;
    const values = typed ?? {
      ...localTexts(zone, Math.floor(nowMs / 60_000) * 60),
      ...ratioTexts(device.transformer),
      maxPowerKw: device.maxPowerW === null ? "" : String(device.maxPowerW / 1000),
    };
    return {
      told: null,
      form: {
        submit: "Change the transformers",
        kind: "primary",
        sections: [
          {
            title: "From when on",
            hint: `By the clock on the wall there, ${zone}.`,
            fields: [
              { name: "date", label: "Date", type: "date", value: values["date"], required: true, span: 6 },
              { name: "time", label: "Time", type: "time", value: values["time"], required: true, span: 6 },
            ],
          },
          ratioSection(values),
          {
            title: "Limit",
            fields: [{
              name: "maxPowerKw",
              label: "Largest power",
              suffix: "kW",
              value: values["maxPowerKw"] ?? "",
              keys: "decimal",
              maxLength: 12,
              span: 6,
            }],
          },
          {
            title: "Counters at that moment",
            hint: "As the display showed. Unknown: leave empty, and two half-hours have no amount.",
            fields: counterFields(countersOf(open), { side: "final", values }),
          },
          { fields: [noteField(typed)] },
        ],
      },
    };
  },
  done: async (open, by, form) => {
    const counters = countersOf(open);
    const readers = Object.entries(counterReaders(counters)).filter(([name]) => name.startsWith("final-"));
    const read = readForm<Record<string, unknown>>(form, {
      seen: SEEN,
      date: line({ min: 1, max: 10 }),
      time: line({ min: 1, max: 8 }),
      maxPowerKw: optionalNumber({ least: 0.001, most: 1_000_000, decimals: 3 }),
      note: NOTE,
      confirmed: tick,
      ...RATIO_FIELDS,
      ...Object.fromEntries(readers),
    });
    if (!read.ok) return read;
    const sent = read.value as unknown as TransformerSent & Parameters<typeof transformerOf>[0];
    const at = instantOf(open.zone, sent);
    if (!at.ok) return err({ [at.error.includes("time") ? "time" : "date"]: at.error });
    const transformer = transformerOf(sent);
    if (!transformer.ok) return transformer;
    const profile = open.find(open.device.profileId);
    const showed = countersRead(counters, { values: read.value, before: profile, after: profile });
    if (!showed.ok) return showed;
    const { siteId, meterId } = open;
    const done = await changeTransformer(open.db, by, {
      siteId,
      meterId,
      seen: sent.seen,
      note: sent.note,
      atS: at.value,
      transformer: transformer.value,
      maxPowerW: sent.maxPowerKw === null ? null : Math.max(1, Math.round(sent.maxPowerKw * 1000)),
      // The register goes on: it ended and began with the same number.
      counters: showed.value.map((one): CountersRead => ({ ...one, first: one.final })),
      confirmed: sent.confirmed,
      find: open.find,
    });
    return done.ok ? ok(null) : err(refusalErrors(done.error, plain(open)));
  },
};

interface TransformerSent {
  readonly seen: number;
  readonly date: string;
  readonly time: string;
  readonly note: string;
  readonly maxPowerKw: number | null;
  readonly confirmed: boolean;
}

/** The device is read by another profile. */
export const profileAct: DeviceActKind = {
  name: "profile",
  title: "Device profile",
  lead:
    "The same device, read by another register map or another version of it, from the half-hour under way on.",
  fields: () => ["profileId", ENDS],
  shown: async (open, typed, url) => {
    const asked = typed?.["profileId"] ?? url.searchParams.get("profile") ?? "";
    const known = asked !== "" && open.findProfile(asked) !== undefined;
    const differs = known && asked !== open.device.profileId;
    return await Promise.resolve({
      told: asked !== "" && !known
        ? {
          state: "warn" as const,
          title: "There is no such device profile",
          words: "Choose one of the list.",
        }
        : null,
      choose: {
        field: {
          name: "profile",
          label: "Device profile",
          value: asked === "" ? open.device.profileId : asked,
          options: profileOptions(open, [asked]),
          span: 12,
        },
        submit: "Show what changes",
      },
      changes: differs ? differences(open, asked) : undefined,
      form: !differs ? null : {
        submit: `Read it as ${profileName(open, asked)}`,
        kind: "primary",
        hidden: { profileId: asked },
        ticks: endingTicks(open, { profileId: asked, given: typed?.[ENDS] }),
        sections: [{ fields: [noteField(typed)] }],
      },
    });
  },
  done: async (open, by, form) => {
    const read = readForm(form, { seen: SEEN, profileId: profileField(open), note: NOTE, ends: ENDS_FIELD });
    if (!read.ok) return read;
    const { seen, profileId, note, ends } = read.value;
    const unsaid = endingFaults(open, { profileId, given: ends });
    if (Object.keys(unsaid).length > 0) return err(unsaid);
    const { siteId, meterId, find } = open;
    const devices = [{ siteId, meterId, seen }];
    const done = (await changeProfile(open.db, by, { devices, profileId, note, find })).get(meterId);
    return !done || done.ok ? ok(null) : err(refusalErrors(done.error, plain(open)));
  },
};

/** What becomes of the channels by another profile. */
function differences(open: OpenDevice, profileId: string): readonly Fact[] {
  const changes = changesBy(open, profileId);
  if (!changes) return [];
  const { same, changed, ended, begun } = changes;
  const names = (list: readonly { readonly quantity: string }[]) =>
    list.length === 0 ? "none" : quantityList(list.map(({ quantity }) => quantity));
  const counters = changed.filter(({ kind }) => kind === "counter");
  return [
    { label: "From", value: profileName(open, open.device.profileId) },
    { label: "To", value: `${profileName(open, profileId)}, version ${open.find(profileId)?.version ?? ""}` },
    { label: "Go on as they are", value: countText(same.length, "quantity", "quantities") },
    { label: "Counters that begin a new series", value: names(counters) },
    { label: "Read otherwise", value: names(changed.filter(({ kind }) => kind !== "counter")) },
    { label: "End", value: names(ended) },
    { label: "Begin", value: names(begun) },
  ];
}

/** The device is no longer read, or is again. */
export const retireAct: DeviceActKind = {
  name: "retire",
  title: "Retire",
  lead:
    "It is no longer read and counts in no completeness. Its history and this page stay, and it can be taken back.",
  fields: () => ["when"],
  shown: (open, typed) => {
    const retired = open.device.until !== null;
    if (retired) {
      return {
        told: null,
        form: {
          submit: "Take it back",
          kind: "primary",
          hidden: { when: "back" },
          sections: [{
            hint:
              "It is read again from the half-hour under way on. What it counted meanwhile is nobody's: its counters begin anew.",
            fields: [noteField(typed)],
          }],
        },
      };
    }
    return {
      told: null,
      form: {
        submit: "Retire it",
        kind: "danger",
        sections: [{
          fields: [
            {
              name: "when",
              label: "From when on",
              value: typed?.["when"] ?? "next",
              options: [
                { value: "next", label: "From the next half-hour on" },
                { value: "gone", label: "It is gone already" },
              ],
              span: 12,
            },
            noteField(typed),
          ],
        }],
      },
    };
  },
  done: async (open, by, form) => {
    const read = readForm(form, { seen: SEEN, when: choice(["next", "gone", "back"]), note: NOTE });
    if (!read.ok) return read;
    const { siteId, meterId } = open;
    const { seen, when, note } = read.value;
    const act = { siteId, meterId, seen, note };
    const done = when === "back"
      ? await takeBackDevice(open.db, by, act)
      : await retireDevice(open.db, by, { ...act, gone: when === "gone" });
    return done.ok ? ok(null) : err(refusalErrors(done.error, plain(open)));
  },
};
