/**
 * What a browser says when a passkey does not come about, in words. Its own are for programmers.
 *
 * @module
 */

/** What was tried. */
export type Trying = "add" | "show";

/** What went wrong, in words; `null`: nothing that anybody need know of. */
export function troubleWords(error: unknown, trying: Trying): string | null {
  switch (nameOf(error)) {
    case "AbortError": // another request took its place
      return null;
    case "NotAllowedError":
      return trying === "add"
        ? "No passkey was made: it was cancelled, or took too long."
        : "No passkey was shown: it was cancelled, took too long, or there is none on this device.";
    case "InvalidStateError":
      return "There is a passkey for your account on this device already.";
    case "NotSupportedError":
    case "ConstraintError":
      return "This device has no passkeys that check who holds it. Try another one, or a security key with a PIN.";
    case "SecurityError":
      return "The browser allows no passkeys at this address.";
    default:
      return "The browser could not do it. Try again, or try another browser.";
  }
}

function nameOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("name" in error)) return "";
  return typeof error.name === "string" ? error.name : "";
}
