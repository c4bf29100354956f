import { deepStrictEqual } from "node:assert/strict";
import { readHostVpn } from "../../../lib/store/vpn_exchange.ts";
import { readExchange } from "../../../lib/store/host_exchange.ts";

Deno.test("a file of the host that is no file, or leads nowhere, is words and breaks no page and no collection", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/vpn.json`;
  const parse = () => ({ ok: true, value: null }) as const;
  try {
    await Deno.mkdir(path);
    deepStrictEqual(await readHostVpn(folder), { ok: false, error: "it is no file" });
    deepStrictEqual(await readExchange({ path, most: 10, parse }), {
      kind: "unreadable",
      why: "it is no file",
    });
    await Deno.remove(path);
    await Deno.symlink(path, path);
    deepStrictEqual(await readHostVpn(folder), { ok: false, error: "it cannot be read" });
    deepStrictEqual(await readExchange({ path, most: 10, parse }), {
      kind: "unreadable",
      why: "it cannot be read",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
