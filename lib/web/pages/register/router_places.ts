/**
 * What is said of the places at which a router is to be reached: those that will not be dialled as things are, and those
 * that another site has too.
 *
 * @module
 */

import { parseAddress } from "../../../domain/address.ts";
import { type DialPolicy, type DialRefusal, judgeDial } from "../../../domain/dial_policy.ts";
import type { RouterStep } from "../../../domain/registration.ts";
import { readDialPlaces } from "../../../store/dial_places.ts";
import { listHostTwins } from "../../../store/host_twins.ts";
import type { OpenDraft } from "./draft.ts";

/** What is odd about the places of a draft's router: allowed to be written down, and worth a look. */
export async function placeWarnings(
  { user, record, services: { db } }: OpenDraft,
  { loopbackAllowed, hostDir }: { readonly loopbackAllowed: boolean; readonly hostDir: string },
): Promise<readonly string[]> {
  const { router, change } = record.registration;
  if (!router) return [];
  const hosts = router.paths.map(({ host }) => host);
  const ports = router.endpoints.map(({ port }) => port);
  const [{ places, own }, twins] = await Promise.all([
    readDialPlaces(db, hostDir),
    listHostTwins(db, { hosts, ports, reach: user.reach, besides: change?.siteId }),
  ]);
  return [
    ...notDialled(router, { ...places, loopbackAllowed, own }),
    ...twins.map(({ host, port, siteName }) =>
      `${host} at port ${port} is registered for ${
        siteName ?? "a site that you do not reach"
      }. That may be meant.`
    ),
  ];
}

/** Addresses and ports of a router that are not dialled as things are, each once; names are judged when they are dialled. */
export function notDialled(
  { paths, endpoints }: Pick<RouterStep, "paths" | "endpoints">,
  policy: DialPolicy,
): readonly string[] {
  const words = paths.map(({ host }) => host).filter((host) => parseAddress(host) !== null)
    .flatMap((address) =>
      endpoints.flatMap(({ port }) => {
        const judged = judgeDial(policy, { address, port });
        return judged.ok ? [] : [refusalWords(judged.error, { address, port })];
      })
    );
  return [...new Set(words)];
}

function refusalWords(
  refusal: DialRefusal,
  { address, port }: { readonly address: string; readonly port: number },
): string {
  switch (refusal) {
    case "network-not-allowed":
      return `${address} lies in a private network that is not allowed: nothing is read there before an administrator allows it under Admin, Networks.`;
    case "port-not-allowed":
      return `Port ${port} is not allowed: nothing is read there before an administrator allows it under Admin, Networks.`;
    case "never":
    case "own-service":
      return `${address} is no address of a site: nothing is ever read there.`;
  }
}
