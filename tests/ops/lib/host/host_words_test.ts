import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { asJson, endText, formatPlan, lackingText, looksText } from "../../../../ops/lib/host/host_words.ts";
import type { Drift, Step } from "../../../../ops/lib/host/step.ts";

const nothing = () => Promise.resolve();
const step = (name: string): Step => ({
  name,
  why: `Why there is ${name}`,
  check: () => Promise.resolve([]),
  apply: nothing,
  undo: nothing,
});
const DRIFT: Drift = {
  what: "/etc/a.conf",
  is: "another text",
  expected: "as described",
  does: ["write /etc/a.conf (0644 root:root)", "--- /etc/a.conf", "+++ /etc/a.conf", "-a", "+b", "nginx -t"],
};
const LEFT = { name: "at /etc/old.conf", undo: nothing };
const SAME = { looked: [{ step: step("one"), drift: [] }], leftovers: [] };
const OTHER = {
  looked: [...SAME.looked, { step: step("two"), drift: [DRIFT] }],
  leftovers: [LEFT],
};

Deno.test("formatPlan() shows each step that changes with its reason, diffs and commands, and counts", () => {
  strictEqual(
    formatPlan(OTHER),
    `[2/2] two
  Why there is two
  /etc/a.conf is another text; expected: as described
    write /etc/a.conf (0644 root:root)
    --- /etc/a.conf
    +++ /etc/a.conf
    -a
    +b
    nginx -t

Taken away, because the description no longer has it:
  at /etc/old.conf

2 things to change in 1 of 2 steps. Nothing was changed`,
  );
  strictEqual(formatPlan(SAME), "Nothing to change: the host is as described (1 steps)");
});

Deno.test("endText() lists all that is not as described, and what is left of before", () => {
  strictEqual(
    endText(OTHER),
    `[1/2] one: as described
[2/2] two: 1 not as described
  /etc/a.conf is another text; expected: as described
  at /etc/old.conf is still there; the description no longer has it
2 things are not as described; deno task host plan says more`,
  );
  match(endText(SAME), /\nNothing to change: the host is as described$/);
  match(endText({ ...OTHER, leftovers: [] }), /\n1 thing is not as described;/);
});

Deno.test("lackingText() says what others have to do first", () => {
  strictEqual(lackingText([]), "");
  match(
    lackingText(OTHER.looked.slice(1)),
    /^, but for this, which others have to do first:\n {2}two\n {2}\/etc/,
  );
});

Deno.test("looksText() has for JSON the steps that are not as described", () => {
  deepStrictEqual(JSON.parse(asJson(looksText(OTHER))), {
    steps: [{ name: "two", why: "Why there is two", drift: [DRIFT] }],
    leftovers: ["at /etc/old.conf"],
  });
});
