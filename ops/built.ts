/**
 * Says what to do where the build is missing, before Deno would only miss a file: `deno task start` asks first.
 *
 * @module
 */

/** What is missing and what helps; `null`: the build is there. `entry` is the file that the product starts from. */
export async function missingBuildText(entry: string): Promise<string | null> {
  try {
    await Deno.stat(entry);
    return null;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "Cannot start: what browsers load is not built yet (_fresh/server.js)\n  Run deno task build first";
  }
}

if (import.meta.main) {
  const text = await missingBuildText("_fresh/server.js");
  if (text !== null) {
    console.error(text);
    Deno.exit(1);
  }
}
