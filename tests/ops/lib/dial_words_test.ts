import { deepStrictEqual } from "node:assert/strict";
import { dialWarnings } from "../../../ops/lib/dial_words.ts";
import type { SiteDraft } from "../../../lib/store/sites.ts";
import { STRICT } from "../../fakes/dial_policies.ts";

Deno.test("dialWarnings() says why an address or a port is not dialled, and nothing of names", () => {
  const draft = {
    paths: [{ kind: "cellular", host: "10.8.0.1" }, { kind: "wired", host: "router.example" }, {
      kind: "wired",
      host: "8.8.8.8",
    }],
    endpoints: [{ port: 502 }, { port: 22 }],
  } as unknown as SiteDraft;
  const network = "its private network is not allowed; an administrator allows it under Networks";
  const port = "its port is not allowed; an administrator allows it under Networks";
  deepStrictEqual(dialWarnings(draft, STRICT), [
    `  10.8.0.1 port 502 is not dialled: ${network}`,
    `  10.8.0.1 port 22 is not dialled: ${network}`,
    `  8.8.8.8 port 22 is not dialled: ${port}`,
  ]);
  deepStrictEqual(dialWarnings(draft, { ...STRICT, networks: ["10.8.0.0/16"] }), [
    `  10.8.0.1 port 22 is not dialled: ${port}`,
    `  8.8.8.8 port 22 is not dialled: ${port}`,
  ]);
});
