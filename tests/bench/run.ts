/**
 * `deno task bench [NAME]…`: runs the measurements of this folder one after another, each in a process of its own, so
 * that none warms the next. `deno task bench store` runs `store_bench.ts` alone.
 *
 * @module
 */

const FOLDER = new URL("./", import.meta.url);

/** The measurements, by name. */
function names(): readonly string[] {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => /^(.+)_bench\.ts$/.exec(name)?.[1]);
  return files.filter((name) => name !== undefined).sort();
}

const wanted = Deno.args.filter((argument) => !argument.startsWith("--"));
const options = Deno.args.filter((argument) => argument.startsWith("--"));
const unknown = wanted.filter((name) => !names().includes(name));
if (unknown.length > 0) {
  console.error(`No measurement is called ${unknown.join(" or ")}; there are ${names().join(", ")}`);
  Deno.exit(2);
}

let worst = 0;
for (const name of wanted.length > 0 ? wanted : names()) {
  console.log(`\n${name}`);
  const file = new URL(`${name}_bench.ts`, FOLDER).pathname;
  const bench = new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", "--allow-all", file, ...options],
  });
  worst = Math.max(worst, (await bench.spawn().status).code);
}
Deno.exit(worst);
