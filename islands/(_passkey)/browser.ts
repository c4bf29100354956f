/**
 * The library that talks to the browser's passkeys, fetched when it is needed.
 *
 * @module
 */

/** Whether this browser has passkeys at all. */
export function hasPasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential === "function";
}

/** Fetches the library. */
export function webAuthn(): Promise<typeof import("@simplewebauthn/browser")> {
  return import("@simplewebauthn/browser");
}
