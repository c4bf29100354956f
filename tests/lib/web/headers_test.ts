import { strictEqual } from "node:assert/strict";
import { clientAddressOf, secured } from "../../../lib/web/headers.ts";

Deno.test("secured() lets an answer without a policy run nothing", () => {
  const { headers } = secured(new Response("x"), true);
  strictEqual(headers.get("content-security-policy")?.startsWith("default-src 'none'"), true);
  strictEqual(headers.get("strict-transport-security"), "max-age=63072000; includeSubDomains");
  strictEqual(headers.get("cache-control"), "no-store");
});

Deno.test("secured() asks for no upgrade over plain HTTP and keeps what a page says about caching", () => {
  const policy = "default-src 'self'; upgrade-insecure-requests";
  const headers = { "content-security-policy": policy, "cache-control": "no-cache" };
  const answer = secured(new Response("x", { status: 404, headers }), false);
  strictEqual(answer.status, 404);
  strictEqual(answer.headers.get("content-security-policy"), "default-src 'self'");
  strictEqual(answer.headers.get("cache-control"), "no-cache");
  strictEqual(answer.headers.has("strict-transport-security"), false);
});

const ADDRESSES = [
  { name: "the peer without a proxy", forwarded: "198.51.100.1", trustProxy: false, want: "203.0.113.7" },
  {
    name: "what our proxy wrote, not the client",
    forwarded: "1.2.3.4, 198.51.100.1",
    trustProxy: true,
    want: "198.51.100.1",
  },
  { name: "the peer when the proxy wrote nothing", forwarded: "", trustProxy: true, want: "203.0.113.7" },
];
for (const { name, forwarded, trustProxy, want } of ADDRESSES) {
  Deno.test(`clientAddressOf() believes ${name}`, () => {
    const headers = new Headers({ "x-forwarded-for": forwarded });
    strictEqual(clientAddressOf(headers, { peer: "203.0.113.7", trustProxy }), want);
  });
}
