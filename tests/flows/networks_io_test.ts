/**
 * An administrator allows a network, and what they type wrong comes back with its reason.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readDialPlaces } from "../../lib/store/dial_places.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, post, signInByHand, withFlow } from "./running_product.ts";

Deno.test("an administrator allows networks and ports for sites, and nothing that is too wide", () =>
  withFlow({ specs: [siteSpec()] }, async ({ origin, opened }) => {
    const cookie = await signInByHand(origin);
    const send = (form: Readonly<Record<string, string>>) =>
      post(origin, "/admin/networks", form, { cookie });
    match(
      (await ask(origin, "/admin/networks", { headers: { cookie } })).text,
      /Sites on this machine are dialled/,
    );

    const wrong = await send({ networks: "0.0.0.0/0\n10.8.0.0/16", ports: "22", version: "0" });
    strictEqual(wrong.status, 422);
    match(wrong.text, /is too wide/);
    match(wrong.text, /is never dialled/);
    ok(wrong.text.includes("10.8.0.0/16"), "what was typed is kept");
    deepStrictEqual((await readDialPlaces(opened.db)).places, { networks: [], ports: [] });

    const right = await send({ networks: "10.8.7.6/16", ports: "4001", version: "0" });
    deepStrictEqual([right.status, right.headers.get("location")], [303, "/admin/networks?saved"]);
    deepStrictEqual((await readDialPlaces(opened.db)).places, { networks: ["10.8.0.0/16"], ports: [4001] });

    strictEqual(
      (await send({ networks: "", ports: "", version: "0" })).status,
      409,
      "somebody else was quicker",
    );
    strictEqual((await send({ networks: "", ports: "", version: "1", role: "x" })).status, 422);
    const stranger = await post(origin, "/admin/networks", { networks: "", ports: "", version: "1" });
    strictEqual(stranger.status, 401);
    deepStrictEqual((await readDialPlaces(opened.db)).places.ports, [4001]);
  }));
