import { deepStrictEqual } from "node:assert/strict";
import type { PathStep } from "../../../../lib/domain/registration.ts";
import { notDialled } from "../../../../lib/web/pages/register/router_places.ts";

const POLICY = { networks: ["10.8.0.0/16"], ports: [1502], loopbackAllowed: false, own: [] };
const at = (...hosts: readonly string[]): readonly PathStep[] =>
  hosts.map((host) => ({ kind: "cellular", host }));
const ports = (...numbers: readonly number[]) =>
  numbers.map((port, i) => ({
    id: i + 1,
    port,
    kind: "gateway" as const,
    pauseMs: 0,
    responseTimeoutMs: null,
  }));

const CASES = [
  ["an address on the internet at a usual port", at("8.8.4.4"), ports(502), []],
  ["a network and a port that are allowed", at("10.8.3.7"), ports(1502), []],
  ["a name, which is judged when it is dialled", at("router.example.org"), ports(502), []],
  ["a private network", at("10.9.0.7"), ports(502, 503), [
    "10.9.0.7 lies in a private network that is not allowed: nothing is read there before an administrator allows it under Admin, Networks.",
  ]],
  ["a port, once for all addresses", at("8.8.4.4", "8.8.8.8"), ports(4502), [
    "Port 4502 is not allowed: nothing is read there before an administrator allows it under Admin, Networks.",
  ]],
  ["this machine", at("127.0.0.1"), ports(502), [
    "127.0.0.1 is no address of a site: nothing is ever read there.",
  ]],
  ["an address out of a book", at("203.0.113.7"), ports(502), [
    "203.0.113.7 is no address of a site: nothing is ever read there.",
  ]],
] as const;

for (const [name, paths, endpoints, want] of CASES) {
  Deno.test(`notDialled() says what is to be said of ${name}`, () => {
    deepStrictEqual(notDialled({ paths, endpoints }, POLICY), want);
  });
}
