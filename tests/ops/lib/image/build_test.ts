import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readImageArguments } from "../../../../ops/lib/image/arguments.ts";
import { buildImageArgv, buildTrouble } from "../../../../ops/lib/image/build.ts";

const ORDER = {
  client: "/usr/bin/docker",
  folder: "/opt/wattpost/releases/r1",
  tag: "wattpost:r1",
  ca: "/etc/ssl/ca.crt",
  sources: { version: "0.1.0", revision: "63e2c47", madeS: 1_700_000_000 },
};

Deno.test("buildImageArgv() says what was built and when it was made, and hands certificates over as a secret", () => {
  const argv = buildImageArgv(ORDER);
  deepStrictEqual(argv.slice(0, 4), ["/usr/bin/docker", "build", "--tag", "wattpost:r1"]);
  for (const given of ["REVISION=63e2c47", "CREATED=2023-11-14T22:13:20Z", "SOURCE_DATE_EPOCH=1700000000"]) {
    ok(argv.includes(given), given);
  }
  deepStrictEqual(argv.slice(-3), ["--secret", "id=ca,src=/etc/ssl/ca.crt", ORDER.folder]);
  ok(!buildImageArgv({ ...ORDER, ca: null }).includes("--secret"));
});

Deno.test("buildTrouble() says what helps", () => {
  match(
    buildTrouble("ERROR: BuildKit is enabled but the buildx component is missing or broken."),
    /docker-buildx/,
  );
  match(buildTrouble("npm error code SELF_SIGNED_CERT_IN_CHAIN\nself-signed certificate"), /--ca FILE/);
  strictEqual(buildTrouble("no space left on device\n"), "no space left on device");
});

const READ: readonly (readonly [args: readonly string[], expected: unknown])[] = [
  [[], { tag: "wattpost:dev", ca: null, dryRun: false }],
  [["--tag", "localhost:5000/wattpost:r1", "--dry-run"], {
    tag: "localhost:5000/wattpost:r1",
    ca: null,
    dryRun: true,
  }],
  [["--ca", "ca.crt"], { tag: "wattpost:dev", ca: "ca.crt", dryRun: false }],
  [["--help", "--nope"], null],
];
for (const [args, expected] of READ) {
  Deno.test(`readImageArguments() understands ${JSON.stringify(args)}`, () => {
    deepStrictEqual(readImageArguments(args), { ok: true, value: expected });
  });
}

for (const args of [["--tag"], ["--tag", "wattpost"], ["--tag", "--rm:x"], ["--ca", ""], ["now"]]) {
  Deno.test(`readImageArguments() refuses ${JSON.stringify(args)}`, () => {
    strictEqual(readImageArguments(args).ok, false);
  });
}
