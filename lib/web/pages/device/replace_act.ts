/**
 * A meter is replaced: when, by which one, and what both counters showed.
 *
 * @module
 */

import type { CountersRead } from "../../../domain/device_life.ts";
import type { Transformer } from "../../../domain/site.ts";
import { err, ok } from "../../../result.ts";
import { noteCounters } from "../../../store/device_announced.ts";
import { type DeviceEvent, listDeviceEvents } from "../../../store/device_events.ts";
import { replaceMeter } from "../../../store/device_life.ts";
import type { ActSection } from "../../../ui/pages/device/DeviceActPage.tsx";
import { line, readForm } from "../../form.ts";
import { RATIO_FIELDS, transformerOf } from "../register/device_form.ts";
import { number, tick } from "../register/fields.ts";
import { type DeviceActKind, NOTE, noteField, SEEN, SERIAL } from "./act.ts";
import {
  counterFields,
  counterNames,
  counterReaders,
  countersOf,
  countersRead,
  shownIn,
} from "./counter_fields.ts";
import { endingFaults, endingTicks, ENDS, ENDS_FIELD } from "./ending_counters.ts";
import { instantOf, localTexts } from "./local_instant.ts";
import type { OpenDevice } from "./open_device.ts";
import { profileField, profileOptions } from "./profile_choice.ts";
import { RATIO_NAMES, ratioSection, ratioTexts } from "./transformer_fields.ts";
import { isEnergy, refusalErrors } from "./words.ts";

const UNIT = number({ least: 0, most: 255 });

/** The tick that passes over growth that cannot have been. */
const CONFIRM = "The old counter is right: I have read it again";

interface Sent {
  readonly seen: number;
  readonly date: string;
  readonly time: string;
  readonly serial: string | null;
  readonly profileId: string;
  readonly unitId: number;
  readonly note: string;
  readonly confirmed: boolean;
  readonly ends: string | null;
}

/** The act. */
export const replaceAct: DeviceActKind = {
  name: "replace",
  title: "Replace",
  lead:
    "The history stays on the same channels. With both counters, no energy is lost or counted twice; it can be noted up to a week ahead, and up to a month afterwards.",
  fields: (open) => [
    "date",
    "time",
    "serial",
    "profileId",
    "unitId",
    ENDS,
    ...RATIO_NAMES,
    ...counterNames(countersOf(open)),
  ],
  confirm: CONFIRM,
  shown: (open, typed) => {
    const { device, zone, nowMs } = open;
    const values = typed ?? {
      ...localTexts(zone, Math.floor(nowMs / 60_000) * 60),
      profileId: device.profileId,
      unitId: String(device.unitId),
      ...ratioTexts(device.transformer),
    };
    const sections = [
      ...whenAndCounters(open, values),
      newMeter(open, values),
      ratioSection(values),
      { fields: [noteField(typed)] },
    ];
    const ticks = endingTicks(open, { profileId: values["profileId"] ?? "", given: values[ENDS] });
    return { told: null, form: { submit: "Note the replacement", kind: "primary", sections, ticks } };
  },
  done: async (open, by, form) => {
    const counters = countersOf(open);
    const read = readForm<Record<string, unknown>>(form, {
      seen: SEEN,
      date: line({ min: 1, max: 10 }),
      time: line({ min: 1, max: 8 }),
      serial: SERIAL,
      profileId: profileField(open),
      unitId: UNIT,
      note: NOTE,
      confirmed: tick,
      ends: ENDS_FIELD,
      ...RATIO_FIELDS,
      ...counterReaders(counters),
    });
    if (!read.ok) return read;
    const sent = read.value as unknown as Sent & Parameters<typeof transformerOf>[0];
    const at = instantOf(open.zone, sent);
    if (!at.ok) return err({ [at.error.includes("time") ? "time" : "date"]: at.error });
    const transformer = transformerOf(sent);
    if (!transformer.ok) return transformer;
    const profiles = { before: open.find(open.device.profileId), after: open.find(sent.profileId) };
    const showed = countersRead(counters, { values: read.value, ...profiles });
    const unsaid = endingFaults(open, { profileId: sent.profileId, given: sent.ends });
    if (!showed.ok) return err({ ...showed.error, ...unsaid });
    if (Object.keys(unsaid).length > 0) return err(unsaid);
    const done = await replaceMeter(open.db, by, {
      ...placeOf(open, sent),
      atS: at.value,
      counters: showed.value,
      serial: sent.serial,
      profileId: sent.profileId,
      transformer: transformer.value as Transformer | null,
      unitId: sent.unitId,
      confirmed: sent.confirmed,
      find: open.find,
    });
    return done.ok ? ok(null) : err(refusalErrors(done.error, shownIn(open, profiles)));
  },
};

