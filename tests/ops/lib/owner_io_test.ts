import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { strangerText } from "../../../ops/lib/owner.ts";

async function withFolder(run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-owner-" });
  try {
    await run(folder);
    deepStrictEqual([...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith(".wattpost")), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a database of the user who runs the task is worked on, there or not, and so is a server", async () => {
  await withFolder(async (folder) => {
    strictEqual(strangerText(`sqlite:${folder}/a.db`), undefined);
    await Deno.writeTextFile(`${folder}/a.db`, "");
    strictEqual(strangerText(`sqlite:${folder}/a.db`), undefined);
    strictEqual(strangerText("sqlite:/nowhere/a.db"), undefined);
    strictEqual(strangerText("sqlite::memory:"), undefined);
    strictEqual(strangerText("mysql://w:x@127.0.0.1/wattpost"), undefined);
  });
});

const isRoot = Deno.uid() === 0;

Deno.test({
  name: "root does not open the app's file of SQLite: its journal would be root's" +
    (isRoot ? "" : ", which only root can try"),
  ignore: !isRoot,
  fn: async () => {
    await withFolder(async (folder) => {
      await Deno.chown(folder, 65_532, 65_532);
      match(strangerText(`sqlite:${folder}/a.db`) ?? "", /as user 0: it is user 65532's/);
      await Deno.chown(folder, 0, 0);
      await Deno.writeTextFile(`${folder}/a.db`, "");
      await Deno.chown(`${folder}/a.db`, 65_532, 65_532);
      match(strangerText(`sqlite:${folder}/a.db`) ?? "", /Run it as the app's user/);
    });
  },
});

Deno.test({
  name: "root is known by its id where a task may write nothing" +
    (isRoot ? "" : ", which only root can try"),
  ignore: !isRoot,
  fn: async () => {
    await withFolder(async (folder) => {
      const { href } = new URL("../../../ops/lib/owner.ts", import.meta.url);
      const asks =
        `import { strangerText } from "${href}"; console.log(strangerText("sqlite:${folder}/a.db"));`;
      await Deno.writeTextFile(`${folder}/asks.ts`, asks);
      await Deno.chown(folder, 65_532, 65_532);
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--no-check", "--allow-read", "--allow-sys=uid", `${folder}/asks.ts`],
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      match(new TextDecoder().decode(stdout), /as user 0: it is user 65532's/);
    });
  },
});
