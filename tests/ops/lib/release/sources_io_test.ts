import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { IDS } from "../../../../ops/lib/host/layout.ts";
import { openMachine } from "../../../../ops/lib/host/machine.ts";
import { copySources } from "../../../../ops/lib/release/sources.ts";
import { withFolder } from "../backup/scene.ts";

const isRoot = Deno.uid() === 0;

Deno.test({
  name: "sources of a release are for root and the app's group, whatever else lay in the project" +
    (isRoot ? "" : ", which only root can try"),
  ignore: !isRoot,
  fn: () =>
    withFolder(async (folder) => {
      const [from, to] = [`${folder}/project`, `${folder}/releases/r1-aaaaaaa`];
      for (const path of ["ops", "secrets", ".git"]) await Deno.mkdir(`${from}/${path}`, { recursive: true });
      for (
        const [path, mode] of [["main.ts", 0o664], ["backup.key", 0o600], ["ops/host.json", 0o600]] as const
      ) {
        await Deno.writeTextFile(`${from}/${path}`, "text", { mode });
      }
      await Deno.chmod(folder, 0o755);
      await copySources(openMachine(`${folder}/state`), { from, to });
      deepStrictEqual([...Deno.readDirSync(to)].map(({ name }) => name).sort(), [
        "backup.key",
        "main.ts",
        "ops",
      ]);
      deepStrictEqual([...Deno.readDirSync(`${to}/ops`)], []);
      const can = async (uid: number, gid: number, path: string) => {
        const { success } = await new Deno.Command("cat", { args: [`${to}/${path}`], uid, gid }).output();
        return success;
      };
      strictEqual(await can(IDS.app.id, IDS.app.id, "main.ts"), true, "the app's group reads it");
      strictEqual(await can(65_533, 65_533, "backup.key"), false, "nobody else does");
      const { mode, uid } = await Deno.stat(`${to}/main.ts`);
      deepStrictEqual([(mode ?? 0) & 0o777, uid], [0o644, 0]);
    }),
});

Deno.test({
  name: "a project with a link that leads out of it is no release, one within it is" +
    (isRoot ? "" : ", which only root can try"),
  ignore: !isRoot,
  fn: () =>
    withFolder(async (folder) => {
      const [from, to] = [`${folder}/project`, `${folder}/releases/r1-aaaaaaa`];
      const on = openMachine(`${folder}/state`);
      await Deno.mkdir(`${from}/ops`, { recursive: true });
      await Deno.writeTextFile(`${from}/main.ts`, "text");
      await run(["ln", "-s", "../main.ts", `${from}/ops/again.ts`]);
      await copySources(on, { from, to });
      strictEqual(await Deno.readTextFile(`${to}/ops/again.ts`), "text");
      await run(["ln", "-s", "../../elsewhere.ts", `${from}/ops/more.ts`]);
      await rejects(copySources(on, { from, to: `${folder}/releases/r2-aaaaaaa` }), {
        message: '"ops/more.ts" is a link to "../../elsewhere.ts", out of the project: a release has none',
      });
    }),
});

async function run([program, ...args]: readonly [string, ...string[]]): Promise<void> {
  strictEqual((await new Deno.Command(program, { args: [...args] }).output()).code, 0);
}
