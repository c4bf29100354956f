import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { CERTIFICATE_TROUBLES } from "../../../../lib/domain/host_certificate.ts";
import { type Asked, type CertbotEnd, judgeCertbot } from "../../../../ops/lib/host/certificate_trouble.ts";
import { TROUBLE_TODO } from "../../../../ops/lib/host/certificate_words.ts";

const ASKED: Asked = {
  directory: "https://acme.example/dir",
  email: "ops@example.com",
  addresses: ["203.0.113.5", "2001:db8::5"],
  nowMs: Date.parse("2026-11-29T17:30:00Z"),
};

/** What certbot 2.1.0 prints around a reason. */
const printed = (...lines: readonly string[]) =>
  [
    "Saving debug log to /var/log/letsencrypt/letsencrypt.log",
    ...lines,
    "Ask for help or search for solutions at https://community.letsencrypt.org. See the logfile /var/log/letsencrypt/letsencrypt.log or re-run Certbot with -v for more details.",
    "",
  ].join("\n");

const acme = (type: string, detail: string) =>
  `HTTP 429\nRetry-After: 3600\n\nacme.messages.Error: urn:ietf:params:acme:error:${type} :: What it means :: ${detail}\n`;

const refused = (type: string, detail: string, ...more: readonly string[]) =>
  printed(
    "Requesting a certificate for energy.example.com",
    "",
    "Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:",
    ...["energy.example.com", ...more].flatMap((
      name,
    ) => [`  Domain: ${name}`, `  Type:   ${type}`, `  Detail: ${detail}`, ""]),
    "Hint: The Certificate Authority failed to download the temporary challenge files created by Certbot.",
    "",
    "Some challenges have failed.",
  );

const ATTRIBUTE = printed("An unexpected error occurred:", "AttributeError: can't set attribute");
const TOKEN = "Ikj6jMZCyWreTYCQIs37GyGtNbm_73DtSfaAJhPlVdA";

interface Case {
  readonly name: string;
  readonly end: Partial<CertbotEnd>;
  readonly kind: string;
  readonly words: string;
  readonly retryAtMs?: number;
}

