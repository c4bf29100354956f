import { strictEqual } from "node:assert/strict";
import { redirectHome, refuseMethod } from "../../../lib/web/listen.ts";

const HOME = "https://meters.example.org";

const CASES = [
  { name: "the public name", host: "meters.example.org", want: null },
  { name: "the public name in capitals", host: "Meters.Example.org", want: null },
  { name: "the public name with its usual port", host: "meters.example.org:443", want: null },
  { name: "another name", host: "10.0.0.5:8000", want: 307 },
  { name: "another port", host: "meters.example.org:8443", want: 307 },
  { name: "nonsense", host: "::::", want: 307 },
  { name: "a proxy that hides the name", host: "127.0.0.1:8000", forwarded: "203.0.113.7", want: 421 },
  { name: "a proxy that passes it on", host: "meters.example.org", forwarded: "203.0.113.7", want: null },
  { name: "a probe by another name", host: "127.0.0.1:8000", path: "/readyz?full", want: null },
  { name: "a form by another name", host: "10.0.0.5", method: "POST", want: null },
] as const;
for (const { name, host, want, ...rest } of CASES) {
  const { path, method, forwarded } = { path: "/sites?q=a", method: "GET", forwarded: null, ...rest };
  Deno.test(`redirectHome() answers ${name} with ${want ?? "the page"}`, () => {
    const headers = new Headers({ host, ...(forwarded ? { "x-forwarded-for": forwarded } : {}) });
    const answer = redirectHome(new Request(`http://here${path}`, { method, headers }), HOME);
    strictEqual(answer?.status ?? null, want);
    if (want === 307) strictEqual(answer?.headers.get("location"), `${HOME}${path}`);
  });
}

Deno.test("refuseMethod() refuses what no request can be made of", () => {
  for (const method of ["TRACE", "CONNECT", "TRACK", "PROPFIND"]) {
    strictEqual(refuseMethod({ method })?.status, 405);
  }
  strictEqual(refuseMethod({ method: "GET" }), null);
});
