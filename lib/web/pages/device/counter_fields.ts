/**
 * Fields of what counters showed: for each counter of a device what the old one ended with and what the new one began
 * with, in the unit of its display.
 *
 * @module
 */

import type { Channel } from "../../../domain/channel.ts";
import type { CountersRead, CountingProfile } from "../../../domain/device_life.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { FieldProps } from "../../../ui/Input.tsx";
import type { Field, FieldErrors } from "../../form.ts";
import { quantityName } from "../read_now.ts";
import type { OpenDevice } from "./open_device.ts";
import { counterText, isEnergy, type RefusalContext } from "./words.ts";

/** Counters that are asked for at most. */
const COUNTERS_MAX = 12;

/** The counters of a device that are expected now. */
export function countersOf({ channels }: Pick<OpenDevice, "channels">): readonly Channel[] {
  return channels.filter(({ kind, until }) => kind === "counter" && until === null).slice(0, COUNTERS_MAX);
}

/** Which of the two, and what its field is called. */
const SIDES = { final: "at its end", first: "at its beginning" } as const;

/** The fields of one side. */
export function counterFields(
  counters: readonly Channel[],
  { side, values }: {
    readonly side: keyof typeof SIDES;
    readonly values: Readonly<Record<string, string>>;
  },
): readonly FieldProps[] {
  return counters.map(({ quantity, unit }) => {
    const name = `${side}-${quantity}`;
    return {
      name,
      label: quantityName(quantity),
      value: values[name] ?? "",
      keys: "decimal" as const,
      suffix: isEnergy(unit) ? `k${unit}` : unit,
      maxLength: 20,
      span: 6 as const,
    };
  });
}

/** Names of the fields. */
export function counterNames(counters: readonly Channel[]): readonly string[] {
  return counters.flatMap(({ quantity }) => [`final-${quantity}`, `first-${quantity}`]);
}

/** How each is read: a number as its display shows it, or nothing. */
export function counterReaders(counters: readonly Channel[]): Readonly<Record<string, Field<number | null>>> {
  return Object.fromEntries(
    counters.flatMap(({ quantity, unit }) =>
      [`final-${quantity}`, `first-${quantity}`].map((name) => [name, shown(unit)])
    ),
  );
}

function shown(unit: string): Field<number | null> {
  return (text) => {
    const typed = (text ?? "").replaceAll(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    if (typed === "") return ok(null);
    if (!/^\d{1,13}(\.\d{1,4})?$/.test(typed)) {
      return err(
        `"${
          (text ?? "").trim().slice(0, 20)
        }" is no counter, expected digits as on the display, such as 12345.6`,
      );
    }
    return ok(Number(typed) * (isEnergy(unit) ? 1000 : 1));
  };
}

/** What was typed as register counts of the old and the new device. */
export function countersRead(
  counters: readonly Channel[],
  { values, before, after }: {
    readonly values: Readonly<Record<string, unknown>>;
    readonly before: CountingProfile | undefined;
    readonly after: CountingProfile | undefined;
  },
): Result<readonly CountersRead[], FieldErrors> {
  const errors: Record<string, string> = {};
  const counts = (profile: CountingProfile | undefined, name: string, quantity: string): number | null => {
    const value = values[name];
    if (typeof value !== "number") return null;
    const found = profile?.countsOf(quantity, value) ?? null;
    if (found === null) errors[name] = "This model has no such counter: leave it empty";
    return found;
  };
  const read = counters.map(({ quantity }) => ({
    quantity,
    final: counts(before, `final-${quantity}`, quantity),
    first: counts(after, `first-${quantity}`, quantity),
  })).filter(({ final, first }) => final !== null || first !== null);
  return Object.keys(errors).length > 0 ? err(errors) : ok(read);
}

/** How counters are said in refusals. */
export function shownIn(
  { zone, channels }: Pick<OpenDevice, "zone" | "channels">,
  { before, after }: {
    readonly before: CountingProfile | undefined;
    readonly after: CountingProfile | undefined;
  },
): RefusalContext {
  const textOf = (profile: CountingProfile | undefined) => (quantity: string, counts: number) =>
    counterText(
      channels.find((it) => it.quantity === quantity)?.unit ?? "",
      profile?.shownOf(quantity, counts) ?? null,
    );
  return { zone, oldShown: textOf(before), newShown: textOf(after) };
}
