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
