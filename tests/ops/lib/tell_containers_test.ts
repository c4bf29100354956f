import { deepStrictEqual } from "node:assert/strict";
import { tellContainers } from "../../../ops/lib/tell_containers.ts";

const BLUE = "b".repeat(64);
const GREEN = "9".repeat(64);

Deno.test("tellContainers() sends SIGHUP to each colour that runs and says which could not be told", async () => {
  const sent: string[] = [];
  const end = await tellContainers((args) => {
    const filters = args.join(" ");
    if (args[0] === "kill") {
      sent.push(filters);
      return Promise.resolve({ code: args.includes(GREEN) ? 1 : 0, out: "", err: "" });
    }
    const runs = filters.includes("project=wattpost ") && filters.includes("oneoff=False");
    const id = filters.includes("service=blue ") ? BLUE : GREEN;
    return Promise.resolve({ code: 0, out: runs ? `${id}\n` : "", err: "" });
  }, "wattpost");
  deepStrictEqual(sent, [`kill --signal HUP ${BLUE}`, `kill --signal HUP ${GREEN}`]);
  deepStrictEqual(end, { told: ["blue (bbbbbbbbbbbb)"], failed: ["green (999999999999)"] });
});

Deno.test("tellContainers() tells nobody where there is no Docker, or it does not answer", async () => {
  const end = await tellContainers(
    () => Promise.resolve({ code: 1, out: "", err: "Cannot connect to the Docker daemon" }),
    "wattpost",
  );
  deepStrictEqual(end, { told: [], failed: [] });
});