function whenAndCounters(open: OpenDevice, values: Readonly<Record<string, string>>): readonly ActSection[] {
  const counters = countersOf(open);
  return [
    {
      title: "When",
      hint: `By the clock on the wall there, ${open.zone}.`,
      fields: [
        { name: "date", label: "Date", type: "date", value: values["date"], required: true, span: 6 },
        { name: "time", label: "Time", type: "time", value: values["time"], required: true, span: 6 },
      ],
    },
    {
      title: "Old counters at their end",
      hint: "As its display showed at last. Unknown: leave empty, and the half-hour says so.",
      fields: counterFields(counters, { side: "final", values }),
    },
    {
      title: "New counters at their beginning",
      hint: "Many new meters begin at 0.",
      fields: counterFields(counters, { side: "first", values }),
    },
  ];
}

function newMeter(open: OpenDevice, values: Readonly<Record<string, string>>): ActSection {
  const options = profileOptions(open);
  return {
    title: "New meter",
    fields: [
      { name: "serial", label: "Serial number", value: values["serial"] ?? "", maxLength: 64, span: 6 },
      { name: "unitId", label: "Unit", value: values["unitId"], keys: "numeric", maxLength: 3, span: 6 },
      { name: "profileId", label: "Model", value: values["profileId"], options, span: 12 },
    ],
  };
}

function placeOf(
  { siteId, meterId }: { readonly siteId: number; readonly meterId: number },
  { seen, note }: { readonly seen: number; readonly note: string },
) {
  return { siteId, meterId, seen, note };
}

/** The counters of the last replacement became known. */
export const countersAct: DeviceActKind = {
  name: "counters",
  title: "Counters of the replacement",
  lead: "What the counters showed when the meter was replaced last: the half-hours since are derived again.",
  fields: (open) => counterNames(countersOf(open)),
  confirm: CONFIRM,
  shown: async (open, typed) => {
    const counters = countersOf(open);
    const values = typed ?? await countersNoted(open);
    return {
      told: null,
      form: {
        submit: "Note the counters",
        kind: "primary",
        sections: [
          { title: "Old counters at their end", fields: counterFields(counters, { side: "final", values }) },
          {
            title: "New counters at their beginning",
            fields: counterFields(counters, { side: "first", values }),
          },
          { fields: [noteField(typed)] },
        ],
      },
    };
  },
  done: async (open, by, form) => {
    const counters = countersOf(open);
    const read = readForm<Record<string, unknown>>(form, {
      seen: SEEN,
      note: NOTE,
      confirmed: tick,
      ...counterReaders(counters),
    });
    if (!read.ok) return read;
    const sent = read.value as unknown as Sent;
    const profiles = await replacedProfiles(open);
    const showed = countersRead(counters, { values: read.value, ...profiles });
    if (!showed.ok) return showed;
    const act = {
      ...placeOf(open, sent),
      counters: showed.value,
      confirmed: sent.confirmed,
      find: open.find,
    };
    const done = await noteCounters(open.db, by, act);
    if (done.ok) return ok(null);
    const nothing = done.error.some(({ kind }) => kind === "nothing-changes");
    if (nothing) return err({ "": "Its last change was no replacement: there is nothing to note" });
    return err(refusalErrors(done.error, shownIn(open, profiles)));
  },
};

/** The last replacement that came; `undefined`: there was none. */
async function lastReplacement({ db, meterId }: OpenDevice): Promise<DeviceEvent | undefined> {
  return (await listDeviceEvents(db, meterId)).find(({ kind, state }) =>
    kind === "replaced" && state === "done"
  );
}

/** By what the meters before and after the last replacement are read. */
async function replacedProfiles(open: OpenDevice) {
  const event = await lastReplacement(open);
  const { profileId } = (event?.before ?? {}) as { readonly profileId?: string };
  return {
    before: open.find(profileId ?? open.device.profileId),
    after: open.find(open.device.profileId),
  };
}

/** What is noted of the counters so far, as the form holds it. */
async function countersNoted(open: OpenDevice): Promise<Readonly<Record<string, string>>> {
  const { before, after } = await replacedProfiles(open);
  const { counters = [] } = ((await lastReplacement(open))?.after ?? {}) as {
    readonly counters?: readonly CountersRead[];
  };
  const text = (quantity: string, shown: number | null | undefined) => {
    const unit = open.channels.find((channel) => channel.quantity === quantity)?.unit ?? "";
    return shown == null ? "" : String(isEnergy(unit) ? shown / 1000 : shown);
  };
  return Object.fromEntries(counters.flatMap(({ quantity, final, first }) => [
    [`final-${quantity}`, text(quantity, final === null ? null : before?.shownOf(quantity, final))],
    [`first-${quantity}`, text(quantity, first === null ? null : after?.shownOf(quantity, first))],
  ]));
}
