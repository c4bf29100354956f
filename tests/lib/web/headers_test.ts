import { strictEqual } from "node:assert/strict";
import type { TrustProxy } from "../../../lib/config.ts";
import { clientAddressOf, isFromHere, secured } from "../../../lib/web/headers.ts";

Deno.test("secured() lets an answer without a policy run nothing", () => {
  const { headers } = secured(new Response("x"), { secure: true, requestId: "r1" });
  strictEqual(headers.get("content-security-policy")?.startsWith("default-src 'none'"), true);
  strictEqual(headers.get("strict-transport-security"), "max-age=63072000; includeSubDomains");
  strictEqual(headers.get("cache-control"), "no-store");
});

Deno.test("secured() asks for no upgrade over plain HTTP and keeps what a page says about caching", () => {
  const policy = "default-src 'self'; upgrade-insecure-requests";
  const headers = { "content-security-policy": policy, "cache-control": "no-cache" };
  const answer = secured(new Response("x", { status: 404, headers }), { secure: false, requestId: "r1" });
  strictEqual(answer.status, 404);
  strictEqual(answer.headers.get("content-security-policy"), "default-src 'self'");
  strictEqual(answer.headers.get("cache-control"), "no-cache");
  strictEqual(answer.headers.has("strict-transport-security"), false);
});

Deno.test("secured() names the request, hides what we are made of and tells no other site where people were", () => {
  const made = new Response("x", {
    headers: { server: "node", "x-powered-by": "us", "referrer-policy": "unsafe-url" },
  });
  const { headers } = secured(made, { secure: true, requestId: "r7" });
  strictEqual(headers.get("x-request-id"), "r7");
  strictEqual(headers.get("referrer-policy"), "same-origin");
  strictEqual(headers.has("server") || headers.has("x-powered-by"), false);
});

Deno.test("secured() lets an address that holds a token be told to nobody, not even to pages of ours", () => {
  const { headers } = secured(new Response("x"), { secure: true, requestId: "r7", holdsToken: true });
  strictEqual(headers.get("referrer-policy"), "strict-origin");
});

const OFF: TrustProxy = { kind: "nobody" };
const ON: TrustProxy = { kind: "whoever-connects" };
const LISTED: TrustProxy = { kind: "listed", networks: ["203.0.113.0/24", "10.0.0.0/8", "fd00::/8"] };

const ADDRESSES = [
  { name: "the peer without a proxy", forwarded: "198.51.100.1", trustProxy: OFF, want: "203.0.113.7" },
  {
    name: "what our proxy wrote, not the client",
    forwarded: "1.2.3.4, 198.51.100.1",
    trustProxy: ON,
    want: "198.51.100.1",
  },
  { name: "the peer when the proxy wrote nothing", forwarded: "", trustProxy: ON, want: "203.0.113.7" },
  {
    name: "the last that is no proxy of ours",
    forwarded: "1.2.3.4, 198.51.100.1, 10.0.0.2, ::ffff:10.0.0.3",
    trustProxy: LISTED,
    want: "198.51.100.1",
  },
  {
    name: "the first when all are ours",
    forwarded: "10.0.0.1, fd00::1",
    trustProxy: LISTED,
    want: "10.0.0.1",
  },
  {
    name: "the peer where words are no address, and nothing before them",
    forwarded: "10.0.0.1, x",
    trustProxy: LISTED,
    want: "203.0.113.7",
  },
  {
    name: "an address without the port of its connection",
    forwarded: "198.51.100.1:50123",
    trustProxy: ON,
    want: "198.51.100.1",
  },
  {
    name: "an IPv6 address without its brackets and port",
    forwarded: "[2001:db8::1]:50123, [fd00::1]:443, 10.0.0.2:80",
    trustProxy: LISTED,
    want: "2001:db8::1",
  },
  { name: "an IPv6 address as it is", forwarded: "2001:db8::1", trustProxy: ON, want: "2001:db8::1" },
  {
    name: "the peer where the proxy hides the client",
    forwarded: "unknown",
    trustProxy: ON,
    want: "203.0.113.7",
  },
  {
    name: "the peer that is not listed",
    forwarded: "198.51.100.1",
    trustProxy: { kind: "listed", networks: ["10.0.0.0/8"] },
    want: "203.0.113.7",
  },
  {
    name: "nothing longer than an address",
    forwarded: "9".repeat(500),
    trustProxy: ON,
    want: "203.0.113.7",
  },
] as const;
for (const { name, forwarded, trustProxy, want } of ADDRESSES) {
  Deno.test(`clientAddressOf() believes ${name}`, () => {
    const headers = new Headers({ "x-forwarded-for": forwarded });
    strictEqual(clientAddressOf(headers, { peer: "203.0.113.7", trustProxy }), want);
  });
}

const HERE = [
  { name: "a scraper on this machine", peer: "127.0.0.1", headers: { host: "127.0.0.1:8000" }, want: true },
  { name: "one by name", peer: "::1", headers: { host: "localhost:8000" }, want: true },
  { name: "one over IPv6", peer: "::1", headers: { host: "[::1]:8000" }, want: true },
  { name: "another machine", peer: "203.0.113.7", headers: { host: "127.0.0.1:8000" }, want: false },
  {
    name: "a proxy on this machine",
    peer: "127.0.0.1",
    headers: { host: "localhost", "x-forwarded-for": "127.0.0.1" },
    want: false,
  },
  {
    name: "a proxy of the other kind",
    peer: "127.0.0.1",
    headers: { host: "localhost", forwarded: "for=127.0.0.1" },
    want: false,
  },
  {
    name: "a proxy that says nothing",
    peer: "127.0.0.1",
    headers: { host: "meters.example.org" },
    want: false,
  },
  { name: "a name that leads here", peer: "127.0.0.1", headers: { host: "127.0.0.1.example" }, want: false },
  { name: "a socket", peer: "unix", headers: { host: "localhost" }, want: false },
] as const;
for (const { name, peer, headers, want } of HERE) {
  Deno.test(`isFromHere() takes ${name} for ${want ? "one of us" : "a stranger"}`, () => {
    strictEqual(isFromHere(new Headers(headers), peer), want);
  });
}
