/**
 * Instants in words where no site's zone applies.
 *
 * @module
 */

/** `Wed 2 Dec 2026, 10:05 UTC` of an instant in epoch milliseconds. */
export function instantWords(instantMs: number): string {
  const time = new Date(instantMs).toISOString().slice(11, 16);
  return `${dayWords(instantMs)}, ${time} UTC`;
}

/** `Wed 2 Dec 2026`, the day in UTC of an instant in epoch milliseconds. */
export function dayWords(instantMs: number): string {
  const [day = "", date = "", month = "", year = ""] = new Date(instantMs).toUTCString().split(" ");
  return `${day.replace(",", "")} ${Number(date)} ${month} ${year}`;
}

/** How long ago something was: `a moment ago`, `17 minutes ago`, `5 hours ago`, `2 days ago`. Never rounded up. */
export function agoWords(ageMs: number): string {
  const minutes = Math.floor(Math.max(0, ageMs) / 60_000);
  if (minutes < 1) return "a moment ago";
  if (minutes < 60) return `${counted(minutes, "minute")} ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${counted(hours, "hour")} ago` : `${counted(Math.floor(hours / 24), "day")} ago`;
}

/** How long something took: `under 1 s`, `12 s`, `4 min 10 s`, `1 h 4 min`. */
export function tookWords(tookMs: number): string {
  const seconds = Math.floor(Math.max(0, tookMs) / 1_000);
  if (seconds < 1) return "under 1 s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds} s`;
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
