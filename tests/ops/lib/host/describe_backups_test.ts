import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatFieldErrors } from "../../../../ops/lib/fields.ts";
import { backupSteps } from "../../../../ops/lib/host/backup_steps.ts";
import { backupServiceText, backupTimerText } from "../../../../ops/lib/host/backup_units.ts";
import { formatDescription, readDescription } from "../../../../ops/lib/host/describe.ts";
import { resticPlace } from "../../../../ops/lib/backup/remote.ts";

const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy ada@example.com";

function read(backups: unknown): ReturnType<typeof readDescription> {
  return readDescription(JSON.stringify({
    domain: "energy.example.com",
    certificates: { email: "operations@example.com" },
    adminNetworks: ["192.0.2.0/24"],
    ssh: { keys: [KEY] },
    routers: { networks: ["198.51.100.0/24"] },
    ...(backups === undefined ? {} : { backups }),
  }));
}

function errorsOf(backups: unknown): string {
  const described = read(backups);
  return described.ok ? "" : formatFieldErrors(described.error);
}

Deno.test("a host whose description names no backups has no step for them", () => {
  const described = read(undefined);
  ok(described.ok);
  strictEqual(described.value.backups, undefined);
  deepStrictEqual(backupSteps(described.value, { distribution: "debian-12", operatorAddress: null }), []);
});

Deno.test("readDescription() fills in what is usual of backups, and reads what it wrote", () => {
  const described = read({ recipients: [RECIPIENT] });
  ok(described.ok);
  deepStrictEqual(described.value.backups, {
    ...{ recipients: [RECIPIENT], at: "02:37", keep: { daily: 7, weekly: 5, monthly: 12 }, remote: null },
  });
  deepStrictEqual(readDescription(formatDescription(described.value)), described);
});

const ELSEWHERE = { recipients: [RECIPIENT] };
const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ["nobody", { recipients: [] }, /backups\.recipients is \[\]/],
  ["a key of SSH", { recipients: [KEY] }, /backups\.recipients\[0\] is "ssh-ed25519/],
  [
    "the same key twice",
    { recipients: [RECIPIENT, RECIPIENT] },
    /backups\.recipients\[1\].*\n.*says the same/,
  ],
  ["a time that is none", { ...ELSEWHERE, at: "25:00" }, /backups\.at is "25:00"/],
  ["no day to keep", { ...ELSEWHERE, keep: { daily: 0 } }, /backups\.keep\.daily is 0\n.*1 to 366/],
  ["an unknown place", { ...ELSEWHERE, remote: { kind: "ftp" } }, /backups\.remote is \{"kind":"ftp"\}/],
  [
    "a field of another place",
    { ...ELSEWHERE, remote: { kind: "folder", path: "/mnt", host: "x" } },
    /backups\.remote\.host/,
  ],
  [
    "the folder of the backups",
    { ...ELSEWHERE, remote: { kind: "folder", path: "/var/backups/wattpost/x" } },
    /another disk/,
  ],
  [
    "a path with a space",
    { ...ELSEWHERE, remote: { kind: "sftp", host: "b.example.net", user: "w", path: "/srv/a b" } },
    /backups\.remote\.path/,
  ],
  [
    "a machine that is an option of SSH",
    { ...ELSEWHERE, remote: { kind: "sftp", host: "-oProxyCommand=x", user: "w", path: "/srv" } },
    /backups\.remote\.host/,
  ],
  [
    "storage without TLS",
    { ...ELSEWHERE, remote: { kind: "s3", url: "http://s3.example.net", bucket: "wattpost" } },
    /backups\.remote\.url/,
  ],
  [
    "a key in the address of storage",
    { ...ELSEWHERE, remote: { kind: "s3", url: "https://id:key@s3.example.net", bucket: "wattpost" } },
    /backups\.remote\.url/,
  ],
];
for (const [name, backups, says] of REFUSED) {
  Deno.test(`readDescription() refuses backups with ${name}`, () => match(errorsOf(backups), says));
}

Deno.test("a private key in a description is refused and not shown", () => {
  const secret = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
  const said = errorsOf({ recipients: [secret] });
  match(said, /never the private one/);
  ok(!said.includes("QQQQ"), said);
});

Deno.test("no secret is an argument of restic, whatever the place", () => {
  const sftp = resticPlace(
    { kind: "sftp", host: "2001:db8::1", port: 2222, user: "w", path: "/srv/w" },
    "/keys",
  );
  deepStrictEqual(sftp.args.slice(0, 2), ["-r", "sftp://w@[2001:db8::1]:2222//srv/w"]);
  match(
    sftp.args.join(" "),
    /ssh -p 2222 -i \/keys\/backup_ssh_key -l w 2001:db8::1 -o BatchMode=yes .* -s sftp/,
  );
  const s3 = resticPlace({ kind: "s3", url: "https://s3.example.net", bucket: "b", prefix: "p/q" }, "/keys");
  deepStrictEqual(s3.args.slice(0, 2), ["-r", "s3:https://s3.example.net/b/p/q"]);
  deepStrictEqual(s3.envFiles, {
    AWS_ACCESS_KEY_ID: "/keys/backup_s3_id",
    AWS_SECRET_ACCESS_KEY: "/keys/backup_s3_secret",
  });
  for (const { args } of [sftp, s3]) ok(args.includes("--password-file"));
});

Deno.test("the backup runs as the app's user, and what is root's before and after it", () => {
  const text = backupServiceText();
  match(text, /^User=wattpost$/m);
  match(text, /^ExecStartPre=\+\S+ task .* backups seal$/m);
  match(text, /^ExecStart=\/\S+ task .* db:backup$/m);
  match(text, /^ExecStartPost=\+\S+ task .* backups push$/m);
  match(text, /^ExecStopPost=\+\S+ task .* backups tell$/m);
  match(backupTimerText({ at: "03:11" }), /^OnCalendar=\*-\*-\* 03:11$/m);
});
