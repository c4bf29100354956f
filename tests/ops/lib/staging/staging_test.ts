import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { readRehearseOrder, readStagingOrder } from "../../../../ops/lib/staging/arguments.ts";
import { diffSettings, diffTable, diffText, stagingSettings } from "../../../../ops/lib/staging/declared.ts";
import { STAGING } from "../../../../ops/lib/staging/options.ts";
import {
  rehearsalSteps,
  type StepEnd,
  stepLine,
  wentWell,
  whyNotRun,
} from "../../../../ops/lib/staging/rehearsal.ts";
import { rehearsalReport } from "../../../../ops/lib/staging/report.ts";

const PRODUCTION = {
  PUBLIC_URL: "https://energy.example.com",
  TRUST_PROXY: "on",
  DATABASE_URL: "mysql://wattpost@10.0.0.5:3306/wattpost",
  VISITS_AT_ONCE: "400",
};

Deno.test("stagingSettings() takes over what production has but for what is declared, the database above all", () => {
  const settings = stagingSettings(PRODUCTION);
  deepStrictEqual(settings, {
    TRUST_PROXY: "on",
    VISITS_AT_ONCE: "400",
    PUBLIC_URL: "http://127.0.0.1:8001",
    LOOPBACK_SITES: "on",
  });
  const verdicts = diffSettings(PRODUCTION, settings).map(({ what, verdict }) => `${what} ${verdict}`);
  deepStrictEqual(verdicts, [
    "DATABASE_URL declared",
    "LOOPBACK_SITES declared",
    "PUBLIC_URL declared",
    "TRUST_PROXY same",
    "VISITS_AT_ONCE same",
  ]);
});

Deno.test("stagingSettings() takes over no secret that somebody put among the settings of production", () => {
  const secrets = {
    SECRETS_KEY: "k1:c2VjcmV0",
    SMTP_PASSWORD_FILE: "/run/secrets/smtp_password",
    METRICS_TOKEN: "t0ken",
    DENO_KV_ACCESS_TOKEN: "t0ken",
  };
  const production = { ...PRODUCTION, ...secrets };
  deepStrictEqual(stagingSettings(production), stagingSettings(PRODUCTION));
  const lines = diffSettings(production, stagingSettings(production));
  strictEqual(lines.filter(({ verdict }) => verdict === "undeclared").length, 0);
  doesNotMatch(diffTable(lines), /t0ken|c2VjcmV0/);
});

Deno.test("diffSettings() finds what differs beyond that, also in a setting of which another value is declared", () => {
  const staging = {
    ...stagingSettings(PRODUCTION),
    VISITS_AT_ONCE: "5",
    PUBLIC_URL: "https://other.example",
    X: "1",
  };
  const found = diffSettings(PRODUCTION, staging).filter(({ verdict }) => verdict === "undeclared");
  deepStrictEqual(found.map(({ what }) => what), ["PUBLIC_URL", "VISITS_AT_ONCE", "X"]);
  const shared = diffSettings(PRODUCTION, {
    ...stagingSettings(PRODUCTION),
    DATABASE_URL: PRODUCTION.DATABASE_URL,
  });
  const database = shared.find(({ what }) => what === "DATABASE_URL");
  strictEqual(database?.verdict, "undeclared", "a database that both have is what must never be");
  const table = diffTable(found);
  match(table, /3 differ that are not declared$/);
  doesNotMatch(table, /other\.example/, "values may be secret");
});

Deno.test("diffText() takes nothing for the same that neither has", () => {
  strictEqual(diffText("compose.yaml", { production: "a", staging: "a" }).verdict, "same");
  strictEqual(diffText("compose.yaml", { production: "a", staging: "b" }).verdict, "undeclared");
  strictEqual(diffText("compose.yaml", { production: null, staging: null }).verdict, "undeclared");
});

Deno.test("readStagingOrder() has a place of its own, never the whole host", () => {
  const read = readStagingOrder(["up", "--image", "wattpost:tried"]);
  strictEqual(read.ok && read.value?.place.root, STAGING.root);
  ok(read.ok && read.value?.place.paths.data.startsWith(STAGING.root));
  for (const args of [[], ["over"], ["up", "down"], ["up", "--root", "/"], ["up", "--root", "/srv/x"]]) {
    strictEqual(readStagingOrder(args).ok, false, args.join(" "));
  }
});

function stepsOf(args: readonly string[]) {
  const order = readRehearseOrder(args);
  if (!order.ok || order.value === null) throw new Error("no order");
  return rehearsalSteps(order.value, "/var/lib/wattpost-staging/run/wattpost/upstream.sock");
}

Deno.test("rehearsalSteps() deploys, tries, loads, takes back and restores in staging alone", () => {
  const steps = stepsOf(["--image", "wattpost:tried", "--seconds", "20"]);
  const names = ["staging up", "deploy", "smoke", "load", "rollback", "smoke again", "restore drill"];
  deepStrictEqual(steps.map(({ name }) => name), names);
  for (const { name, args } of steps) ok(args.some((arg) => arg.startsWith(STAGING.root)), name);
  const smokes = steps.filter(({ name }) => name.startsWith("smoke"));
  for (const { args } of smokes) ok(args.join(" ").endsWith("--meter meter:15020"), "a reading is looked at");
  strictEqual(readRehearseOrder(["--seconds", "2"]).ok, false);
});

Deno.test("a copy needs a key and is made when staging comes up, alone or for a rehearsal", () => {
  const up = readStagingOrder(["up", "--copy", "--key", "/root/key", "--backup", "/root/b"]);
  deepStrictEqual(up.ok && up.value?.copy, { backup: "/root/b", keyFile: "/root/key" });
  for (
    const args of [["up", "--copy"], ["up", "--key", "/root/key"], ["diff", "--copy", "--key", "/root/key"]]
  ) {
    strictEqual(readStagingOrder(args).ok, false, args.join(" "));
  }
  const [first, ...others] = stepsOf(["--copy", "--key", "/root/key"]);
  ok(first?.args.includes("--copy"));
  ok(others.every(({ args }) => !args.includes("--copy")));
});

function end(name: string, verdict: StepEnd["verdict"]): StepEnd {
  return {
    name,
    about: "it works",
    command: `deno task ${name}`,
    verdict,
    said: "<b>said</b>",
    tookMs: 1_234,
  };
}

Deno.test("what needs a step that did not go well is not run, and what was not run is no pass", () => {
  const [, deploy, smoke] = stepsOf([]);
  if (!deploy || !smoke) throw new Error("no steps");
  strictEqual(whyNotRun(deploy, [end("staging up", "pass")]), null);
  strictEqual(whyNotRun(deploy, [end("staging up", "fail")]), "staging up did not go well");
  strictEqual(whyNotRun(smoke, [end("staging up", "pass")]), "deploy did not go well");
  strictEqual(wentWell([end("deploy", "pass"), end("smoke", "not-run")]), false);
  strictEqual(wentWell([]), false);
  strictEqual(stepLine(end("smoke", "fail")), "FAIL     smoke             1.2 s  it works");
});

Deno.test("rehearsalReport() is a page that runs and fetches nothing and escapes what tasks said", () => {
  const done = [end("deploy", "pass"), end("smoke", "fail")];
  const html = rehearsalReport({ done, beganMs: Date.UTC(2026, 10, 2, 10, 30), tokensCss: "" });
  doesNotMatch(html, /<script|https?:|<b>said/);
  match(html, /Not every step went well/);
  match(html, /2026-11-02 10:30 UTC/);
});
