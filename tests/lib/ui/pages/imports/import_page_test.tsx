/**
 * The page of an import as text: what it must not claim.
 *
 * @module
 */

import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { ImportPage, type ImportPageProps } from "../../../../../lib/ui/pages/imports/ImportPage.tsx";
import { ImportRows, type ShownRow } from "../../../../../lib/ui/pages/imports/ImportRows.tsx";

const ROW: ShownRow = {
  row: 2,
  site: "Kiln Lane",
  siteHref: null,
  device: "Incomer",
  state: "good",
  outcome: null,
  notes: [],
  heldBy: null,
  test: null,
};

const PAGE: ImportPageProps = {
  fileName: "sites.csv",
  state: "committed",
  whenLabel: "29 Nov 2026, 10:46 GMT",
  sites: 45,
  counts: { good: 45, warn: 2, refused: 1, held: 1 },
  outcomes: { registered: 45, refused: 0, removed: 0, stopped: 0, changed: 0, read: 0 },
  work: null,
  ended: null,
  told: null,
  actions: { registerHref: null, testAllAction: null, refusedHref: null, undoHref: null },
  rows: {
    rows: [ROW],
    filter: "all",
    filters: [],
    pager: { first: 1, last: 1, total: 1, previousHref: null, nextHref: null },
    testAction: null,
  },
};

Deno.test("good rows of an import that was taken back do not sound as if their sites stood", () => {
  match(render(<ImportPage {...PAGE} />), /nothing to say about them/);
  const outcomes = { ...PAGE.outcomes, registered: 0, removed: 45 };
  const html = render(<ImportPage {...PAGE} state="undone" outcomes={outcomes} />);
  doesNotMatch(html, /nothing to say about them|registered with the good ones/);
  strictEqual(html.split("judged so before it was taken back").length - 1, 2, "good, and worth a look");
});

Deno.test("only a row that could be tested is told not to be tested", () => {
  if (!PAGE.rows) throw new Error("the page has rows");
  const textOf = (row: ShownRow) => PAGE.rows ? render(<ImportRows {...PAGE.rows} rows={[row]} />) : "";
  match(textOf(ROW), /not tested/);
  for (const state of ["refused", "held"] as const) {
    const html = textOf({ ...ROW, state });
    doesNotMatch(html, /not tested/, state);
    ok(/<td[^>]*data-name="test"[^>]*><\/td>/.test(html), "an empty cell, which a phone leaves out");
  }
});
