import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { AUTHORITY } from "../fakes/mail_certificate.ts";
import { formatBackupReport } from "../../lib/domain/backup_report.ts";
import { formatRestoreReport } from "../../lib/domain/restore_report.ts";
import { runDoctor } from "../../ops/doctor.ts";
import { DOCTOR_CHECKS } from "../../ops/lib/doctor/checks.ts";
import type { DoctorOptions } from "../../ops/lib/doctor/context.ts";
import { CHECK_NAMES } from "../../ops/lib/doctor/names.ts";
import { expectedPorts } from "../../ops/lib/doctor/ports.ts";
import { placeOf } from "../../ops/lib/release/place.ts";
import { readSettings } from "../../ops/lib/settings.ts";
import type { Checked } from "../../ops/lib/trial/verdict.ts";
import { openSecretBox } from "../../lib/store/keys.ts";
import { saveSender } from "../../lib/store/mail_settings.ts";
import { siteSpec } from "../collector/simulated.ts";
import { startSmtpServer } from "../fakes/smtp_server.ts";
import { FIRST, type Flow, withFlow, withFolder } from "../flows/running_product.ts";

/** How an installation is looked at that lies in a folder of a test. */
function optionsOf(
  folder: string,
  { env, clock, ...more }: Partial<DoctorOptions> & {
    readonly env: Readonly<Record<string, string>>;
    readonly clock: Clock;
  },
): DoctorOptions {
  return {
    settings: readSettings({ file: `${folder}/no.env`, env }),
    place: placeOf({ name: "trial", root: folder }),
    app: null,
    routers: 8,
    random: () => 0,
    clock,
    ...more,
  };
}

/** Runs some checks; what each found, by its name, and the exit code. */
async function look(
  options: DoctorOptions,
  only: readonly string[] = [],
): Promise<{ readonly code: number; readonly found: ReadonlyMap<string, Checked> }> {
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  const code = await runDoctor(options, { only, withinMs: 60_000, json: true, print });
  const { checks } = JSON.parse(lines.join("\n")) as { readonly checks: readonly Checked[] };
  return { code, found: new Map(checks.map((one) => [one.name, one])) };
}

function envOf({ origin, folder }: Pick<Flow, "origin" | "folder">): Readonly<Record<string, string>> {
  return {
    LISTEN: new URL(origin).host,
    PUBLIC_URL: origin,
    DATA_DIR: folder,
    HOST_DIR: `${folder}/host`,
    LOOPBACK_SITES: "on",
    CONNECT_TIMEOUT_MS: "2000",
  };
}

function textOf(checked: Checked | undefined): string {
  return `${checked?.verdict}: ${checked?.evidence}`;
}

