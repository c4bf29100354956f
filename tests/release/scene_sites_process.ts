/**
 * Simulated sites in a process of their own, each at an address of its own, port 502, as routers have it. It counts
 * how often each meter's counter was read: a half-hour that was read twice would be seen here, whatever the database
 * says. Told `counts` on standard input, it answers with one line of JSON; it ends when its input does.
 *
 *   scene_sites_process.ts NETWORK SITES, such as 10.213 1000
 *
 * @module
 */
import { systemClock } from "../../lib/clock.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { type SeenRequest, startSite } from "../../lib/simulator/site.ts";
import { linesOf } from "./lines.ts";
import { hostOf, siteSpecOf } from "./scene_sites.ts";

/** The counter whose reads are counted. */
const QUANTITY = "importWh";

const [network = "", count = ""] = Deno.args;
const reads = Array.from({ length: Number(count) }, () => new Map<string, number>());
const sites = await Promise.all(reads.map((own, n) => {
  const spec = siteSpecOf(n);
  const onRequest = (request: SeenRequest) => {
    const meter = spec.endpoints[request.endpoint]?.meters.find(({ unitId }) => unitId === request.unitId);
    if (!meter || !holdsCounter(meter.profileId, request.pdu)) return;
    const key = `${request.endpoint}/${request.unitId}`;
    own.set(key, (own.get(key) ?? 0) + 1);
  };
  return startSite(spec, { clock: systemClock, host: hostOf(network, n), onRequest });
}));
console.log(JSON.stringify({ ready: sites.length }));
for await (const line of linesOf(Deno.stdin.readable)) {
  if (line === "counts") console.log(JSON.stringify(reads.map((own) => [...own.values()])));
}
Deno.exit(0);

/** Whether a request asks for the first word of the counter. */
function holdsCounter(profileId: string, pdu: Uint8Array): boolean {
  const profile = profileOf(profileId);
  const register = profile?.registers[QUANTITY];
  if (!profile || !register || pdu.length !== 5) return false;
  const view = new DataView(pdu.buffer, pdu.byteOffset);
  const [from, words] = [view.getUint16(1), view.getUint16(3)];
  return pdu[0] === (register.functionCode ?? profile.functionCode) && register.address !== undefined &&
    register.address >= from && register.address < from + words;
}
