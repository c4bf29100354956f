/**
 * A key of our own for signing what browsers keep. Losing it means that no browser is known any more; nobody is
 * signed out by that.
 *
 * @module
 */

import { askKv, type Kv } from "./mod.ts";

const DEVICE_KEY = ["device-key"];
const KEY_BYTES = 32;

/** The key that signs the cookies of known browsers; made when it is first asked for. */
export async function deviceKey(kv: Kv): Promise<Uint8Array<ArrayBuffer>> {
  return await askKv("look up the key of known browsers", async () => {
    const known = await kv.get<Uint8Array<ArrayBuffer>>(DEVICE_KEY);
    if (known.value) return known.value;
    const made = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
    const set = await kv.atomic().check(known).set(DEVICE_KEY, made).commit();
    if (set.ok) return made;
    const winner = await kv.get<Uint8Array<ArrayBuffer>>(DEVICE_KEY);
    if (!winner.value) throw new Error("another process made it and took it away");
    return winner.value;
  });
}