const CASES: readonly Case[] = [
  {
    name: "a rate limit of which the screen shows an AttributeError",
    end: {
      output: ATTRIBUTE,
      log: acme(
        "rateLimited",
        "too many certificates (5) already issued, retry after 2026-12-01 10:20:30 UTC: see https://letsencrypt.org/docs/rate-limits/",
      ),
    },
    kind: "rate-limited",
    words:
      "The authority refuses more tries until 2026-12-01 10:21 UTC: too many certificates (5) already issued, retry after 2026-12-01 10:20:30 UTC: see https://letsencrypt.org/docs/rate-limits/",
    retryAtMs: Date.parse("2026-12-01T10:20:30Z"),
  },
  {
    name: "a rate limit whose end stands in a header alone",
    end: { output: ATTRIBUTE, log: acme("rateLimited", "Service busy; retry later") },
    kind: "rate-limited",
    words: "The authority refuses more tries until 2026-11-29 18:30 UTC: Service busy; retry later",
    retryAtMs: Date.parse("2026-11-29T18:30:00Z"),
  },
  {
    name: "an answer that is not found on port 80",
    end: {
      output: refused(
        "unauthorized",
        `Non-200 status code from HTTP: http://energy.example.com/.well-known/acme-challenge/${TOKEN} returned 404`,
      ),
    },
    kind: "challenge-refused",
    words:
      'The authority got another answer for "energy.example.com" than the one laid here: Non-200 status code from HTTP: http://energy.example.com/.well-known/acme-challenge/… returned 404',
  },
  {
    name: "Let's Encrypt sent to another host",
    end: {
      output: refused(
        "unauthorized",
        `198.51.100.7: Invalid response from http://energy.example.com/.well-known/acme-challenge/${TOKEN}: 404`,
        "www.energy.example.com",
      ),
    },
    kind: "wrong-dns",
    words:
      '"energy.example.com" leads to 198.51.100.7, which is no address of this host (203.0.113.5, 2001:db8::5): 198.51.100.7: Invalid response from http://energy.example.com/.well-known/acme-challenge/…: 404; the same for www.energy.example.com',
  },
  {
    name: "Let's Encrypt sent to another host over IPv6",
    end: {
      output: refused(
        "connection",
        "2001:db8::9: Fetching http://energy.example.com/: Timeout during connect (likely firewall problem)",
      ),
    },
    kind: "wrong-dns",
    words:
      '"energy.example.com" leads to 2001:db8::9, which is no address of this host (203.0.113.5, 2001:db8::5): 2001:db8::9: Fetching http://energy.example.com/: Timeout during connect (likely firewall problem)',
  },
  {
    name: "Let's Encrypt at a closed port 80 of this host",
    end: {
      output: refused(
        "connection",
        "203.0.113.5: Fetching http://energy.example.com/: Timeout during connect (likely firewall problem)",
      ),
    },
    kind: "challenge-refused",
    words:
      'The authority got no answer on port 80 of "energy.example.com": 203.0.113.5: Fetching http://energy.example.com/: Timeout during connect (likely firewall problem)',
  },
  {
    name: "a name that does not exist",
    end: {
      output: refused(
        "dns",
        "DNS problem: NXDOMAIN looking up A for energy.example.com - check that a DNS record exists for this domain",
      ),
    },
    kind: "wrong-dns",
    words:
      '"energy.example.com" has no address that the authority can find: DNS problem: NXDOMAIN looking up A for energy.example.com - check that a DNS record exists for this domain',
  },
  {
    name: "CAA records for another authority",
    end: { output: refused("caa", "CAA record for energy.example.com prevents issuance") },
    kind: "forbidden-by-dns",
    words:
      'The CAA records of "energy.example.com" forbid it: CAA record for energy.example.com prevents issuance',
  },
  {
    name: "an authority that nobody answers for",
    end: {
      output: printed(
        "An unexpected error occurred:",
        "ValueError: Requesting 127.0.0.1/dir: Connection refused",
      ),
    },
    kind: "authority-unreachable",
    words: "The authority at https://acme.example/dir cannot be reached: the connection was refused",
  },
  {
    name: "an authority whose name is not found",
    end: {
      output: printed(
        "An unexpected error occurred:",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='acme.invalid', port=443): Max retries exceeded with url: /dir (Caused by NewConnectionError('<urllib3>: Failed to establish a new connection: [Errno -2] Name or service not known'))",
      ),
    },
    kind: "authority-unreachable",
    words: "The authority at https://acme.example/dir cannot be reached: its name is not found",
  },
  {
    name: "an authority that is not trusted here",
    end: {
      output: printed(
        "An unexpected error occurred:",
        "requests.exceptions.SSLError: HTTPSConnectionPool(host='127.0.0.1', port=14000): Max retries exceeded with url: /dir (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:992)')))",
      ),
    },
    kind: "authority-unreachable",
    words:
      "The authority at https://acme.example/dir cannot be reached: its certificate is not trusted on this host",
  },
  {
    name: "an authority under maintenance",
    end: {
      output: printed(
        "Unable to register an account with ACME server. Error returned by the ACME server: The service is down for maintenance",
      ),
      log: acme("serverInternal", "The service is down for maintenance or had an internal error"),
    },
    kind: "authority-down",
    words:
      "The authority at https://acme.example/dir cannot work now: The service is down for maintenance or had an internal error",
  },
  {
    name: "an authority that answers with a page",
    end: { output: printed("An unexpected error occurred:", "acme.errors.ClientError: <Response [503]>") },
    kind: "authority-down",
    words: "The authority at https://acme.example/dir cannot work now: status 503 in place of an answer",
  },
  {
    name: "an e-mail address that the authority refuses",
    end: {
      output: printed(
        "Unable to register an account with ACME server. The ACME server believes ops@example.com is an invalid email address.",
      ),
      log: acme("invalidContact", "Error creating new account :: contact email has invalid domain"),
    },
    kind: "bad-email",
    words:
      'The authority refuses the e-mail address "ops@example.com": Error creating new account :: contact email has invalid domain',
  },
  {
    name: "an account that the authority has forgotten",
    end: {
      output: ATTRIBUTE,
      log: acme("accountDoesNotExist", "Account https://acme.example/my-account/5f not found"),
    },
    kind: "account",
    words:
      "The authority refuses the account of this host: Account https://acme.example/my-account/5f not found",
  },
  {
    name: "a name that the authority does not serve",
    end: {
      output: ATTRIBUTE,
      log: acme("badNonce", "JWS has no anti-replay nonce") +
        acme("rejectedIdentifier", 'Cannot issue for "energy.example.com": forbidden by policy') +
        acme("badNonce", "again"),
    },
    kind: "name-refused",
    words: 'The authority says: Cannot issue for "energy.example.com": forbidden by policy',
  },
  {
    name: "another certbot",
    end: {
      output: printed("Another instance of Certbot is already running."),
      log: acme("rateLimited", "of the other one"),
    },
    kind: "busy",
    words: "Another certbot is running on this host",
  },
  {
    name: "a full disk",
    end: {
      output: printed(
        "An unexpected error occurred:",
        "OSError: [Errno 28] No space left on device: '/var/lib/letsencrypt/temp'",
      ),
    },
    kind: "disk-full",
    words: 'A disk of this host is full: "/var/lib/letsencrypt/temp" cannot be written',
  },
  {
    name: "no certbot",
    end: { code: 127 },
    kind: "no-program",
    words: "certbot is not installed on this host",
  },
  {
    name: "its deadline",
    end: { code: 124 },
    kind: "too-slow",
    words: "certbot did not end in time and was ended",
  },
  {
    name: "no account, when it renews",
    end: {
      output: printed(
        "Failed to renew certificate wattpost with error: You should register before running non-interactively, or provide --agree-tos and --email <email_address> flags.",
        "  /etc/letsencrypt/live/wattpost/fullchain.pem (failure)",
      ),
    },
    kind: "account",
    words: "This host has no account at the authority",
  },
  {
    name: "a certificate of somebody else on the host",
    end: { output: printed("  /etc/letsencrypt/live/shop/fullchain.pem (failure)") },
    kind: "other",
    words: "Another certificate of this host cannot be renewed: shop",
  },
  {
    name: "what nobody thought of",
    end: { output: printed("The moon is in the way") },
    kind: "other",
    words: "certbot ended with code 1: The moon is in the way",
  },
];
for (const { name, end, kind, words, retryAtMs } of CASES) {
  Deno.test(`judgeCertbot() tells of ${name}`, () => {
    const trouble = judgeCertbot({ code: 1, output: "", log: "", ...end }, ASKED);
    deepStrictEqual([trouble?.kind, trouble?.words, trouble?.retryAtMs], [kind, words, retryAtMs ?? null]);
    ok(trouble !== null && trouble.todo.length > 10 && !trouble.todo.endsWith("."));
  });
}

