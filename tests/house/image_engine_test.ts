import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { engines, testOnEngines } from "../engines/mod.ts";
import { instruction, readText, runInImage, unpackImage } from "./image.ts";

/** What the service `migrate` of compose.yaml hands to the image. */
const MIGRATE = /^ {2}migrate:[^]*?command:\n {6}- (\S+)\n/m.exec(readText("compose.yaml"))?.[1] ?? "";

const SITE =
  "--name=Kiln_Lane --zone=Europe/London --host=10.0.0.7 --port=502 --profile=eastron-sdm630 --unit=1"
    .split(" ").map((word) => word.replace("_", " "));

testOnEngines(
  await engines(),
  "the image's own command lines migrate and register",
  async (url, { name }) => {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-image-" });
    try {
      await unpackImage(folder);
      const env = { DATABASE_URL: name === "sqlite" ? "sqlite:data/test.db" : url };
      const command = [...instruction("ENTRYPOINT"), MIGRATE];
      const plan = await runInImage(folder, [...command, "--dry-run"], env);
      deepStrictEqual([plan.code, plan.output.includes("Sites come first")], [0, true], plan.output);
      const applied = await runInImage(folder, command, env);
      strictEqual(applied.code, 0, applied.output);
      match(applied.output, /Applied \d+\n$/);
      const registered = await runInImage(
        folder,
        [...instruction("ENTRYPOINT"), "ops/register.ts", ...SITE],
        env,
      );
      match(
        registered.output,
        /^Registered "Kiln Lane": 1 addresses, 1 ports, 1 meters, \d+ channels as site 1\n/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("the image's check of health ends with 1 where nothing answers, and says nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-image-" });
  try {
    await unpackImage(folder);
    const end = await runInImage(folder, instruction("CMD"), { LISTEN: "127.0.0.1:9" });
    deepStrictEqual(end, { code: 1, output: "" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
