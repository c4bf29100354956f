import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { takeLock } from "../../../../ops/lib/host/lock.ts";
import { HostError } from "../../../../ops/lib/host/step.ts";
import { withScene } from "./kit_scene.ts";

Deno.test("run() gives a program its arguments as they are, its input, and a small environment", async () => {
  await withScene(async ({ on }) => {
    const said = await on.run(["printf", "%s|%s", "$HOME; rm -rf /", "a b"]);
    strictEqual(said.out, "$HOME; rm -rf /|a b");
    strictEqual((await on.run(["cat"], { input: "given\n" })).out, "given\n");
    const env = (await on.run(["env"], { env: { MORE: "1" } })).out.trim().split("\n");
    deepStrictEqual(env.map((line) => line.split("=")[0]).toSorted(), [
      "HOME",
      "LANG",
      "LC_ALL",
      "MORE",
      "PATH",
    ]);
  });
});

Deno.test("run() says how a program ended, and that there is none", async () => {
  await withScene(async ({ on }) => {
    strictEqual((await on.run(["false"])).code, 1);
    deepStrictEqual(await on.run(["no-such-program"]), {
      code: 127,
      out: "",
      err: "There is no program no-such-program",
    });
    await rejects(on.must(["cat", "/nowhere/at all"]), (error: Error) => {
      ok(error instanceof HostError);
      match(error.message, /^cat '\/nowhere\/at all' failed with code 1: .*No such file/);
      return true;
    });
  });
});

Deno.test("run() ends a program at its deadline with all that it started", async () => {
  await withScene(async ({ on, at }) => {
    // The program waits for a child that names itself; both must be gone afterwards.
    const script = `sleep 600 & echo $! > "$1"; wait`;
    const end = await on.run(["sh", "-c", script, "sh", at("pid")], { deadlineMs: 2_000 });
    strictEqual(end.code, 124);
    match(end.err, /Ended after 2 s, which is its deadline/);
    const pid = (await on.read(at("pid")))?.trim() ?? "";
    match(pid, /^\d+$/);
    const stateOf = async () =>
      /^State:\s+(\S)/m.exec(await on.read(`/proc/${pid}/status`) ?? "")?.[1] ?? "gone";
    const signal = AbortSignal.timeout(30_000);
    while (!["gone", "X", "Z"].includes(await stateOf())) signal.throwIfAborted();
  });
});

Deno.test("run() does not wait for a daemon that holds its output open", async () => {
  await withScene(async ({ on, at }) => {
    const script = `setsid sleep 600 & echo $! > "$1"`;
    const end = await on.run(["sh", "-c", script, "sh", at("pid")], { deadlineMs: 60_000 });
    strictEqual(end.code, 0);
    Deno.kill(Number(await on.read(at("pid"))), "SIGKILL");
  });
});

Deno.test("write() replaces a file whole, with its mode, and leaves nothing beside it", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    await Deno.writeTextFile(at("a"), "old", { mode: 0o666 });
    const before = (await Deno.stat(at("a"))).ino;
    await on.write(at("a"), { text: "new", mode: 0o4640, owner });
    notStrictEqual((await Deno.stat(at("a"))).ino, before);
    deepStrictEqual(await all(), ["a 4640 new"]);
    await rejects(on.write(at("no/a"), { text: "", mode: 0o600, owner }), /there is no such file or folder/);
    await rejects(
      on.write(at("a"), { text: "", mode: 0o600, owner: "nobody-such:x" }),
      /there is no user "nobody-such"/,
    );
    deepStrictEqual(await all(), ["a 4640 new"]);
  });
});

Deno.test("write() of several at once leaves the whole text of one of them, and none fails", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    const texts = Array.from({ length: 20 }, (_, i) => `${i} `.repeat(20_000 * (i + 1)));
    await Promise.all(texts.map((text) => on.write(at("a"), { text, mode: 0o600, owner })));
    ok(texts.includes(await on.read(at("a")) ?? ""));
    strictEqual((await all()).length, 1);
  });
});

Deno.test("write() goes on where a write was killed", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    await Deno.writeTextFile(at(".wattpost-new.a"), "half");
    await Deno.utime(at(".wattpost-new.a"), new Date(0), new Date(0));
    await on.write(at("a"), { text: "whole", mode: 0o600, owner });
    deepStrictEqual(await all(), ["a 600 whole"]);
  });
});

Deno.test("read() and setModes() follow no link", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    await Deno.writeTextFile(at("a"), "text", { mode: 0o600 });
    await Deno.symlink(at("a"), at("link"));
    strictEqual(await on.read(at("nothing")), null);
    await rejects(on.read(at("link")), /there is a link, which is not followed/);
    await rejects(on.setModes(at("link"), { mode: 0o666, owner }), /there is a link/);
    deepStrictEqual(await all(), ["a 600 text", `link -> ${at("a")}`]);
    strictEqual((await on.stat(at("link")))?.target, at("a"));
  });
});

Deno.test("kept remembers by name, once where told, and lists", async () => {
  await withScene(async ({ on: { kept }, state }) => {
    strictEqual(await kept.get("a /x"), undefined);
    deepStrictEqual(await kept.list(""), []);
    await kept.set("a /x", { n: 1 });
    await kept.set("a /x", { n: 2 }, { once: true });
    await kept.set(`b ${"long/".repeat(100)}`, null);
    deepStrictEqual(await kept.get("a /x"), { n: 1 });
    deepStrictEqual(await kept.list("a "), ["a /x"]);
    strictEqual((await kept.list("")).length, 2);
    strictEqual(((await Deno.stat(state)).mode ?? 0) & 0o777, 0o700);
    for await (const { name } of Deno.readDir(state)) {
      strictEqual(((await Deno.stat(`${state}/${name}`)).mode ?? 0) & 0o777, 0o600);
    }
    await kept.remove("a /x");
    await kept.remove("a /x");
    deepStrictEqual(await kept.list("a "), []);
  });
});

Deno.test("takeLock() lets one in, and the next one after it", async () => {
  await withScene(async ({ at }) => {
    const first = await takeLock(at("lock"));
    strictEqual(await takeLock(at("lock")), null);
    await first?.release();
    const second = await takeLock(at("lock"));
    ok(second);
    await second.release();
    strictEqual(await Deno.stat(at("lock")).catch(() => null), null);
  });
});
