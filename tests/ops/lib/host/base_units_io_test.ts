import { deepStrictEqual, match, ok } from "node:assert/strict";
import { sudoCommands } from "../../../../ops/lib/host/base_access.ts";
import { appRights, appUnitText } from "../../../../ops/lib/host/base_units.ts";
import { PATHS } from "../../../../ops/lib/host/layout.ts";

/** The rights of a command, each with the sorted things that it names. */
function rightsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    words.filter((word) => word.startsWith("--")).map((word) => {
      const [name = "", things = ""] = word.split("=", 2);
      return [name, things.split(",").sort()] as const;
    }),
  );
}

Deno.test("the app's unit has the permissions of deno task app, its data and its socket, and no more", () => {
  const task: string = JSON.parse(Deno.readTextFileSync("deno.json")).tasks.app.command;
  const moved = task.replaceAll(/(?<=[=,])data(?=[, ]|$)/g, PATHS.data);
  const expected = new Map(rightsOf(moved.split(" ")));
  for (const name of ["--allow-read", "--allow-write"]) {
    expected.set(name, [...expected.get(name) ?? [], `${PATHS.sockets}/%i.sock`].sort());
  }
  deepStrictEqual(rightsOf(appRights()), expected);
});

Deno.test("the app's unit waits as long as Docker does while it drains", () => {
  const [, grace] = /stop_grace_period: (\d+)s$/m.exec(Deno.readTextFileSync("compose.yaml")) ?? [];
  match(appUnitText(), new RegExp(`^TimeoutStopSec=${grace}$`, "m"));
});

Deno.test("compose.yaml limits the logs of the app's containers as the daemon does", () => {
  const text = Deno.readTextFileSync("compose.yaml");
  ok(
    /logging:(?: &\w+)?\n {4}driver: json-file\n {4}options:\n {6}max-size: 10m\n {6}max-file: "5"\n/.test(
      text,
    ),
  );
});

Deno.test("every task that deploy may run as root is a task of the project", () => {
  const tasks: Readonly<Record<string, unknown>> = JSON.parse(Deno.readTextFileSync("deno.json")).tasks;
  const named = sudoCommands().filter(([program]) => program === PATHS.deno).map((argv) => argv[5] ?? "");
  ok(named.length > 10);
  deepStrictEqual(named.filter((name) => !Object.hasOwn(tasks, name)), []);
});
