import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  keysText,
  SSHD_SETTINGS,
  sshdText,
  sudoCommands,
  sudoersText,
} from "../../../../ops/lib/host/base_access.ts";
import { differences, isGoodKey, refusedByLists } from "../../../../ops/lib/host/base_sshd.ts";
import { EXAMPLE_KEY, exampleDescription } from "../../../host/example_description.ts";

Deno.test("sudoersText() names commands with all their arguments, no wildcard, no editor and no pager", () => {
  const text = sudoersText();
  strictEqual(/[*?[\]!](?!setenv)/.test(text.replaceAll("DENO_* NODE_* NPM_* SYSTEMD_*", "")), false, text);
  for (const argv of sudoCommands()) {
    match(argv[0], /^\/usr\/(local\/)?bin\/(deno|systemctl|journalctl)$/);
    ok(argv.length > 2, argv.join(" "));
    if (!argv[0].endsWith("deno")) strictEqual(argv[1], "--no-pager");
    else {deepStrictEqual(argv.slice(1, 5), [
        "task",
        "--quiet",
        "--config",
        "/opt/wattpost/current/deno.json",
      ]);}
  }
});

Deno.test("sudoersText() keeps what could change a program out of its environment", () => {
  match(sudoersText(), /^Defaults:deploy env_reset, !setenv, use_pty, secure_path=/m);
  match(sudoersText(), /^deploy ALL=\(root\) NOPASSWD: WATTPOST$/m);
});

Deno.test("sudoersText() escapes signs that mean something there", () => {
  match(sudoersText(), /--lines\\=500 --unit\\=wattpost@blue\.service/);
});

Deno.test("sshdText() ends passwords for everybody and leaves root's keys", () => {
  const text = sshdText(exampleDescription());
  for (
    const line of [
      "port 22",
      "passwordauthentication no",
      "kbdinteractiveauthentication no",
      "permitrootlogin prohibit-password",
      "match user deploy",
      "  authorizedkeysfile /etc/ssh/wattpost_keys/deploy",
    ]
  ) ok(text.split("\n").includes(line), line);
  strictEqual(/allowusers/i.test(text), false);
});

Deno.test("keysText() has the described keys, a line each", () => {
  deepStrictEqual(keysText(exampleDescription([EXAMPLE_KEY, `  ${EXAMPLE_KEY} `])).split("\n").slice(1), [
    EXAMPLE_KEY,
    EXAMPLE_KEY,
    "",
  ]);
});

const KEYS = [
  { line: "256 SHA256:abc nobody@example.test (ED25519)", good: true },
  { line: "3072 SHA256:abc a comment (of mine) (RSA)", good: true },
  { line: "1024 SHA256:abc old (RSA)", good: false },
  { line: "1024 SHA256:abc old (DSA)", good: false },
  { line: "256 SHA256:abc token (ED25519-SK)", good: true },
  { line: "521 SHA256:abc no comment (ECDSA)", good: true },
  { line: "", good: false },
  { line: "/etc/ssh/wattpost_keys/deploy is not a public key file.", good: false },
];
for (const { line, good } of KEYS) {
  Deno.test(`isGoodKey() ${good ? "takes" : "refuses"} "${line}"`, () => strictEqual(isGoodKey(line), good));
}

const DEPLOY = { name: "deploy", groups: ["deploy"] };
const LISTS = [
  { name: "no lists", settings: "port 22\n", want: null },
  { name: "a list with deploy", settings: "allowusers root deploy\n", want: null },
  {
    name: "a list without deploy",
    settings: "allowusers root\n",
    want: /AllowUsers of sshd does not name deploy/,
  },
  { name: "a group of others", settings: "allowgroups wheel\n", want: /AllowGroups of sshd names no group/ },
  { name: "deploy denied", settings: "denyusers x deploy\n", want: /DenyUsers of sshd names deploy/ },
  { name: "its group denied", settings: "denygroups deploy\n", want: /DenyGroups of sshd names a group/ },
];
for (const { name, settings, want } of LISTS) {
  Deno.test(`refusedByLists() judges ${name}`, () => {
    const why = refusedByLists(settings, DEPLOY);
    if (want === null) strictEqual(why, null);
    else match(why ?? "", want);
  });
}

Deno.test("differences() finds what another file said first, and takes sshd's own word for root by key", () => {
  const told = Object.entries(SSHD_SETTINGS).map(([name, value]) =>
    `${name} ${value === "prohibit-password" ? "without-password" : value}`
  );
  const settings = ["port 22", ...told].join("\n");
  deepStrictEqual(differences(settings, 22), []);
  deepStrictEqual(differences(settings, 2222), [{ name: "port", is: "22", expected: "2222" }]);
  deepStrictEqual(
    differences(settings.replace("passwordauthentication no", "passwordauthentication yes"), 22),
    [
      { name: "passwordauthentication", is: "yes", expected: "no" },
    ],
  );
});
