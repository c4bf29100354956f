/**
 * `deno task scan` as it is called: its exit codes, and a list of what is accepted that is over or broken.
 *
 * @module
 */

import { match, strictEqual } from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

async function scan(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "scan", ...words],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}

const WRONG = [
  { words: ["--only", "nothing"], says: /There is no check "nothing"/ },
  { words: ["--target", "energy.example.com"], says: /Expected a host and a port/ },
  { words: ["--web-seconds", "1"], says: /Expected 10 to 7200 seconds/ },
  { words: ["--web-url", "ftp://x/"], says: /Expected the address of a page/ },
  { words: ["--address", "x; reboot"], says: /Expected an address/ },
  { words: ["--fast"], says: /--fast/ },
];
for (const { words, says } of WRONG) {
  Deno.test(`deno task scan refuses ${words.join(" ")}`, async () => {
    const { code, text } = await scan(...words);
    strictEqual(code, 2, text);
    match(text, says);
  });
}

Deno.test("what is accepted until a day that has passed counts again, and is named with its reason", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const list = JSON.parse(await Deno.readTextFile(`${ROOT}ops/scan_accepted.json`));
    const path = `${folder}/accepted.json`;
    await Deno.writeTextFile(path, JSON.stringify(list));
    // Docker may be installed here without running: then what was not seen is no pass either.
    const before = await scan("--only", "containers", "--accept-file", path);
    match(before.text, /0 findings count, 3 are accepted/);
    strictEqual(before.code, /Docker does not answer/.test(before.text) ? 3 : 0, before.text);
    const over = list.map((entry: object) => ({ ...entry, until: "2026-01-01" }));
    await Deno.writeTextFile(path, JSON.stringify(over));
    const { code, text } = await scan("--only", "containers", "--accept-file", path);
    strictEqual(code, 1, text);
    match(text, /Accepted until a day that has passed, 3:[^]*until 2026-01-01: MySQL/);
    await Deno.writeTextFile(path, `[{"check":"tls","id":"x","until":"2027-01-01"}]`);
    const broken = await scan("--only", "containers", "--accept-file", path);
    strictEqual(broken.code, 2);
    match(broken.text, /entry 1: it needs a reason/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