Deno.test("the doctor looks at a running installation, beside it and without changing anything", async (t) => {
  const specs = [
    siteSpec({ name: "Kiln" }),
    siteSpec({ name: "Mill", seed: 8 }),
    siteSpec({ name: "Oast", seed: 9 }),
  ];
  await withFlow({ specs }, async (flow) => {
    await flow.collect(FIRST + 1);
    await flow.clock.advance(1_000); // retries are over: the half-hour counts
    // It is the product's time; what is waited for is real.
    const clock = { ...systemClock, nowMs: flow.clock.nowMs };
    const options = (more: Partial<DoctorOptions> = {}) =>
      optionsOf(flow.folder, { env: envOf(flow), clock, ...more });
    const said = async (only: string, more: Partial<DoctorOptions> = {}) => {
      const { found } = await look(options(more), [only]);
      return textOf(found.get(only));
    };

    await t.step("what works passes, with what was seen", async () => {
      const { code, found } = await look(options());
      match(textOf(found.get("app")), /^pass: release dev at http:\/\/127\.0\.0\.1:\d+ is ready/);
      match(textOf(found.get("database")), /^pass: sqlite 3\.\d+\.\d+ answers in .* ms, .* MB$/);
      match(textOf(found.get("migrations")), /^pass: all \d+ are applied$/);
      match(textOf(found.get("secrets")), /^pass: the ring opens them/);
      match(textOf(found.get("sessions")), /^pass: .*kv\.db answers/);
      match(textOf(found.get("disk")), /^(pass|warn): .* are free for readings in /);
      match(textOf(found.get("collection")), /^pass: dev was heard of .*3 of 3 sites reported/);
      match(textOf(found.get("routers")), /^pass: 3 of 3 took a connection$/);
      match(textOf(found.get("mail")), /^warn: No mail server is set/);
      match(textOf(found.get("sms")), /^not-run: No account is set/);
      match(textOf(found.get("certificate")), /^not-run: This host was not set up/);
      match(textOf(found.get("backup")), /^warn: Nobody tells of a backup/);
      match(textOf(found.get("restore")), /^warn: No backup was ever restored on trial/);
      ok(["pass", "warn", "not-run", "fail"].includes(found.get("ports")?.verdict ?? ""));
      for (const one of found.values()) {
        if (one.verdict !== "pass") match(one.remedy, /\w{3}/);
      }
      const failed = [...found.values()].filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
      strictEqual(code, failed.length > 0 ? 1 : 0);
      // Who listens on the machine of a test is not this test's.
      deepStrictEqual(failed.filter((name) => name !== "ports" && name !== "clock"), []);
    });

    await t.step("a router that is off is named, with why", async () => {
      await flow.sites[1]?.close();
      match(await said("routers"), /^warn: 2 of 3 took a connection; Mill \(127\.0\.0\.1:\d+\): .*refused/);
    });

    await t.step("where sites may not be on this machine, none of them is dialled", async () => {
      const env = { ...envOf(flow), LOOPBACK_SITES: "off" };
      const settings = readSettings({ file: `${flow.folder}/no.env`, env });
      match(await said("routers", { settings }), /^fail: 0 of 3 .* it may not be dialled/);
    });

    await t.step("the mail server is greeted and signed in to, and gets no message", async () => {
      const account = { user: "wattpost", password: "a-password-of-mail" };
      const smtp = await startSmtpServer({ security: "starttls", account });
      try {
        await setMail(flow, { port: smtp.port, password: account.password, version: 0 });
        match(
          await said("mail", { ca: AUTHORITY }),
          /^pass: localhost:\d+ takes our name and password; nothing was sent$/,
        );
        match(await said("mail"), /^fail: .*its certificate is not from an authority/);
        await setMail(flow, { port: smtp.port, password: "another", version: 1 });
        const refused = await said("mail", { ca: AUTHORITY });
        match(refused, /^fail: localhost:\d+ does not accept the user name and password/);
        doesNotMatch(refused, /another/);
        deepStrictEqual(smtp.mails, []);
      } finally {
        await smtp.close();
      }
      match(
        await said("mail", { ca: AUTHORITY }),
        /^fail: Cannot reach localhost:\d+: nothing listens there$/,
      );
    });

    await t.step("Twilio is asked by its key: refused is a failure, unreachable is no pass", async () => {
      await setSms(flow);
      const status = { now: 200 };
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
        strictEqual(request.method, "GET");
        return Response.json({ code: 20003, message: "Authenticate" }, { status: status.now });
      });
      const smsApiUrl = `http://127.0.0.1:${server.addr.port}`;
      match(await said("sms", { smsApiUrl }), /^pass: Twilio takes the key; nothing was sent$/);
      status.now = 401;
      match(await said("sms", { smsApiUrl }), /^fail: Twilio does not accept the key/);
      status.now = 503;
      match(await said("sms", { smsApiUrl }), /^warn: Twilio answers 503/);
      await server.shutdown();
      match(await said("sms", { smsApiUrl }), /^not-run: Unreachable: /);
    });

    await t.step("another ring of keys is found out, and so is a lost one", async () => {
      const key = `${flow.folder}/secrets.key`;
      const right = await Deno.readTextFile(key);
      await Deno.writeTextFile(key, `2026-01:${btoa("0123456789abcdef0123456789abcdef")}\n`);
      match(await said("secrets"), /^fail: /);
      await Deno.writeTextFile(key, "no key\n");
      match(await said("secrets"), /^fail: Cannot use .*secrets\.key/);
      await Deno.writeTextFile(key, right);
      match(await said("secrets"), /^pass: /);
    });

    await t.step("a release that fell silent is told", async () => {
      await flow.opened.db.kysely.updateTable("active_release").set({ heartbeat_ms: 0 }).execute();
      match(await said("collection"), /^fail: Nobody collects: dev gave its work back/);
    });
  });
});

async function setMail(
  flow: Flow,
  { port, password, version }: { readonly port: number; readonly password: string; readonly version: number },
): Promise<void> {
  const value = {
    ...{ host: "localhost", port, security: "starttls", user: "wattpost" } as const,
    ...{ from: "wattpost@example.org", fromName: "Wattpost" },
  };
  await save(flow, { name: "mail", value, version, secret: { kind: "set", plain: password } });
}

async function setSms(flow: Flow): Promise<void> {
  const value = { accountSid: `AC${"a".repeat(32)}`, keySid: `SK${"b".repeat(32)}`, from: "+441632960000" };
  await save(flow, { name: "sms", value, version: 0, secret: { kind: "set", plain: "a-secret-of-twilio" } });
}

async function save(flow: Flow, change: Omit<Parameters<typeof saveSender>[2], "box">): Promise<void> {
  const { db, keys } = flow.opened;
  const by = {
    actor: "ada",
    atMs: flow.clock.nowMs(),
    seal: keys.seal,
    userId: null,
    origin: "",
    requestId: null,
  };
  const box = await openSecretBox({ dataDir: flow.folder, secretsKey: undefined });
  ok((await saveSender(db, by, { ...change, box })).ok);
}

