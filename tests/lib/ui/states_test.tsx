/**
 * Every state says itself by shape, word and colour, and every notice says what it owes.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import type { VNode } from "preact";
import { render } from "preact-render-to-string";
import { stateName, STATES } from "../../../lib/ui/state.ts";
import {
  ErrorNotice,
  EstimatedNotice,
  ForbiddenNotice,
  LoadingNotice,
  MaintenanceNotice,
  OfflineNotice,
  PartialNotice,
  StaleNotice,
} from "../../../lib/ui/States.tsx";
import { Empty } from "../../../lib/ui/Over.tsx";
import { FigureText, StateWord } from "../../../lib/ui/Words.tsx";

function textOf(node: VNode): string {
  return render(node).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").trim();
}

for (const state of STATES) {
  Deno.test(`StateWord shows ${state} as shape, word and colour`, () => {
    const html = render(<StateWord state={state} />);
    match(html, /<svg class="icon"/);
    match(html, new RegExp(`data-state="${state}"`));
    ok(html.includes(stateName(state)));
  });
}

Deno.test("StateWord has another shape for every state but the two turning ones", () => {
  const shapes = STATES.map((state) => /<path[^]*<\/svg>/.exec(render(<StateWord state={state} />))?.[0]);
  strictEqual(new Set(shapes).size, STATES.length);
});

Deno.test("ErrorNotice says what, since when, what is tried next, what you can do", () => {
  const text = textOf(
    <ErrorNotice
      what="No answer from 203.0.113.7"
      since="Since 09:00"
      next="Next at 10:52"
      advice="Restart the router"
    />,
  );
  strictEqual(text, "No answer from 203.0.113.7 Since 09:00. Next at 10:52. Restart the router.");
});

Deno.test("ErrorNotice interrupts only what appears while someone looks", () => {
  match(render(<ErrorNotice what="Gone" live />), /role="alert"/);
  ok(!render(<ErrorNotice what="Gone" />).includes("role="));
});

interface NoticeCase {
  readonly name: string;
  readonly node: VNode;
  readonly want: RegExp;
}

const NOTICES: readonly NoticeCase[] = [
  {
    name: "PartialNotice",
    node: <PartialNotice have={46} expected={48}>03:00 is missing</PartialNotice>,
    want: /^46 of 48 half-hours 03:00/,
  },
  {
    name: "StaleNotice",
    node: <StaleNotice lastLabel="07:30" ageS={11_820} next="Next 11:00" />,
    want: /^Last reading 07:30, 3 h 17 min old .* Next 11:00\.$/,
  },
  {
    name: "EstimatedNotice",
    node: <EstimatedNotice count={1}>13:00</EstimatedNotice>,
    want: /^1 half-hour estimated 13:00$/,
  },
  {
    name: "LoadingNotice",
    node: <LoadingNotice what="Reading…" waitsFor="Waiting for unit 12" givesUp="Gives up after 10 s" />,
    want: /^Reading… Waiting for unit 12. Gives up after 10 s\.$/,
  },
  {
    name: "ForbiddenNotice",
    node: <ForbiddenNotice title="Not yours">Ask Ana</ForbiddenNotice>,
    want: /^Not yours Ask Ana$/,
  },
  {
    name: "OfflineNotice",
    node: <OfflineNotice sinceLabel="10:41" pageLabel="10:38" />,
    want: /^You are offline since 10:41 This page is from 10:38/,
  },
  {
    name: "MaintenanceNotice",
    node: <MaintenanceNotice until="Until 12:00">New board</MaintenanceNotice>,
    want: /^Until 12:00 New board$/,
  },
  {
    name: "Empty",
    node: <Empty icon="site" title="No sites yet" action={<a href="/new">Register</a>}>Register one.</Empty>,
    want: /^No sites yet Register one\. Register$/,
  },
];

for (const { name, node, want } of NOTICES) {
  Deno.test(`${name} says what it owes`, () => match(textOf(node), want));
}

Deno.test("FigureText shows no value as a dash with its reason, never as 0", () => {
  const html = render(<FigureText figure={null} reason="router unreachable" />);
  ok(!html.includes("0"));
  match(html, /—/);
  match(html, /router unreachable/);
});

Deno.test("FigureText marks what is estimated, also for those who hear it", () => {
  strictEqual(textOf(<FigureText figure={{ text: "412", unit: "kWh" }} estimated />), "~ about 412 kWh");
});
