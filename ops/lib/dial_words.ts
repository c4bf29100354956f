/**
 * Says at once what the collector would not dial: a site is registered all the same, for its network may be allowed
 * later, but nobody should wonder for half an hour.
 *
 * @module
 */
import { parseAddress } from "../../lib/domain/address.ts";
import { type DialPolicy, type DialRefusal, judgeDial } from "../../lib/domain/dial_policy.ts";
import type { SiteDraft } from "../../lib/store/sites.ts";

const WORDS: Readonly<Record<DialRefusal, string>> = {
  "network-not-allowed": "its private network is not allowed; an administrator allows it under Networks",
  "port-not-allowed": "its port is not allowed; an administrator allows it under Networks",
  "never": "no site can have such an address",
  "own-service": "a service of Wattpost itself answers there",
};

/** A line for each place of a site that would not be dialled; names are judged when they are dialled. */
export function dialWarnings(draft: SiteDraft, policy: DialPolicy): readonly string[] {
  return draft.paths.flatMap(({ host }) =>
    parseAddress(host) === null ? [] : draft.endpoints.flatMap(({ port }) => {
      const judged = judgeDial(policy, { address: host, port });
      return judged.ok ? [] : [`  ${host} port ${port} is not dialled: ${WORDS[judged.error]}`];
    })
  );
}
