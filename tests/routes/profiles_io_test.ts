/**
 * The library of device profiles over HTTP: searched, filtered and looked into without JavaScript, with no site told
 * to whoever does not reach it.
 *
 * @module
 */

import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { PROFILES } from "../../lib/profiles/mod.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, type Flow, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

type Look = (path: string) => Promise<{ readonly status: number; readonly text: string }>;

/** Pages as somebody sees them. */
function looking({ origin }: Flow, cookie: string): Look {
  return (path) => ask(origin, path, { headers: { cookie } });
}

const linksOf = (text: string) => [...text.matchAll(/href="\/profiles\/([a-z0-9-]+)"/g)].map(([, id]) => id);

async function searched(look: Look): Promise<void> {
  const all = await look("/profiles");
  strictEqual(all.status, 200);
  strictEqual(linksOf(all.text).join(), PROFILES.map(({ id }) => id).join());
  match(all.text, /<form[^>]*action="\/profiles"/);
  doesNotMatch(all.text, /<form[^>]*action="\/profiles"[^>]*method="post"/i);
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["q=630+EASTRON", ["eastron-sdm630"]],
    ["q=%C3%A9astron&kind=meter", ["sdm630", "sdm72dm-v2", "sdm230", "sdm120"].map((id) => `eastron-${id}`)],
    ["kind=router", ["teltonika-rut9xx", "teltonika-rutx"]],
    ["q=teltonika&kind=meter", []],
    ["q=%3Cscript%3E", []],
    ["kind=nothing&q=879-3020&page=9", ["wago-879-30xx"]],
    [`q=${"x".repeat(5_000)}`, []],
  ];
  for (const [query, want] of cases) {
    const found = await look(`/profiles?${query}`);
    strictEqual(found.status, 200, query);
    strictEqual(linksOf(found.text).join(), want.join(), query);
    doesNotMatch(found.text, /<script>/, query);
    if (want.length === 0) match(found.text, /No profile fits/);
  }
  match((await look("/profiles?q=teltonika&kind=meter")).text, /value="teltonika"/);
}

async function lookedInto(look: Look): Promise<void> {
  for (const { id, quirks = [] } of PROFILES) {
    const { status, text } = await look(`/profiles/${id}`);
    strictEqual(status, 200, id);
    strictEqual([...text.matchAll(/<li>/g)].length >= quirks.length, true, id);
  }
  const sdm = (await look("/profiles/eastron-sdm630")).text;
  match(sdm, />73 \(30073\)</, "the number that the manual prints");
  match(sdm, />72</, "the address on the wire");
  match(sdm, /f32, 2 registers.*?high word first/s);
  match(sdm, /4, input/);
  match(sdm, /1000 Wh/);
  match(sdm, /at most 80 registers/);
  match((await look("/profiles/carlo-gavazzi-em111")).text, /low word first/);
  match((await look("/profiles/wago-879-30xx")).text, />24589 \(424589\)</, "six digits beyond 9,999");
  for (
    const path of ["/profiles/nobody", "/profiles/Eastron-SDM630", "/profiles/..%2Fadmin", "/profiles/%00"]
  ) {
    const { status } = await look(path);
    ok(status === 404 || status === 400, `${path}: ${status}`);
  }
}

async function counted(flow: Flow, everywhere: Look): Promise<void> {
  match((await everywhere("/profiles/eastron-sdm630")).text, /Used at 2 sites that you may see/);
  match((await everywhere("/profiles/teltonika-rut9xx")).text, /Used at 2 sites/);
  match((await everywhere("/profiles/abb-b23")).text, /No site that you may see uses it/);
  const [near = 0] = flow.siteIds;
  const named = async (name: string, siteIds: readonly number[]) => {
    const reach = { kind: "some", groupIds: [], siteIds } as const;
    const { cookie } = await makeVisitor(flow, { name, role: "viewer", reach });
    return (await looking(flow, cookie)("/profiles/eastron-sdm630")).text;
  };
  match(await named("one", [near]), /Used at 1 site that you may see/);
  match(await named("none", []), /No site that you may see uses it/);
}

Deno.test("device profiles are found by their words, shown with every register, counted within reach", async () => {
  const specs = [siteSpec({ name: "Near" }), siteSpec({ name: "Far", seed: 5 })];
  await withFlow({ specs }, async (flow) => {
    const { cookie } = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const look = looking(flow, cookie);
    match((await look("/sites")).text, /href="\/profiles"/);
    await searched(look);
    await lookedInto(look);
    await counted(flow, look);
    strictEqual((await ask(flow.origin, "/profiles")).status, 303, "nobody without signing in");
  });
});
