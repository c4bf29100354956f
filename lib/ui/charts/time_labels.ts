/**
 * What stands under a time axis: full hours in the site's local time, and the day where it begins.
 *
 * @module
 */

import type { Label } from "./labels.ts";
import type { DayMark } from "./types.ts";

/** Labels every so many hours; midnight is the day's name and is the last to leave. */
export function timeLabels(
  { cells, days }: {
    readonly cells: readonly { readonly label: string }[];
    readonly days: readonly DayMark[];
  },
  everyHours: number,
): readonly Label[] {
  const labels: Label[] = [];
  cells.forEach(({ label }, index) => {
    const day = days.find((each) => each.from === index && (index > 0 || label === "00:00"));
    const at = index / cells.length;
    if (day) labels.push({ at, texts: [day.label], rank: 0 });
    else if (label.endsWith(":00") && Number(label.slice(0, 2)) % everyHours === 0) {
      const hour = Number(label.slice(0, 2));
      labels.push({ at, texts: [label], rank: hour === 12 ? 1 : hour % 6 === 0 ? 2 : 3 });
    }
  });
  return labels;
}

/** Above so many days only every seventh is named. */
const NAMED_DAYS = 10;

/** Whether a day has a name under the axis when so many are shown. */
export function isNamedDay(index: number, count: number): boolean {
  return count <= NAMED_DAYS || index % 7 === 0;
}

/** Labels of days, each beginning at its midnight; of many days every seventh. */
export function dayLabels(days: readonly DayMark[], halfHours: number): readonly Label[] {
  const rank = (index: number) => index === 0 ? 0 : index % 14 === 0 ? 1 : index % 2 === 0 ? 2 : 3;
  return days.map((day, index) => ({
    at: day.from / halfHours,
    texts: index === 0 ? [day.long, day.label] : [day.label],
    rank: rank(index),
  })).filter((_, index) => isNamedDay(index, days.length));
}
