import { deepStrictEqual, strictEqual } from "node:assert";
import type { HostCertificate } from "../../../lib/domain/host_certificate.ts";
import {
  certificateMetrics,
  type CertificateSeen,
  certificateVerdict,
} from "../../../lib/health/certificate.ts";
import { renderMetrics } from "../../../lib/health/prometheus.ts";

const DAY_MS = 86_400_000;
const NOW_MS = 1_795_000_000_000;

function told(change: Partial<HostCertificate> & { readonly left?: number }): CertificateSeen {
  const { left = 60, ...rest } = change;
  const certificate: HostCertificate = {
    atMs: NOW_MS - 3_600_000,
    kind: "issued",
    names: ["energy.example.com"],
    lacking: [],
    issuer: "R11",
    serial: "0A",
    notBeforeMs: NOW_MS - 30 * DAY_MS,
    notAfterMs: NOW_MS + left * DAY_MS,
    servedSerial: "0A",
    trouble: null,
    ...rest,
  };
  return { kind: "told", certificate };
}

const TROUBLE = {
  ...{
    kind: "wrong-dns",
    words: "The name leads to 192.0.2.9",
    todo: "Correct it",
    retryAtMs: null,
  } as const,
};

const CASES: readonly (readonly [string, CertificateSeen, string, string | undefined])[] = [
  ["60 days left", told({}), "pass", undefined],
  ["21 days left", told({ left: 21 }), "pass", undefined],
  [
    "20 days left",
    told({ left: 20 }),
    "warn",
    "It should have been renewed: deno task certificates renew says why",
  ],
  ["6 days left", told({ left: 6 }), "fail", "It is not renewed: deno task certificates renew says why"],
  ["it ended", told({ left: -3 }), "fail", "It is not renewed: deno task certificates renew says why"],
  [
    "another one is served",
    told({ servedSerial: "0B" }),
    "fail",
    "Another certificate is served than the one that was issued: deno task certificates prove",
  ],
  [
    "nobody answers",
    told({ servedSerial: null }),
    "warn",
    "Nobody answered over TLS on the host: deno task certificates prove",
  ],
  [
    "it is the host's own",
    told({ kind: "self-signed", trouble: TROUBLE }),
    "fail",
    "No authority has issued one: deno task certificates status says why",
  ],
  [
    "it is for trials",
    told({ kind: "trial" }),
    "fail",
    "It was issued for a trial, browsers refuse it: deno task certificates issue",
  ],
  [
    "a name lacks",
    told({ lacking: ["b.example"] }),
    "warn",
    "It lacks b.example: deno task certificates issue",
  ],
  [
    "the host has not looked for two days",
    told({ atMs: NOW_MS - 2 * DAY_MS - 1 }),
    "warn",
    "The host has not looked for two days: is its timer running?",
  ],
  [
    "the worst of two comes first",
    told({ lacking: ["b.example"], left: 2 }),
    "fail",
    "It is not renewed: deno task certificates renew says why",
  ],
  [
    "its file is broken",
    { kind: "unreadable", why: "it is no JSON object" },
    "warn",
    "What the host says of its certificate is not understood: deno task certificates prove",
  ],
];
for (const [what, seen, status, output] of CASES) {
  Deno.test(`certificateVerdict() when ${what}: ${status}`, () => {
    const verdict = certificateVerdict(seen, NOW_MS);
    deepStrictEqual([verdict?.status, verdict?.output], [status, output]);
  });
}

Deno.test("certificateVerdict() says nothing where the host was not set up, and keeps reasons for the log", () => {
  strictEqual(certificateVerdict({ kind: "absent" }, NOW_MS), null);
  const verdict = certificateVerdict(told({ kind: "self-signed", trouble: TROUBLE }), NOW_MS);
  strictEqual(verdict?.detail, "The name leads to 192.0.2.9");
  deepStrictEqual([verdict?.observed, verdict?.unit], [60, "d"]);
});

Deno.test("certificateMetrics() are days and whether it is served; none where nobody tells", () => {
  deepStrictEqual(certificateMetrics({ kind: "absent" }, NOW_MS), []);
  const text = renderMetrics(certificateMetrics(told({ servedSerial: "0B", left: 12 }), NOW_MS));
  deepStrictEqual(text.split("\n").filter((line) => !line.startsWith("#")), [
    'wattpost_certificate_days_left{kind="issued"} 12',
    "wattpost_certificate_served 0",
    "",
  ]);
});
