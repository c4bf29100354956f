/**
 * Local time of the half-hours of a week, for opening hours: asked of the platform once a zone and week.
 *
 * @module
 */

const SLOT_MS = 1_800_000;
const MINUTES_A_WEEK = 7 * 1440;
const MOST_CACHED = 64;

const cache = new Map<string, Int16Array>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes after local Monday 00:00, 0 to 10,079, of each of `count` half-hours from `firstMs` on. */
export function localMinutesOf(zone: string, firstMs: number, count: number): Int16Array {
  const key = `${zone} ${firstMs} ${count}`;
  const known = cache.get(key);
  if (known) return known;
  const minutes = new Int16Array(count);
  for (let i = 0; i < count; i++) minutes[i] = minuteOfWeek(zone, firstMs + i * SLOT_MS);
  if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value ?? key);
  cache.set(key, minutes);
  return minutes;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function minuteOfWeek(zone: string, instantMs: number): number {
  const parts = formatOf(zone).formatToParts(instantMs);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const day = Math.max(0, DAYS.indexOf(value("weekday")));
  return (day * 1440 + Number(value("hour")) * 60 + Number(value("minute"))) % MINUTES_A_WEEK;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, made);
  return made;
}
