import { deepStrictEqual, strictEqual } from "node:assert";
import {
  CERTIFICATE_FILE_MAX,
  daysLeft,
  formatHostCertificate,
  type HostCertificate,
  parseHostCertificate,
} from "../../../lib/domain/host_certificate.ts";

const DAY_MS = 86_400_000;
const CERTIFICATE: HostCertificate = {
  atMs: 1_795_000_000_000,
  kind: "issued",
  names: ["energy.example.com", "www.energy.example.com"],
  lacking: [],
  issuer: "R11",
  serial: "0A1B2C",
  notBeforeMs: 1_794_000_000_000,
  notAfterMs: 1_794_000_000_000 + 90 * DAY_MS,
  servedSerial: null,
  trouble: {
    kind: "rate-limited",
    words: "The authority issues no more for these names now",
    todo: "Wait",
    retryAtMs: 1_795_000_100_000,
  },
};

Deno.test("parseHostCertificate() reads what formatHostCertificate() wrote", () => {
  deepStrictEqual(parseHostCertificate(formatHostCertificate(CERTIFICATE)), { ok: true, value: CERTIFICATE });
});

const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["a list", [], "it is no JSON object, or too long"],
  ["another version", { version: 2 }, "its version is not 1"],
  ["an instant as text", { atMs: "yesterday" }, "an instant is none"],
  ["an instant before 1970", { notAfterMs: -1 }, "an instant is none"],
  ["an unknown kind", { kind: "borrowed" }, "its kind is none of issued, trial, self-signed"],
  ["a name with a script", { names: ["<script>"] }, "its names are none"],
  ["a thousand names", { lacking: Array(1_000).fill("a.example") }, "its names are none"],
  ["an issuer over several lines", { issuer: "R11\nR12" }, "its issuer is no text"],
  ["an issuer without end", { issuer: "R".repeat(601) }, "its issuer is no text"],
  ["a serial number in small letters", { serial: "0a" }, "its serial number is none"],
  ["a served serial number that is missing", { servedSerial: undefined }, "the served serial number is none"],
  [
    "unknown trouble",
    { trouble: { kind: "gremlins", words: "", todo: "", retryAtMs: null } },
    "its trouble is not understood",
  ],
  ["trouble as text", { trouble: "all of it" }, "its trouble is not understood"],
];
for (const [what, change, why] of WRONG) {
  Deno.test(`parseHostCertificate() refuses ${what}`, () => {
    const whole = Array.isArray(change) ? change : { version: 1, ...CERTIFICATE, ...change as object };
    deepStrictEqual(parseHostCertificate(JSON.stringify(whole)), { ok: false, error: why });
  });
}

Deno.test("parseHostCertificate() refuses what is no JSON or has no end", () => {
  strictEqual(parseHostCertificate("{").ok, false);
  const long = formatHostCertificate(CERTIFICATE) + " ".repeat(CERTIFICATE_FILE_MAX);
  strictEqual(parseHostCertificate(long).ok, false);
});

Deno.test("daysLeft() counts whole days, and below zero after the end", () => {
  const { notAfterMs } = CERTIFICATE;
  strictEqual(daysLeft(CERTIFICATE, notAfterMs - 7 * DAY_MS), 7);
  strictEqual(daysLeft(CERTIFICATE, notAfterMs - 7 * DAY_MS + 1), 6);
  strictEqual(daysLeft(CERTIFICATE, notAfterMs + 1), -1);
});
