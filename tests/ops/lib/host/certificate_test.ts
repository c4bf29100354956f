import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { CERTIFICATE_FILE } from "../../../../lib/health/certificate.ts";
import {
  CERTIFICATES_HELP,
  readCertificateArguments,
} from "../../../../ops/lib/host/certificate_arguments.ts";
import {
  type CertificateWish,
  deleteArgv,
  issueArgv,
  renewArgv,
} from "../../../../ops/lib/host/certificate_argv.ts";
import {
  directoryIn,
  isPair,
  readCertificate,
  serialOf,
} from "../../../../ops/lib/host/certificate_facts.ts";
import { pairArgv } from "../../../../ops/lib/host/certificate_pair.ts";
import { HOST_PLACE } from "../../../../ops/lib/host/certificate_place.ts";
import { certificateWords, troubleWords } from "../../../../ops/lib/host/certificate_say.ts";
import { type CertificateState, issueFault, toldOf } from "../../../../ops/lib/host/certificate_state.ts";
import { hookText, renewalTimerText, renewalUnitText } from "../../../../ops/lib/host/certificate_texts.ts";
import { type Try, waitFor } from "../../../../ops/lib/host/certificate_tries.ts";
import { STAGING_DIRECTORY } from "../../../../ops/lib/host/description.ts";
import { HOST_FILES } from "../../../../ops/lib/host/layout.ts";
import { AUTHORITY, CERTIFICATE, CERTIFICATE_KEY } from "../../../fakes/mail_certificate.ts";

const WISH: CertificateWish = {
  domain: "energy.example.com",
  aliases: ["www.energy.example.com"],
  certificates: { email: "ops@example.com", directory: "https://acme.example/dir", staging: false },
};
const NOW_MS = Date.parse("2026-11-29T17:30:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Deno.test("the app and the host call the certificate's file the same", () => {
  strictEqual(CERTIFICATE_FILE, HOST_FILES.certificate);
});

Deno.test("issueArgv() says everything, so that neither a terminal nor an earlier call decides", () => {
  deepStrictEqual(issueArgv(WISH, HOST_PLACE), [
    ...["certbot", "certonly", "--non-interactive", "--agree-tos", "--no-eff-email"],
    ...["--email", "ops@example.com", "--server", "https://acme.example/dir"],
    ...["--webroot", "--webroot-path", "/var/lib/wattpost-acme"],
    ...[
      "--cert-name",
      "wattpost",
      "--key-type",
      "ecdsa",
      "--renew-with-new-domains",
      "--keep-until-expiring",
    ],
    ...["--config-dir", "/etc/letsencrypt", "--work-dir", "/var/lib/letsencrypt"],
    ...["--logs-dir", "/var/log/letsencrypt"],
    ...["--domain", "energy.example.com", "--domain", "www.energy.example.com"],
  ]);
  const other = issueArgv(WISH, HOST_PLACE, { staging: true, dryRun: true, force: true });
  ok(other.includes(STAGING_DIRECTORY) && other.includes("--dry-run") && other.includes("--force-renewal"));
  ok(!other.includes("--keep-until-expiring"));
});

Deno.test("issueArgv() asks the directory for trials where the description says so", () => {
  const wish = { ...WISH, certificates: { ...WISH.certificates, staging: true } };
  ok(issueArgv(wish, HOST_PLACE).includes(STAGING_DIRECTORY));
});

Deno.test("renewArgv() never sleeps, and leaves out no certificate but where one is forced", () => {
  const renew = renewArgv(HOST_PLACE);
  ok(renew.includes("--no-random-sleep-on-renew") && !renew.includes("--cert-name"));
  const forced = renewArgv(HOST_PLACE, { force: true });
  ok(forced.includes("--force-renewal") && forced.join(" ").includes("--cert-name wattpost"));
  match(deleteArgv(HOST_PLACE).join(" "), /^certbot delete --non-interactive --cert-name wattpost /);
});

Deno.test("pairArgv() makes a pair for every name without asking", () => {
  const argv = pairArgv(["a.example", "b.example"], { key: "/k", certificate: "/c" });
  ok(argv.includes("subjectAltName=DNS:a.example,DNS:b.example") && argv.includes("-nodes"));
});

