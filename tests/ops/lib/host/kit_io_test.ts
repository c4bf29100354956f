import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { absent, file, folder, link, step } from "../../../../ops/lib/host/kit.ts";
import { HostError, type Reaction } from "../../../../ops/lib/host/step.ts";
import { type Scene, withScene } from "./kit_scene.ts";

function test(name: string, body: (scene: Scene) => Promise<void>): void {
  Deno.test(name, () => withScene(body));
}

test("step() applies once, has nothing to do a second time, and leaves no trace when it is undone", async (scene) => {
  const { on, at, owner, all } = scene;
  await Deno.writeTextFile(at("theirs.conf"), "\uFEFFtheirs, not ours", { mode: 0o600 });
  await Deno.writeTextFile(at("away"), "in the way\n");
  await Deno.symlink("elsewhere", at("link"));
  const before = await all();
  const made = step("all", "", [
    folder({ path: at("folder"), mode: 0o750, owner }),
    file({ path: at("folder/deep/er/ours.conf"), text: "ours\n", mode: 0o640, owner }),
    file({ path: at("theirs.conf"), text: "ours\n", owner }),
    link({ path: at("link"), target: "folder" }),
    absent({ path: at("away") }),
  ]);
  strictEqual((await made.check(on)).length, 5);
  await made.apply(on);
  deepStrictEqual(await made.check(on), []);
  deepStrictEqual(await all(), [
    "folder/ 750",
    "folder/deep/ 755",
    "folder/deep/er/ 755",
    "folder/deep/er/ours.conf 640 ours\n",
    "link -> folder",
    "theirs.conf 644 ours\n",
  ]);
  const inode = (await Deno.stat(at("theirs.conf"))).ino;
  await made.apply(on);
  strictEqual((await Deno.stat(at("theirs.conf"))).ino, inode);
  await made.undo(on);
  deepStrictEqual(await all(), before);
  deepStrictEqual(await on.kept.list(""), []);
  await made.undo(on);
  deepStrictEqual(await all(), before);
});

test("file() gives back what was there first, however often it changed since", async ({ on, at, owner, all }) => {
  await Deno.writeTextFile(at("a.conf"), "first\n");
  for (const text of ["second\n", "third\n"]) {
    await step("a", "", [file({ path: at("a.conf"), text, owner })]).apply(on);
    await Deno.writeTextFile(at("a.conf"), "changed by hand\n");
  }
  await file({ path: at("a.conf"), text: "fourth\n", owner }).undo(on);
  deepStrictEqual(await all(), ["a.conf 644 first\n"]);
});

test("file() mends a mode without writing, and says what it is", async ({ on, at, owner }) => {
  const part = file({ path: at("a.conf"), text: "a\n", mode: 0o640, owner });
  await part.apply(on);
  await Deno.chmod(at("a.conf"), 0o666);
  const [drift] = await part.check(on);
  deepStrictEqual([drift?.is, drift?.expected], [`0666 ${owner}`, `0640 ${owner}`]);
  const { ino } = await Deno.stat(at("a.conf"));
  await part.apply(on);
  strictEqual((await Deno.stat(at("a.conf"))).ino, ino);
  deepStrictEqual(await part.check(on), []);
});

test("file() that its check refuses leaves the old one, and says why", async ({ on, at, owner, all }) => {
  await Deno.writeTextFile(at("a.conf"), "good\n");
  const part = file({
    path: at("a.conf"),
    text: "bad\n",
    owner,
    verify: (path) => ["grep", "-H", "good", path],
  });
  await rejects(part.apply(on), (error: Error) => {
    ok(error instanceof HostError);
    match(
      error.message,
      new RegExp(`^Cannot write "${at("a.conf")}": grep -H good ${at("a.conf")} refuses it`),
    );
    return true;
  });
  deepStrictEqual(await all(), ["a.conf 644 good\n"]);
});

test("file() in the place of a link leaves alone what the link leads to", async ({ on, at, owner, all }) => {
  await Deno.writeTextFile(at("secret"), "secret\n", { mode: 0o600 });
  await Deno.symlink(at("secret"), at("a.conf"));
  const part = file({ path: at("a.conf"), text: "ours\n", owner });
  match((await part.check(on))[0]?.is ?? "", /^a link to /);
  await part.apply(on);
  deepStrictEqual(await all(), ["a.conf 644 ours\n", "secret 600 secret\n"]);
  await part.undo(on);
  deepStrictEqual(await all(), [`a.conf -> ${at("secret")}`, "secret 600 secret\n"]);
});

test("file() does not touch what it could not put back", async ({ on, at, owner }) => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0);
  await Deno.writeFile(at("a.bin"), bytes);
  await rejects(file({ path: at("a.bin"), text: "a\n", owner }).apply(on), /it is no text/);
  deepStrictEqual(await Deno.readFile(at("a.bin")), bytes);
  await Deno.mkdir(at("folder"));
  await rejects(file({ path: at("folder"), text: "a\n", owner }).apply(on), /there is a folder/);
});

test("file() shows no secret", async ({ on, at, owner }) => {
  const drift = await file({ path: at("key"), text: "hunter2\n", owner, secret: true }).check(on);
  ok(!JSON.stringify(drift).includes("hunter2"));
  match(drift[0]?.does.join() ?? "", /its text is a secret/);
});

