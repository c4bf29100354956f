/**
 * Secrets in files of one folder, with the product as it is delivered: read at the start and on SIGHUP, shown nowhere.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { formatKeyRing, newRingKey } from "../../lib/store/secret_box.ts";
import { buildInto, eventually, type ProductProcess, startProcess } from "./product_process.ts";
import { ask, withFolder } from "./running_product.ts";

const FIRST = "token-of-the-first-day";
const SECOND = "token-of-the-second-day";

/** Writes a credential as an operator does. */
async function give(folder: string, name: string, text: string, mode = 0o600): Promise<void> {
  await Deno.writeTextFile(join(folder, name), `${text}\n`, { mode });
  await Deno.chmod(join(folder, name), mode);
}

async function metricsBy(token: string, { origin }: ProductProcess): Promise<number> {
  return (await ask(origin, "/metrics", { headers: { authorization: `Bearer ${token}` } })).status;
}

/** What the kernel says of a process, which Deno shows to nobody with less than every permission. */
function ofKernel(path: string): string {
  const { stdout } = new Deno.Command("cat", { args: [path] }).outputSync();
  return new TextDecoder().decode(stdout);
}

/** How often something was said. */
function count(text: string, { said }: ProductProcess): number {
  return said().split(text).length - 1;
}

Deno.test("secrets come from files, are taken over on SIGHUP, and are shown nowhere", async () => {
  await withFolder(async (folder) => {
    await buildInto(folder);
    const credentials = join(folder, "data/credentials");
    await Deno.mkdir(credentials, { recursive: true });
    const [old, young] = [newRingKey(), newRingKey()];
    await give(credentials, "metrics_token", FIRST);
    await give(credentials, "secrets_key", formatKeyRing([old]));
    await give(credentials, "smtp_pasword", "misspelt");
    const product = await startProcess(folder, { CREDENTIALS_DIR: credentials });
    try {
      await product.ready();
      await eventually(
        "it says what nobody reads",
        () => /no setting is called.*smtp_pasword/.test(product.said()),
      );
      deepStrictEqual([await metricsBy(FIRST, product), await metricsBy(SECOND, product)], [200, 401]);

      await give(credentials, "metrics_token", SECOND);
      await give(credentials, "secrets_key", formatKeyRing([young, old]));
      product.tell("SIGHUP");
      await eventually("the new token counts", async () => await metricsBy(SECOND, product) === 200);
      strictEqual(await metricsBy(FIRST, product), 401);
      const both = /Secrets were read again.*METRICS_TOKEN.*SECRETS_KEY/;
      await eventually("it says which", () => both.test(product.said()));

      // A ring that cannot open what is sealed, and a file that everybody can read, change nothing.
      await give(credentials, "secrets_key", formatKeyRing([young]));
      product.tell("SIGHUP");
      await eventually("the ring is refused", () => count("the keys lack some", product) === 1);
      await give(credentials, "secrets_key", formatKeyRing([young, old]));
      await give(credentials, "metrics_token", FIRST, 0o644);
      product.tell("SIGHUP");
      await eventually("the open file is refused", () => count("chmod o=", product) === 1);
      deepStrictEqual([await metricsBy(FIRST, product), await metricsBy(SECOND, product)], [401, 200]);

      const told = ["environ", "cmdline"].map((name) => ofKernel(`/proc/${product.pid}/${name}`));
      match(told.join(), /CREDENTIALS_DIR/);
      doesNotMatch(
        [...told, product.said()].join(),
        new RegExp(`${FIRST}|${SECOND}|${old.bytes.toBase64()}`),
      );
    } finally {
      strictEqual((await product.end("SIGTERM")).code, 0);
    }

    const refused = await startProcess(folder, { CREDENTIALS_DIR: credentials });
    strictEqual((await refused.ended()).code, 2);
    match(
      refused.said(),
      /CREDENTIALS_DIR is holding ".*metrics_token", which everybody on the host may use/,
    );
    doesNotMatch(refused.said(), new RegExp(FIRST));
  });
});
