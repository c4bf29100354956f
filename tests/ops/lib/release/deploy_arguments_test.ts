import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readDeployArguments } from "../../../../ops/lib/release/deploy_arguments.ts";
import { placeOf } from "../../../../ops/lib/release/place.ts";

function read(text: string) {
  return readDeployArguments(text === "" ? [] : text.split(" "));
}

const REFUSED = [
  ["--image -x", /--image wants a value|cannot be the name/],
  ["--image ", /--image wants a value/],
  ["--root  --name x", /--root wants a value/],
  ["--ready-within ", /--ready-within wants a value/],
  ["--root /srv/x --name x status", /"status" is a command; only one is given, before all options/],
  ["status history", /"history" is a command; only one is given/],
  ["--image a$b", /cannot be the name of an image/],
  ["--image a:1 --configuration", /not both/],
  ["--image a:1 --image b:1", /there twice/],
  ["--run pods", /neither containers nor units/],
  ["--ready-within 4", /whole seconds from 5 to 3600/],
  ["--ready-within 1.5", /whole seconds/],
  ["--ready-within", /wants a value/],
  ["--root /srv/x", /both or neither/],
  ["--root srv --name x", /no folder from \/ on/],
  ["--root /srv/../etc --name x", /no folder from \/ on/],
  ["--root /srv/x --name X", /lower-case letters/],
  ["status --dry-run", /status takes no "--dry-run"/],
  ["resume --image a:1", /resume takes no "--image"/],
  ["rollback newest", /is no release; they are called like/],
  ["rollback r1-aaaaaaa r2-bbbbbbb", /no command and no option/],
  ["jump", /no command and no option/],
] as const;

for (const [text, words] of REFUSED) {
  Deno.test(`"${text}" is refused with what is wrong`, () => {
    const refused = read(text);
    match(refused.ok ? "" : refused.error, words);
  });
}

Deno.test("help is asked for with --help wherever it stands", () => {
  deepStrictEqual(read("status --help"), { ok: true, value: null });
});

Deno.test("nothing said is a deploy of this project with its usual settings", () => {
  const order = read("");
  strictEqual(order.ok && order.value?.command, "deploy");
  strictEqual(order.ok && order.value?.readyWithinS, 180);
  strictEqual(order.ok && order.value?.backup, true);
});

Deno.test("what is said is taken", () => {
  const order = read(
    "--image wattpost:17 --without-backup --run containers --root /srv/trial --name trial --dry-run",
  );
  deepStrictEqual(order.ok && order.value, {
    command: "deploy",
    image: "wattpost:17",
    configuration: false,
    backup: false,
    dryRun: true,
    json: false,
    run: "containers",
    readyWithinS: 180,
    ca: null,
    release: null,
    place: placeOf({ root: "/srv/trial", name: "trial" }),
  });
  const back = read("rollback r15-1f0c2aa");
  strictEqual(back.ok && back.value?.release, "r15-1f0c2aa");
});