test("step() does once what two files want done, after both and after its guard", async ({ on, at, owner }) => {
  const then: readonly Reaction[] = [{
    name: "reload",
    guard: ["test", "-f", at("b.conf")],
    argv: ["mkdir", at("reloaded")],
  }];
  const made = step(
    "two",
    "",
    ["a.conf", "b.conf"].map((name) => file({ path: at(name), text: name, owner, then })),
  );
  await made.apply(on);
  strictEqual((await on.stat(at("reloaded")))?.kind, "folder");
  await Deno.remove(at("reloaded"));
  await made.apply(on);
  strictEqual(await on.stat(at("reloaded")), null);
});

test("step() gives a daemon that restarts on a busy host more than a minute", async ({ on, at, owner }) => {
  const deadlinesMs: (number | undefined)[] = [];
  const watched: typeof on = {
    ...on,
    must: (argv, options) => {
      if (argv[0] === "true") deadlinesMs.push(options?.deadlineMs);
      return on.must(argv, options);
    },
  };
  const then: readonly Reaction[] = [{ name: "restart", guard: ["true", "guard"], argv: ["true"] }];
  await step("a", "", [file({ path: at("a.conf"), text: "a\n", owner, then })]).apply(watched);
  deepStrictEqual(deadlinesMs, [300_000, 300_000]);
});

test("step() says in the guard's words why a reload waits, and does it once that is mended", async (scene) => {
  const { on, at, owner } = scene;
  const then: readonly Reaction[] = [{
    name: "reload",
    guard: ["cat", at("mended")],
    argv: ["mkdir", at("reloaded")],
  }];
  const made = step("a", "", [file({ path: at("a.conf"), text: "a\n", owner, then })]);
  await rejects(made.apply(on), /cat .*mended failed with code 1: .*No such file/);
  deepStrictEqual((await made.check(on)).map(({ what, is }) => [what, is]), [[
    "reload",
    "not done since a file changed",
  ]]);
  await Deno.writeTextFile(at("mended"), "");
  await made.apply(on);
  deepStrictEqual(await made.check(on), []);
  strictEqual((await on.stat(at("reloaded")))?.kind, "folder");
});

test("step() does after a kill what had to be done, though the file is right already", async (scene) => {
  const { on, at, owner, state } = scene;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", script("kit_killed.ts"), state, at("a.conf"), owner],
    detached: true,
    stdout: "null",
    stderr: "null",
  }).spawn();
  const signal = AbortSignal.timeout(60_000);
  while (await on.stat(at("a.conf")) === null) signal.throwIfAborted();
  Deno.kill(-child.pid, "SIGKILL");
  await child.status;
  const then: readonly Reaction[] = [{ name: "reload", argv: ["mkdir", at("reloaded")] }];
  const made = step("file", "", [file({ path: at("a.conf"), text: "new\n", owner, then })]);
  strictEqual((await made.check(on)).length, 1);
  await made.apply(on);
  deepStrictEqual(await made.check(on), []);
  strictEqual((await on.stat(at("reloaded")))?.kind, "folder");
});

test("file() that is undone tells those who read it", async ({ on, at, owner }) => {
  const then: readonly Reaction[] = [{ name: "reload", argv: ["cp", at("a.conf"), at("read")] }];
  await Deno.writeTextFile(at("a.conf"), "before\n");
  const made = step("a", "", [file({ path: at("a.conf"), text: "ours\n", owner, then })]);
  await made.apply(on);
  strictEqual(await on.read(at("read")), "ours\n");
  await made.undo(on);
  strictEqual(await on.read(at("read")), "before\n");
});

test("file() that is undone leaves nothing of a write that was killed", async ({ on, at, owner, all }) => {
  await Deno.writeTextFile(at("a.conf"), "before\n");
  const part = file({ path: at("a.conf"), text: "ours\n", owner });
  await part.apply(on);
  for (const what of ["new", "check", "link"]) {
    await Deno.writeTextFile(at(`.wattpost-${what}.a.conf`), "half");
  }
  await part.undo(on);
  deepStrictEqual(await all(), ["a.conf 644 before\n"]);
});

test("folder() keeps what people put in it, unless it goes whole", async ({ on, at, owner, all }) => {
  const kept = folder({ path: at("kept"), mode: 0o750, owner });
  const whole = folder({ path: at("whole"), mode: 0o750, owner, whole: true });
  for (const part of [kept, whole]) await part.apply(on);
  for (const name of ["kept", "whole"]) await Deno.writeTextFile(at(`${name}/a`), "a");
  for (const part of [kept, whole]) await part.undo(on);
  deepStrictEqual(await all(), ["kept/ 750", "kept/a 644 a"]);
});

test("folder() follows no link, and gives back the mode it found", async ({ on, at, owner, all }) => {
  await Deno.mkdir(at("theirs"), { mode: 0o700 });
  await Deno.symlink("theirs", at("link"));
  await rejects(folder({ path: at("link"), mode: 0o755, owner }).apply(on), /there is a link to theirs/);
  const part = folder({ path: at("theirs"), mode: 0o755, owner });
  await part.apply(on);
  await part.undo(on);
  deepStrictEqual(await all(), ["link -> theirs", "theirs/ 700"]);
});

test("link() with ifAbsent leaves a link that somebody switched", async ({ on, at }) => {
  const part = link({ path: at("current"), target: "one", ifAbsent: true });
  await part.apply(on);
  await Deno.remove(at("current"));
  await Deno.symlink("two", at("current"));
  deepStrictEqual(await part.check(on), []);
  strictEqual((await link({ path: at("current"), target: "one" }).check(on)).length, 1);
});

function script(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
