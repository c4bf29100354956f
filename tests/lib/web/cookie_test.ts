import { strictEqual } from "node:assert/strict";
import { cookieOf, densityOf, sessionCookieName, setCookie, themeOf } from "../../../lib/web/cookie.ts";

Deno.test("cookieOf() finds a cookie among others and not one that only ends alike", () => {
  const headers = new Headers({ cookie: "xtheme=dark; theme=light; a=b=c" });
  strictEqual(cookieOf(headers, "theme"), "light");
  strictEqual(cookieOf(headers, "a"), "b=c");
  strictEqual(cookieOf(headers, "none"), undefined);
});

Deno.test("themeOf() takes nothing but light and dark", () => {
  strictEqual(themeOf(new Headers({ cookie: "theme=<script>" })), "system");
  strictEqual(themeOf(new Headers({ cookie: "theme=dark" })), "dark");
});

Deno.test("setCookie() is for the whole host, hidden from scripts, and secure under TLS", () => {
  strictEqual(
    setCookie(sessionCookieName(true), "t", { maxAgeS: 60, secure: true }),
    "__Host-wattpost=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
  );
});

Deno.test("densityOf() takes nothing but compact", () => {
  strictEqual(densityOf(new Headers({ cookie: "density=tiny" })), "roomy");
  strictEqual(densityOf(new Headers()), "roomy");
  strictEqual(densityOf(new Headers({ cookie: "theme=dark; density=compact" })), "compact");
});