Deno.test("readCertificate() reads number, names, times and issuer", () => {
  deepStrictEqual(readCertificate(CERTIFICATE), {
    serial: "403DDB09C0D36964A20DCCE68C43A811EE0A218F",
    names: ["localhost", "mail.test"],
    notBeforeMs: Date.parse("2026-11-25T04:59:18Z"),
    notAfterMs: Date.parse("2126-11-01T04:59:18Z"),
    issuer: "Wattpost test authority",
    selfSigned: false,
  });
  strictEqual(readCertificate(AUTHORITY)?.selfSigned, true);
  strictEqual(readCertificate("no certificate"), null);
});

Deno.test("serialOf() writes whole bytes, as openssl does", () => {
  deepStrictEqual(["358e86a3bf430f9", "0a"].map((serialNumber) => serialOf({ serialNumber })), [
    "0358E86A3BF430F9",
    "0A",
  ]);
});

Deno.test("isPair() tells whether the key is the certificate's", () => {
  const tries = [[CERTIFICATE, CERTIFICATE_KEY], [AUTHORITY, CERTIFICATE_KEY], ["", CERTIFICATE_KEY], [
    CERTIFICATE,
    "",
  ]];
  deepStrictEqual(tries.map(([certificate = "", key = ""]) => isPair(certificate, key)), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("directoryIn() finds who was asked, in certbot's file", () => {
  strictEqual(
    directoryIn("version = 2.1.0\nserver = https://acme.example/dir\n"),
    "https://acme.example/dir",
  );
  strictEqual(directoryIn(null), null);
});

const ISSUED = {
  serial: "0A",
  names: ["energy.example.com", "www.energy.example.com"],
  notBeforeMs: NOW_MS - DAY_MS,
  notAfterMs: NOW_MS + 60 * DAY_MS,
  issuer: "R11",
  selfSigned: false,
};
const STATE: CertificateState = {
  issued: ISSUED,
  directory: "https://acme.example/dir",
  link: "/etc/letsencrypt/live/wattpost",
  linked: ISSUED,
  served: "0A",
};

const FAULTS: readonly (readonly [string, Partial<CertificateState>, string | null])[] = [
  ["as wanted", {}, null],
  ["there is none", { issued: null }, "not issued"],
  [
    "a name lacks",
    { issued: { ...ISSUED, names: ["energy.example.com"] } },
    "issued without www.energy.example.com",
  ],
  [
    "a name is too many",
    { issued: { ...ISSUED, names: [...ISSUED.names, "old.example.com"] } },
    "issued also for old.example.com",
  ],
  ["another authority", { directory: STAGING_DIRECTORY }, `issued by ${STAGING_DIRECTORY}`],
  ["it ended", { issued: { ...ISSUED, notAfterMs: NOW_MS } }, "ended"],
];
for (const [name, change, fault] of FAULTS) {
  Deno.test(`issueFault() when ${name}: ${fault}`, () => {
    strictEqual(issueFault({ ...STATE, ...change }, WISH, NOW_MS), fault);
  });
}

Deno.test("toldOf() tells the app the kind, what lacks and what is served", () => {
  const told = (change: Partial<CertificateState>) =>
    toldOf({ ...STATE, ...change }, { wish: WISH, nowMs: NOW_MS, trouble: null });
  strictEqual(told({})?.kind, "issued");
  strictEqual(told({ directory: STAGING_DIRECTORY })?.kind, "trial");
  const own = told({ linked: { ...ISSUED, names: ["energy.example.com"], selfSigned: true }, served: null });
  deepStrictEqual([own?.kind, own?.lacking, own?.servedSerial], [
    "self-signed",
    ["www.energy.example.com"],
    null,
  ]);
  strictEqual(told({ linked: null }), null);
});

Deno.test("certificateWords() is good only where an authority's certificate is served and will last", () => {
  const say = (change: Partial<CertificateState>) =>
    certificateWords({ ...STATE, ...change }, { wish: WISH, nowMs: NOW_MS });
  deepStrictEqual(say({}), {
    isGood: true,
    lines: [
      'certificate  issued by "R11"',
      "names        energy.example.com, www.energy.example.com",
      "valid        until 2027-01-28 17:30 UTC, 60 days left",
      "number       0A",
      "served       this one",
    ],
  });
  const soon = { ...ISSUED, notAfterMs: NOW_MS + 20 * DAY_MS };
  strictEqual(say({ issued: soon, linked: soon }).isGood, false);
  match(say({ served: "0B" }).lines.at(-1) ?? "", /another one, number 0B: deno task certificates prove$/);
  match(say({ served: null }).lines.at(-1) ?? "", /nobody answers over TLS/);
  match(
    say({ linked: { ...ISSUED, selfSigned: true } }).lines[0] ?? "",
    /the host's own, which browsers refuse/,
  );
  match(say({ linked: null }).lines[0] ?? "", /deno task host apply/);
  match(
    say({
      issued: { ...ISSUED, notAfterMs: NOW_MS - DAY_MS },
      linked: { ...ISSUED, notAfterMs: NOW_MS - DAY_MS },
    }).lines[2] ?? "",
    /ended 1 days ago/,
  );
});

Deno.test("troubleWords() says what went wrong, what to do and from when", () => {
  const trouble = { kind: "rate-limited", words: "Too many", todo: "Wait", retryAtMs: NOW_MS } as const;
  deepStrictEqual(troubleWords(trouble), [
    "Too many",
    "  what to do: Wait",
    "  not before: 2026-11-29 17:30 UTC",
  ]);
});

const DIRECTORY = "https://acme.example/dir";
const failed = (agoMs: number, change: Partial<Try> = {}): Try => ({
  atMs: NOW_MS - agoMs,
  directory: DIRECTORY,
  issued: false,
  retryAtMs: null,
  ...change,
});

Deno.test("waitFor() lets three failures an hour happen and no more, for each authority by itself", () => {
  const ask = (tries: readonly Try[], directory = DIRECTORY) => waitFor(tries, { directory, nowMs: NOW_MS });
  const three = [failed(50 * 60_000), failed(30 * 60_000), failed(60_000)];
  strictEqual(ask(three)?.retryAtMs, NOW_MS + 10 * 60_000);
  match(
    ask(three)?.words ?? "",
    /^3 tries failed within an hour, so none is made until 2026-11-29 17:40 UTC$/,
  );
  strictEqual(ask(three, STAGING_DIRECTORY), null);
  strictEqual(ask([failed(HOUR_MS), ...three.slice(1)]), null);
});

Deno.test("waitFor() keeps to what the authority said, and to four certificates a week", () => {
  const ask = (tries: readonly Try[]) => waitFor(tries, { directory: DIRECTORY, nowMs: NOW_MS });
  strictEqual(ask([failed(2 * HOUR_MS, { retryAtMs: NOW_MS + 5_000 })])?.retryAtMs, NOW_MS + 5_000);
  strictEqual(ask([failed(2 * HOUR_MS, { retryAtMs: NOW_MS })]), null);
  const issued = [6, 4, 2, 1].map((days) => failed(days * DAY_MS, { issued: true }));
  strictEqual(ask(issued)?.retryAtMs, NOW_MS + DAY_MS);
  strictEqual(ask(issued.slice(1)), null);
});

Deno.test("hookText() tests nginx before it is told, without a shell", () => {
  const text = hookText(["/usr/sbin/nginx", "-c", "/x y.conf"]);
  match(
    text,
    /^#!\/usr\/bin\/env -S DENO_DIR=\/opt\/wattpost\/deno-dir \/usr\/local\/bin\/deno run .*--allow-run=\/usr\/sbin\/nginx --ext=js\n/,
  );
  ok(text.includes('args: [...["-c","/x y.conf"], ...args]'));
  ok(text.indexOf('"-t"') < text.indexOf('"reload"'));
});

Deno.test("the timer renews twice a day, not at the hour at which everybody does", () => {
  match(renewalTimerText(), /OnCalendar=\*-\*-\* 00,12:00:00\nRandomizedDelaySec=11h\nPersistent=true/);
  match(renewalUnitText(), /^ExecStart=\/usr\/local\/bin\/deno task .* certificates renew$/m);
});

Deno.test("readCertificateArguments() refuses what is not understood, and --force where it means nothing", () => {
  const read = (text: string) => readCertificateArguments(text.split(" ").filter((word) => word !== ""));
  deepStrictEqual(read("renew --force --dry-run"), {
    ok: true,
    value: { command: "renew", dryRun: true, staging: false, force: true, looks: true },
  });
  deepStrictEqual(read(""), { ok: true, value: null });
  deepStrictEqual(read("issue --help"), { ok: true, value: null });
  deepStrictEqual(read("isue"), {
    ok: false,
    error: '"isue" is no command; known are status, issue, renew, prove',
  });
  deepStrictEqual(read("status --force"), { ok: false, error: 'status takes no "--force"' });
  deepStrictEqual(read("issue --force"), {
    ok: false,
    error: 'issue takes no "--force"; it takes --dry-run, --staging, --without-look',
  });
  for (const flag of ["--dry-run", "--staging", "--force", "--without-look"]) {
    ok(CERTIFICATES_HELP.includes(flag));
  }
});