Deno.test("an app that does not answer, a folder that is not there and settings that are wrong are told apart", async () => {
  await withFolder(async (folder) => {
    const clock = systemClock;
    const env = { DATA_DIR: `${folder}/none`, LISTEN: "127.0.0.1:1", PUBLIC_URL: "http://127.0.0.1:1" };
    const only = ["app", "database", "migrations", "disk", "sessions"];
    const { code, found } = await look(optionsOf(folder, { env, clock }), only);
    strictEqual(code, 1);
    match(textOf(found.get("app")), /^fail: Cannot ask \/readyz at http:\/\/127\.0\.0\.1:1/);
    match(textOf(found.get("database")), /^fail: Cannot open the database file/);
    match(textOf(found.get("migrations")), /^not-run: The database was not looked at/);
    match(textOf(found.get("disk")), /^fail: There is no folder/);
    match(textOf(found.get("sessions")), /^warn: There is no file/);
    const wrong = await look(optionsOf(folder, { env: { ...env, COLLECT: "maybe" }, clock }));
    match(textOf(wrong.found.get("settings")), /^fail: .*COLLECT is "maybe"/);
    match(textOf(wrong.found.get("database")), /^not-run: settings failed/);
    strictEqual(wrong.code, 1);
  });
});

Deno.test("what the host tells of its certificate, backups and trial restores is judged by its age", async () => {
  await withFolder(async (folder) => {
    const nowMs = Date.UTC(2026, 10, 29, 21);
    const host = `${folder}/var/lib/wattpost/host`;
    await Deno.mkdir(host, { recursive: true });
    const env = { DATA_DIR: folder };
    const write = (name: string, text: string) => Deno.writeTextFile(`${host}/${name}`, text);
    const said = async (name: string, hoursLater = 0) => {
      const clock = { ...systemClock, nowMs: () => nowMs + hoursLater * 3_600_000 };
      const { found } = await look(optionsOf(folder, { env, clock }), [name]);
      return textOf(found.get(name));
    };
    const newest = {
      ...{ name: "wattpost-20261129T020700Z", atMs: nowMs - 19 * 3_600_000, tookMs: 41_000 },
      ...{ bytes: 1_200_000, rows: 5_000_000, from: "mysql 9.7.0" },
    };
    const backups = {
      atMs: nowMs,
      newest,
      count: 9,
      bytes: 9_000_000,
      oldestMs: null,
      failed: null,
      remote: null,
    };
    await write("backup.json", formatBackupReport(backups));
    match(await said("backup"), /^pass: the newest is of 19 h ago, 9 of them here$/);
    match(await said("backup", 24 * 9), /^fail: the newest is of 10 days ago/);
    await write("backup.json", "{");
    match(await said("backup"), /^warn: .*not understood/);
    const proven = {
      ...{ backup: newest.name, backupMs: newest.atMs, startedMs: nowMs - 48 * 3_600_000, tookMs: 250_000 },
      ...{ rows: 5_012_345, bytes: 183_000_000, into: "sqlite 3.53", steps: [], compared: [] },
    };
    await write("restore.json", formatRestoreReport({ atMs: nowMs, running: null, proven, failed: null }));
    match(
      await said("restore"),
      /^pass: the last proven one is of 2 days ago, took 250 s and compared 5,012,345 rows$/,
    );
    await write("certificate.json", "no certificate");
    match(await said("certificate"), /^warn: .*not understood/);
  });
});

Deno.test("the ports that a host must have open are those of its description", async () => {
  const text = await Deno.readTextFile(new URL("../../ops/host.example.json", import.meta.url));
  const must = expectedPorts(text, null).filter((one) => one.must).map(({ what }) => what);
  deepStrictEqual(must, ["http, which leads to https", "https", "VPN"]);
});

Deno.test("deno task doctor may start the programs that it asks, and no others", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const { PROGRAMS } = await import("../../ops/lib/doctor/program.ts");
  const [, programs = ""] = /--allow-run=(\S+)/.exec(tasks.doctor.command) ?? [];
  deepStrictEqual(programs.split(",").sort(), Object.values(PROGRAMS).sort());
});

Deno.test("the page of the doctor says what each check looks at", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/doctor.md", import.meta.url));
  const rows = [...page.matchAll(/^\| `([a-z]+)` /gm)].map(([, name]) => name);
  deepStrictEqual(rows.filter((name) => name !== "pass"), [...CHECK_NAMES]);
  deepStrictEqual(DOCTOR_CHECKS.map(({ name }) => name), [...CHECK_NAMES]);
  for (const { about } of DOCTOR_CHECKS) match(about, /^[a-z].*[a-z]$/);
});
