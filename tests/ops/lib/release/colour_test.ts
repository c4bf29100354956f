import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { otherThan, parseReleaseName, releaseName } from "../../../../ops/lib/release/colour.ts";
import { changedSettings, colourSettingsText } from "../../../../ops/lib/release/colour_settings.ts";
import { backupArgv, placeWords } from "../../../../ops/lib/release/deno_argv.ts";
import { tmpfilesLine } from "../../../../ops/lib/release/link.ts";
import { packageAt } from "../../../../ops/lib/release/packages.ts";
import { placeOf, PRODUCTION } from "../../../../ops/lib/release/place.ts";
import { endWords } from "../../../../ops/lib/release/ready.ts";
import { sourceOfId } from "../../../../ops/lib/release/source.ts";
import { unitFacts } from "../../../../ops/lib/release/units.ts";

Deno.test("the name of a release tells the image that it is made of from every other", () => {
  const id = `sha256:63e2c47${"0".repeat(57)}\n`;
  strictEqual(sourceOfId(id), parseReleaseName("r17-63e2c47")?.source);
  strictEqual(sourceOfId(id) === parseReleaseName("r17-63e2c48")?.source, false);
});

Deno.test("releaseName() is read back, and nothing else is a release", () => {
  deepStrictEqual(parseReleaseName(releaseName({ number: 17, source: "63e2c47" })), {
    number: 17,
    source: "63e2c47",
  });
  for (const text of ["r0-63e2c47", "17-63e2c47", "r17-63E2C47", "r17-63e2c47 ", "r17", "", "dev"]) {
    strictEqual(parseReleaseName(text), null);
  }
});

Deno.test("the other one than blue is green, and back", () =>
  strictEqual(otherThan(otherThan("blue")), "blue"));

Deno.test("a colour is told the settings of its release, and which one it is", () => {
  const text = colourSettingsText({ name: "r2-bbbbbbb", settings: { A: "1", RELEASE: "old" } });
  deepStrictEqual(text.split("\n").slice(1), ["A=1", "RELEASE=r2-bbbbbbb", ""]);
});

Deno.test("changedSettings() names what changed and repeats no value", () => {
  const changed = changedSettings({ A: "1", B: "2", C: "3" }, { A: "1", B: "secret", D: "4" });
  deepStrictEqual(changed, ["B changed", "C is gone", "D is new"]);
});

Deno.test("a backup runs as the app's user, never as root", () => {
  const argv = backupArgv(PRODUCTION, { sources: "/opt/wattpost/releases/r1-aaaaaaa" });
  deepStrictEqual(argv.slice(0, 5), [
    "setpriv",
    "--reuid=65532",
    "--regid=65532",
    "--clear-groups",
    "--no-new-privs",
  ]);
  match(argv.join(" "), /db:backup --for-deploy$/);
});

Deno.test("tasks are told of an installation below a folder, and of none else", () => {
  deepStrictEqual(placeWords(PRODUCTION), []);
  deepStrictEqual(placeWords(placeOf({ name: "trial", root: "/srv/trial" })), [
    "--root",
    "/srv/trial",
    "--name",
    "trial",
  ]);
});

Deno.test("after a restart of the host the link leads to the same colour", () => {
  match(tmpfilesLine(PRODUCTION.paths, "green"), /^L \/run\/wattpost\/upstream\.sock - - - - green\.sock$/m);
});

const calm = { status: "running", release: "r1-aaaaaaa", restarts: 0, exitCode: null } as const;

Deno.test("a colour may become ready while it runs, also after one start by itself", () => {
  strictEqual(endWords(calm), null);
  strictEqual(endWords({ ...calm, status: "restarting", restarts: 1, exitCode: 1 }), null);
});

Deno.test("a colour that ended, that is not there or that is started again and again never becomes ready", () => {
  strictEqual(endWords({ ...calm, status: "ended", exitCode: 3 }), "it ended with code 3");
  strictEqual(endWords({ ...calm, status: "absent" }), "nothing runs there");
  match(endWords({ ...calm, restarts: 2 }) ?? "", /started anew 2 times/);
});

for (
  const [name, shown, status] of [
    ["one that runs", "ActiveState=active\nSubState=running\nNRestarts=0\nExecMainStatus=0", "running"],
    [
      "one that waits to be started anew",
      "ActiveState=activating\nSubState=auto-restart\nNRestarts=3",
      "restarting",
    ],
    ["one that failed", "ActiveState=failed\nSubState=failed\nNRestarts=1\nExecMainStatus=3", "ended"],
  ] as const
) {
  Deno.test(`unitFacts() knows ${name}`, () => strictEqual(unitFacts(shown, "r1-aaaaaaa").status, status));
}

Deno.test("a unit that was never told of a release is not there", () => {
  strictEqual(unitFacts("ActiveState=inactive\nSubState=dead", "").status, "absent");
});

for (
  const [path, want] of [
    ["registry.npmjs.org/kysely/0.29.9", { name: "kysely", version: "0.29.9" }],
    ["registry.npmjs.org/@types/node/26.6.6", { name: "@types/node", version: "26.6.6" }],
    ["registry.npmjs.org/xmlbuilder/13.0.2/typings", null],
    ["registry.npmjs.org/@types/node", null],
    ["", null],
  ] as const
) {
  Deno.test(`packageAt() ${want ? "knows" : "sees none in"} "${path}"`, () =>
    deepStrictEqual(packageAt(path), want));
}
