import { deepStrictEqual } from "node:assert/strict";
import { messageIn } from "../../../islands/(_live)/messages.ts";

const CASES = [
  {
    block: 'retry: 3000\nid: 12\nevent: hello\ndata: {"user":7}',
    want: { kind: "hello", id: 12, userId: 7 },
  },
  {
    block: 'id: 13\nevent: stored\ndata: {"halfHour":100,"sites":[3,4]}',
    want: { kind: "stored", id: 13, siteIds: [3, 4] },
  },
  {
    block: 'id: 13\nevent: stored\ndata: {"halfHour":100,"sites":null}',
    want: { kind: "stored", id: 13, siteIds: null },
  },
  { block: "id: 13\nevent: stored\ndata: {broken", want: { kind: "stored", id: 13, siteIds: null } },
  { block: "event: beat\ndata: {}", want: { kind: "beat" } },
  { block: "event: ended\ndata: {}", want: { kind: "ended" } },
  { block: "event: bye\ndata: {}", want: { kind: "bye" } },
  { block: ": a comment", want: null },
  { block: "event: of another release", want: null },
  { block: "<html>not a stream</html>", want: null },
] as const;
for (const { block, want } of CASES) {
  Deno.test(`messageIn() reads ${JSON.stringify(block)}`, () => deepStrictEqual(messageIn(block), want));
}
