import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { openToOthers, rootsOwn } from "../../../../ops/lib/host/base_roots_own.ts";
import { HostError } from "../../../../ops/lib/host/step.ts";
import { withScene } from "./kit_scene.ts";

Deno.test("what the system brings is root's alone, and what is not there nobody's", async () => {
  await withScene(async ({ on }) => {
    strictEqual(await openToOthers(on, "/usr/bin/env"), null);
    strictEqual(await openToOthers(on, "/usr/share/zoneinfo"), null);
    strictEqual(await openToOthers(on, "/nowhere"), null);
  });
});

Deno.test("root runs nothing that lies where others may put things, be it behind a link", async () => {
  await withScene(async ({ on, at }) => {
    await Deno.mkdir(at("release"));
    await Deno.writeTextFile(at("release/deno.json"), "{}");
    await Deno.chmod(at("release/deno.json"), 0o666);
    await Deno.symlink(at("release"), at("current"));
    const part = rootsOwn([at("current")]);
    const drift = await part.check(on);
    deepStrictEqual(drift.map(({ what }) => what), [at("current")]);
    match(drift[0]?.is ?? "", /can be changed by others than root/);
    await rejects(part.apply(on), (error: Error) => {
      match(error.message, /^Root would run what others can change: "\//);
      return error instanceof HostError;
    });
  });
});
