/**
 * The product's build, put into the release of a stand-in, so that the app runs there as it does on hosts.
 *
 * @module
 */
import { relative } from "node:path";
import { buildInto, PROJECT as SOURCE } from "../flows/built.ts";
import { PROJECT, type StandIn } from "./stand_in.ts";

/** Puts it there; `deno task test` has made it for all tests, a file that is run by itself makes its own. */
export async function putBuild(host: StandIn): Promise<void> {
  const made = Deno.env.get("WATTPOST_TEST_BUILD");
  if (made) return await copy(host, made);
  const folder = await Deno.makeTempDir({ prefix: "wattpost-build-" });
  try {
    await buildInto(folder);
    await copy(host, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function copy(host: StandIn, folder: string): Promise<void> {
  await host.copyIn(folder, `${PROJECT}/_fresh`);
  // It names the files of the project from where it was built.
  const from = `"${relative(folder, SOURCE)}/`;
  for (const name of ["server.js", "snapshot.js"]) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    await host.write(`${PROJECT}/_fresh/${name}`, text.replaceAll(from, '"../'));
  }
}
