import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { pathsOf } from "../../../../lib/web/pages/router_view.ts";
import { pathInUse } from "../../../../lib/web/pages/site_head.ts";
import type { SiteFacts } from "../../../../lib/web/pages/site_view.ts";

type Facts = Pick<SiteFacts, "plan" | "outcomes">;
type State = Facts["outcomes"][number]["state"];

/** A site with a cellular main path and a wired one, and its newest half-hour. */
function factsOf(state: State, pathRank: number | null): Facts {
  const base = { name: "", town: "", zone: "Europe/London", latitude: null, longitude: null, hours: null };
  return {
    plan: {
      site: { id: 1, ...base, collected: true },
      paths: [{ id: 5, rank: 0, kind: "cellular", host: "a" }, { id: 6, rank: 1, kind: "wired", host: "b" }],
      endpoints: [],
      meters: [],
      channels: [],
      series: [],
      since: 0,
    },
    outcomes: [{ halfHour: 10, state, reason: null, pathRank }],
  };
}

const CASES: readonly (readonly [State, number | null, string, readonly string[]])[] = [
  ["complete", 0, "cellular", ["in use", "standing by"]],
  ["partial", 1, "wired", ["no answer", "in use, backup"]],
  ["failed", null, "none", ["no answer", "no answer"]],
  ["failed", 0, "none", ["no answer", "no answer"]],
  ["open", null, "unknown", ["not tried yet", "not tried yet"]],
];
for (const [state, rank, head, labels] of CASES) {
  Deno.test(`pathsOf() agrees with the head of the page: ${state}, path ${rank}`, () => {
    const facts = factsOf(state, rank);
    strictEqual(pathInUse(facts).kind, head);
    deepStrictEqual(pathsOf(facts).map(({ label }) => label), labels);
  });
}
