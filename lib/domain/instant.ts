/**
 * Instants in words where no site's zone applies.
 *
 * @module
 */

/** `Wed 2 Dec 2026, 10:05 UTC` of an instant in epoch milliseconds. */
export function instantWords(instantMs: number): string {
  const [day = "", date = "", month = "", year = "", time = ""] = new Date(instantMs).toUTCString().split(
    " ",
  );
  return `${day.replace(",", "")} ${Number(date)} ${month} ${year}, ${time.slice(0, 5)} UTC`;
}
