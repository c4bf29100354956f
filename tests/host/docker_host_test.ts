import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { hostTest, withDocker } from "./docker.ts";
import { ensureImage, SLIM_IMAGE } from "./images.ts";

hostTest(
  "containers of one network reach each other over IPv4 and IPv6, and are gone after the test",
  async (docker) => {
    let prefix = "";
    await withDocker(async (inner) => {
      prefix = inner.nameOf("");
      await ensureImage(inner, SLIM_IMAGE);
      const network = await inner.network();
      const [one, other] = await Promise.all(
        ["one", "other"].map((what) => inner.container({ what, image: SLIM_IMAGE, network })),
      );
      if (!one || !other) throw new Error("two were started");
      await one.write("/etc/kept", "as it was\n", 0o640);
      strictEqual(await one.read("/etc/kept"), "as it was\n");
      match(await one.must(["stat", "-c", "%a", "/etc/kept"]), /^640$/m);
      const late = await one.exec(["sleep", "60"], { deadlineMs: 1_000 });
      strictEqual(late.code, 124);
      match(await one.must(["getent", "ahosts", other.name]), new RegExp(`^${other.ipv6} `, "m"));
    });
    const left = [
      await docker.must(["ps", "-a", "--format", "{{.Names}}"]),
      await docker.must(["network", "ls", "--format", "{{.Name}}"]),
    ];
    deepStrictEqual(left.join("\n").split("\n").filter((name) => name.startsWith(prefix)), []);
  },
);
