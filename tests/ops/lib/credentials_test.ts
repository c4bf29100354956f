import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  CREDENTIAL_NAMES,
  credentialRefusal,
  credentialTrouble,
  formatCredentials,
  tellApp,
} from "../../../ops/lib/credentials.ts";

const HOUR_MS = 3_600_000;

Deno.test("CREDENTIAL_NAMES are the secrets among the settings, in lower case, and the account of smoke", () => {
  deepStrictEqual([...CREDENTIAL_NAMES].sort(), [
    "database_url",
    "metrics_token",
    "secrets_key",
    "smoke_account",
    "smtp_password",
    "twilio_secret",
  ]);
});

const REFUSED = [
  {
    name: "smtp_pasword",
    text: "s3cret",
    want: /No setting is called "smtp_pasword", expected one of database_url/,
  },
  { name: "smtp_password", text: " \n", want: /Nothing was given/ },
  { name: "metrics_token", text: "s3cret", want: /expected 16 to 200 characters/ },
  { name: "database_url", text: "postgres://u:s3cret@h/d", want: /expected sqlite: and a path, or mysql/ },
  { name: "smtp_password", text: "s3cret\nand a second line", want: /1 to 200 characters/ },
  { name: "smoke_account", text: '{ "password": "s3cret" }', want: /an account without the texts "email"/ },
  { name: "secrets_key", text: `s3cret${"x".repeat(20_001)}`, want: /More than 20000/ },
];
for (const { name, text, want } of REFUSED) {
  Deno.test(`credentialRefusal() says what ${name} expects, not what was given: ${want}`, () => {
    const words = credentialRefusal(name, text) ?? "";
    match(words, want);
    strictEqual(words.includes("s3cret"), false);
  });
}

Deno.test("credentialRefusal() takes what the setting takes, with a line break at its end", () => {
  strictEqual(credentialRefusal("metrics_token", "a-token-of-16-or-more\n"), null);
  strictEqual(credentialRefusal("smtp_password", "pass word"), null);
});

Deno.test("credentialTrouble() names what the app would refuse or never read", () => {
  strictEqual(credentialTrouble({ name: "database_url", kind: "file", mode: 0o640 }), null);
  match(
    credentialTrouble({ name: "database_url", kind: "file", mode: 0o644 }) ?? "",
    /everybody on the host/,
  );
  match(credentialTrouble({ name: "database_url", kind: "folder", mode: 0o700 }) ?? "", /no file/);
  match(credentialTrouble({ name: "database_url~", kind: "file", mode: 0o600 }) ?? "", /nobody reads it/);
});

Deno.test("formatCredentials() has a line for each name, whether it is set or not", () => {
  const file = { mode: 0o640, owner: "root:wattpost", trouble: null };
  const lines = formatCredentials([
    { ...file, name: "database_url", changedMs: 0 },
    { ...file, name: "metrics_token", changedMs: 99 * HOUR_MS, trouble: "is no file" },
  ], 100 * HOUR_MS);
  deepStrictEqual(lines, [
    "database_url   set 4 days ago  0640 root:wattpost",
    "metrics_token  set 1 hour ago  0640 root:wattpost  is no file",
    "secrets_key    not set",
    "smtp_password  not set",
    "twilio_secret  not set",
    "smoke_account  not set",
  ]);
});

Deno.test("tellApp() reloads each service that runs and says which could not be told", async () => {
  const asked: string[] = [];
  const listed =
    "wattpost@blue.service loaded active running Wattpost\nwattpost@green.service loaded active running Wattpost\n";
  const end = await tellApp((args) => {
    asked.push(args.join(" "));
    const code = args.includes("wattpost@green.service") ? 1 : 0;
    return Promise.resolve({ code, out: args[0] === "list-units" ? listed : "", err: "" });
  });
  deepStrictEqual(end, { told: ["wattpost@blue.service"], failed: ["wattpost@green.service"] });
  deepStrictEqual(asked.slice(1), ["reload wattpost@blue.service", "reload wattpost@green.service"]);
});