Deno.test("judgeCertbot() sees a hook that failed although certbot ends well", () => {
  const output = [
    "Renewing an existing certificate for energy.example.com",
    "Hook 'deploy-hook' reported error code 1",
    "Hook 'deploy-hook' ran with error output:",
    ' nginx: [emerg] unknown directive "sserver" in /etc/nginx/conf.d/x.conf:3',
    " nginx: configuration file /etc/nginx/nginx.conf test failed",
    "Congratulations, all renewals succeeded:",
  ].join("\n");
  const trouble = judgeCertbot({ code: 0, output, log: "" }, ASKED);
  strictEqual(trouble?.kind, "hook-failed");
  strictEqual(
    trouble?.words,
    'The certificate was issued, but nginx was not told (code 1): nginx: [emerg] unknown directive "sserver" in /etc/nginx/conf.d/x.conf:3; nginx: configuration file /etc/nginx/nginx.conf test failed',
  );
  strictEqual(judgeCertbot({ code: 0, output: "Certificate not yet due for renewal", log: "" }, ASKED), null);
});

Deno.test("judgeCertbot() never shows more than a line of 600 characters", () => {
  const output = printed(`\u001b[31mError ${"long ".repeat(1_000)}`);
  const words = judgeCertbot({ code: 1, output, log: "" }, ASKED)?.words ?? "";
  ok(words.length === 600 && !/\p{C}/u.test(words));
});

Deno.test("every kind of trouble says what to do", () => {
  for (const kind of CERTIFICATE_TROUBLES) ok(TROUBLE_TODO[kind].length > 10, kind);
});
