import { rejects, strictEqual } from "node:assert/strict";
import { countTry } from "../../../lib/kv/limits.ts";
import { askKv, askWithin, KvError, openKv, pingKv } from "../../../lib/kv/mod.ts";

Deno.test("askKv() says what was being done when the store does not do it", async () => {
  await rejects(
    askKv("look up a session", () => Promise.reject(new Error("disk I/O error"))),
    new KvError("look up a session", "disk I/O error"),
  );
  strictEqual(await askKv("count a try", () => Promise.resolve(3)), 3);
});

Deno.test("askKv() asks again while another process holds the file, as at a switch of releases", async () => {
  let asked = 0;
  const held = () => ++asked < 4 ? Promise.reject(new Error("database is locked")) : Promise.resolve("there");
  strictEqual(await askKv("look up a session", held), "there");
  const always = () => Promise.reject(new TypeError("database is locked"));
  await rejects(askWithin({ doing: "count a try", deadlineMs: 100 }, always), {
    name: "KvError",
    message: "Cannot count a try: no answer in 100 ms",
  });
});

Deno.test("askKv() answers while another process writes to the same file all the time", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-kv-" });
  const writer = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--unstable-kv",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      "-",
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const input = writer.stdin.getWriter();
    await input.write(new TextEncoder().encode(WRITER(`${folder}/kv.db`)));
    await input.close();
    const said = writer.stdout.getReader();
    await said.read();
    said.releaseLock();
    using kv = await openKv(`${folder}/kv.db`);
    const limit = { name: "trial", tries: 10_000, windowMs: 3_600_000 };
    for (let n = 0; n < 100; n++) {
      strictEqual((await countTry(kv, limit, { who: "us", nowMs: 0 })).left, 9_999 - n);
    }
  } finally {
    writer.kill("SIGKILL");
    await writer.stdout.cancel();
    await writer.status;
    await Deno.remove(folder, { recursive: true });
  }
});

/** Writes as fast as it can, says so once, and never ends by itself. */
const WRITER = (path: string) => `
  const kv = await Deno.openKv(${JSON.stringify(path)});
  for (let n = 0; ; n++) {
    const entry = await kv.get(["theirs"]);
    await kv.atomic().check(entry).set(["theirs"], n).commit().catch(() => {});
    if (n === 0) console.log("writes");
  }
`;

Deno.test("askWithin() does not wait for ever", async () => {
  await rejects(
    askWithin({ doing: "end a session", deadlineMs: 5 }, () => new Promise(() => {})),
    new KvError("end a session", "no answer in 5 ms"),
  );
});

Deno.test("pingKv() is not content with a store that takes nothing", async () => {
  using kv = await openKv(":memory:");
  await pingKv(kv);
  const readOnly = new Proxy(kv, {
    get(target, name) {
      if (name === "set") return () => Promise.reject(new Error("attempt to write a readonly database"));
      return Reflect.get(target, name).bind(target);
    },
  });
  await rejects(pingKv(readOnly), KvError);
});
