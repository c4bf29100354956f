import { match, strictEqual } from "node:assert/strict";
import type { Endpoint } from "../../../../../lib/domain/site.ts";
import { scanModel } from "../../../../../lib/web/pages/register/device_view.ts";

type Progress = Parameters<typeof scanModel>[0];

const ENDPOINT: Omit<Endpoint, "id"> = { port: 502, kind: "gateway", pauseMs: 20, responseTimeoutMs: 1_000 };

/** What is said of a scan of units 1 to 12 after so many, each answered at once. */
function costWords(asked: number, changed: Partial<Progress> = {}): string {
  const progress = {
    place: { endpoint: ENDPOINT },
    range: { from: 1, to: 12 },
    startedMs: 0,
    endedMs: null,
    asked,
    found: [],
    state: "running",
    reason: null,
    ...changed,
  } as unknown as Progress;
  return scanModel(progress, { draftId: 1, endpointId: 1, taken: [], nowMs: asked * 40 }).costWords;
}

const LEFT = [
  [0, "13 s"],
  [1, "12 s"],
  [6, "7 s"],
  [11, "2 s"],
] as const;
for (const [asked, left] of LEFT) {
  Deno.test(`a scan says after ${asked} of 12 units that silence may still take ${left}`, () => {
    match(costWords(asked), new RegExp(`so far, at most ${left} more$`));
  });
}

Deno.test("a scan never says that nothing is left while a unit is", () => {
  const endpoint = { ...ENDPOINT, pauseMs: 0, responseTimeoutMs: 100 };
  const place = { endpoint } as unknown as Progress["place"];
  match(costWords(11, { place }), /at most 1 s more$/);
});

Deno.test("a scan that is over says nothing of what is left", () => {
  strictEqual(/more/.test(costWords(12)), false);
  strictEqual(/more/.test(costWords(5, { state: "stopped", endedMs: 200 })), false);
});
