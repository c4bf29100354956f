/**
 * The commands of docs/api.md work as they stand there.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { ask } from "../flows/running_product.ts";
import { type Door, withDoor } from "./api_door.ts";
import { api } from "./api_estate.ts";

const PAGE = Deno.readTextFileSync(new URL("../../docs/api.md", import.meta.url));

/** The commands that begin with `curl`. */
const COMMANDS = [...PAGE.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = ""]) =>
  block.split("\n").filter((line) => line.startsWith("curl "))
);

/** The words of a command as a shell splits them: quotes taken off, variables put in. */
function wordsOf(command: string, variables: Readonly<Record<string, string>>): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) =>
    single ?? (double ?? bare ?? "").replaceAll(/\$([A-Z]+)/g, (_, name) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`Nothing says what $${name} is`);
      return value;
    })
  );
}

async function run(command: string, variables: Readonly<Record<string, string>>): Promise<number> {
  const [curl, ...words] = wordsOf(command, variables);
  strictEqual(curl, "curl");
  const headers = new Headers();
  let url = "";
  let init: RequestInit = {};
  for (let at = 0; at < words.length; at++) {
    const next = words[at + 1] ?? "";
    if (words[at] === "-H") {
      headers.append(next.slice(0, next.indexOf(":")), next.slice(next.indexOf(":") + 1).trim());
    } else if (words[at] === "-X") init = { ...init, method: next };
    else if (words[at] === "-d") init = { ...init, body: next };
    else {
      ok(!words[at]?.startsWith("-"), `an option of curl that is not known here: ${words[at]}`);
      url = words[at] ?? "";
      continue;
    }
    at += 1;
  }
  const { origin, pathname, search } = new URL(url);
  return (await ask(origin, pathname + search, { ...init, headers })).status;
}

async function variablesOf({ flow, tokens, mill }: Door): Promise<Readonly<Record<string, string>>> {
  const { headers } = await api(flow, `/sites/${mill.siteId}`, { token: tokens.all });
  return {
    WATTPOST: flow.origin,
    TOKEN: tokens.all,
    SITE: String(mill.siteId),
    DEVICE: String(mill.deviceId),
    CHANNEL: String(mill.channels.importWh),
    ETAG: headers.get("etag") ?? "",
    KEY: "0f8e5a1c-7d42-4b4e-9a55-2f6f9f6b1a77",
  };
}

Deno.test("docs/api.md shows commands that work", async (t) => {
  ok(COMMANDS.length >= 9);
  await withDoor(async (door) => {
    for (const command of COMMANDS) {
      await t.step(command, async () => {
        strictEqual(
          await run(command, await variablesOf(door)),
          command.includes("If-None-Match") ? 304 : 200,
        );
      });
    }
  });
});
