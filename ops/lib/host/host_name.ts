/**
 * Names of hosts as people type them, in the form in which they are compared: punycode, lower case. Pure.
 *
 * @module
 */

/** The name in punycode and lower case; `null`: it is none (an address, a URL, a wildcard, a name without a dot). */
export function hostNameOf(typed: string): string | null {
  if (typed.length > 253 || /[\s/:@%?#[\]\\*]/.test(typed)) return null;
  const name = asciiOf(typed);
  if (name === null || name.length > 253) return null;
  const labels = name.split(".");
  const fits = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return fits && labels.length > 1 && /[a-z]/.test(labels.at(-1) ?? "") ? name : null;
}

function asciiOf(typed: string): string | null {
  try {
    return new URL(`http://${typed}/`).hostname;
  } catch {
    return null;
  }
}
