/**
 * The cookies: the session, a sign-in that is half done, the browser in which somebody has signed in before, its theme and its density.
 *
 * @module
 */

/** Light, dark, or as the system says. */
export type Theme = "light" | "dark" | "system";

/** Rows of 40 px, or of 32 px. */
export type Density = "roomy" | "compact";

/** How a cookie is set. */
export interface CookieOptions {
  /** Seconds it lives; 0 removes it. */
  readonly maxAgeS: number;
  /** Whether it is sent over TLS alone. */
  readonly secure: boolean;
}

/** Name of the session cookie; with TLS it carries the `__Host-` prefix, which binds it to the exact host. */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-wattpost" : "wattpost";
}

/** Name of the cookie by which a browser is known that somebody has signed in with. */
export function deviceCookieName(secure: boolean): string {
  return `${sessionCookieName(secure)}-device`;
}

/** Name of the cookie of a sign-in that is half done. */
export function pendingCookieName(secure: boolean): string {
  return `${sessionCookieName(secure)}-pending`;
}

/** The value of a cookie; `undefined`: not sent. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const pairs = (headers.get("cookie") ?? "").slice(0, 8192).split(";");
  const pair = pairs.map((text) => text.trim()).find((text) => text.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/** A `Set-Cookie` value: HttpOnly, SameSite=Lax, for the whole host. The value needs no quoting. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const secure = options.secure ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${options.maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
}

/** The theme a browser asked for; anything unknown is the system's. */
export function themeOf(headers: Headers): Theme {
  const value = cookieOf(headers, "theme");
  return value === "light" || value === "dark" ? value : "system";
}

/** The density a browser asked for; anything unknown is roomy. */
export function densityOf(headers: Headers): Density {
  return cookieOf(headers, "density") === "compact" ? "compact" : "roomy";
}
