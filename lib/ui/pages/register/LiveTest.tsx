/**
 * The live test of a device: its steps on one clock, what is odd and what to do about it, and the values it read.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { type TestRung, TestRungs, tookText } from "../../Flow.tsx";
import { bytesText, countText, type Figure, numberText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";
import { LinkButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { Panel } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { FigureText, StateBadge, StateWord } from "../../Words.tsx";
import { DeviceButton } from "./DeviceForm.tsx";

/** Something odd in what was read. */
export interface TestFinding {
  /** What was seen and what it usually is. */
  readonly title: string;
  /** What to do. */
  readonly words: string;
  /** A page where it is done; absent: there is none. */
  readonly action?: { readonly label: string; readonly href: string } | undefined;
}

/** One step of a test. */
export interface TestStep {
  /** Such as `Connect` or `Unit 3`. */
  readonly label: string;
  /** How it went. */
  readonly state: "good" | "warn" | "critical" | "skipped";
  /** What was seen, or why it was skipped. */
  readonly seen: string;
  /** Milliseconds from the start of the test; `null` when skipped. */
  readonly beginsMs: number | null;
  /** Milliseconds that it took; `null` when skipped. */
  readonly tookMs: number | null;
  /** What to do; `null`: nothing. */
  readonly advice: string | null;
  /** What is odd in what it read; empty for most steps. */
  readonly findings: readonly TestFinding[];
}

/** One quantity that it read. */
export interface TestValue {
  /** Name for people: `Voltage L1–N`. */
  readonly label: string;
  /** Address of its first register, from 0 as on the wire. */
  readonly address: number;
  /** How its words are read, such as `f32`. */
  readonly type: string;
  /** Register words in hex, separated by spaces; empty: not read. */
  readonly words: string;
  /** What they mean; `null`: refused, see `reason`. */
  readonly figure: Figure | null;
  /** Why it was refused, or is odd, in words; `null`: it is plausible. */
  readonly reason: string | null;
}

/** How a test went. */
export type TestOutcome =
  /** It was not tested as it is now. */
  | { readonly kind: "none" }
  /** It goes on. */
  | {
    readonly kind: "running";
    /** Names of its steps in order; empty: it waits for its turn. */
    readonly labels: readonly string[];
    /** Steps that are known, by their place among the names. */
    readonly steps: Readonly<Record<number, TestStep>>;
  }
  /** It ran. */
  | {
    readonly kind: "ran";
    /** The whole in a state. */
    readonly state: "good" | "warn" | "critical";
    /** The whole in words: `13 of 14 plausible`. */
    readonly words: string;
    /** Local time with seconds: `10:47:02`. */
    readonly atLabel: string;
    /** Milliseconds in all. */
    readonly tookMs: number;
    /** Bytes over the air in all. */
    readonly bytes: number;
    /** Its steps in order. */
    readonly steps: readonly TestStep[];
    /** Quantities in the profile's order; empty when it did not get that far. */
    readonly values: readonly TestValue[];
  }
  /** Others are reading through the same endpoint. */
  | { readonly kind: "busy" }
  /** It could not begin. */
  | { readonly kind: "refused"; readonly title: string; readonly words: string };

/** What the panels need. */
export interface LiveTestProps {
  /** Where a test is posted, with the form as typed. */
  readonly action: string;
  /** How the newest one went. */
  readonly outcome: TestOutcome;
}

/** What an island adds to the panels. */
export interface TestHands {
  /** Last line of the panel: whether it tests by itself, and what that costs. */
  readonly foot: ComponentChildren;
  /** Stops the test that goes on. */
  readonly stop: () => void;
}

/** The test and, below it, the values. */
export function LiveTest(
  { action, outcome, hands }: LiveTestProps & { readonly hands?: TestHands },
): JSX.Element {
  const runs = outcome.kind === "running";
  return (
    <>
      <Panel
        title="Live test"
        id="test-panel"
        beside={<OutcomeWords outcome={outcome} />}
        actions={runs && hands
          ? (
            <button class="button" type="button" onClick={hands.stop}>
              <Icon name="close" />
              Stop test
            </button>
          )
          : (
            <DeviceButton icon="read" action={action}>
              {outcome.kind === "ran" ? "Test again" : "Test"}
            </DeviceButton>
          )}
        foot={hands?.foot}
        flush={outcome.kind === "ran" || runs}
      >
        <Outcome outcome={outcome} />
      </Panel>
      {outcome.kind === "ran" && outcome.values.length > 0 && <ValuesPanel values={outcome.values} />}
    </>
  );
}

function OutcomeWords({ outcome }: { readonly outcome: TestOutcome }): JSX.Element | null {
  if (outcome.kind === "running") return <StateBadge state="loading">testing</StateBadge>;
  if (outcome.kind !== "ran") return null;
  const { state, words, atLabel, tookMs, bytes } = outcome;
  return (
    <>
      <StateBadge state={state}>{words}</StateBadge>
      <span>{`${atLabel}, took ${tookText(tookMs)} and ${bytesText(bytes)}`}</span>
    </>
  );
}

function Outcome({ outcome }: { readonly outcome: TestOutcome }): JSX.Element {
  switch (outcome.kind) {
    case "none":
      return (
        <p class="muted">
          Not tested as it is now. A test tries every path, asks the unit, reads its registers and judges the
          values, with what is typed above whether it is saved or not.
        </p>
      );
    case "running":
      return <TestRungs rungs={runningRungs(outcome)} />;
    case "ran":
      return <TestRungs rungs={outcome.steps.map(rungOf)} />;
    case "busy":
      return (
        <Notice state="loading" title="Someone else is reading here" live="polite">
          One connection serves all devices behind this endpoint, and it is taken. Try again in a few seconds;
          half-hourly readings go first.
        </Notice>
      );
    case "refused":
      return <Notice state="critical" title={outcome.title} live="assertive">{outcome.words}</Notice>;
  }
}

function rungOf(step: TestStep): TestRung {
  const { label, state, seen, beginsMs, tookMs } = step;
  return {
    label,
    state: shownState(state),
    what: seen,
    fromMs: beginsMs,
    tookMs,
    advice: hasAdvice(step) ? <Advice step={step} /> : undefined,
  };
}

/** What is known, then what is being asked, then what is to come. */
function runningRungs(
  { labels, steps }: Extract<TestOutcome, { readonly kind: "running" }>,
): readonly TestRung[] {
  if (labels.length === 0) return [openRung("Endpoint", { state: "loading", what: "Waiting for its turn" })];
  const newest = Math.max(-1, ...Object.keys(steps).map(Number));
  const next = labels.findIndex((_, place) => place > newest && steps[place] === undefined);
  return labels.map((label, place) => {
    const step = steps[place];
    if (step) return rungOf(step);
    return place === next || next === -1 || place === 0
      ? openRung(label, { state: "loading", what: "Asking" })
      : openRung(label, { state: "missing", what: "To come" });
  });
}

function openRung(label: string, { state, what }: Pick<TestRung, "state" | "what">): TestRung {
  return { label, state, what, fromMs: null, tookMs: null };
}

function shownState(state: TestStep["state"]): State {
  return state === "skipped" ? "missing" : state;
}

function hasAdvice({ advice, findings }: TestStep): boolean {
  return advice !== null || findings.length > 0;
}

function Advice({ step }: { readonly step: TestStep }): JSX.Element {
  const { state, advice, findings } = step;
  return (
    <div class="findings">
      {advice !== null && <Notice state={shownState(state)} title="What to do">{advice}</Notice>}
      {findings.map(({ title, words, action }) => (
        <Notice
          key={title}
          state="warn"
          title={title}
          actions={action && <LinkButton href={action.href}>{action.label}</LinkButton>}
        >
          {words}
        </Notice>
      ))}
    </div>
  );
}

function ValuesPanel({ values }: { readonly values: readonly TestValue[] }): JSX.Element {
  const odd = values.filter(({ reason }) => reason !== null).length;
  const all = countText(values.length, "register");
  return (
    <Panel
      title="Values read"
      id="values-panel"
      beside={<span>{odd === 0 ? all : `${all}, ${numberText(odd)} to settle`}</span>}
      foot="Addresses as on the wire, from 0; manuals often print one more. A test reads, never writes, and stores nothing."
      flush
    >
      <DataTable
        caption="Registers as read, and what they mean"
        columns={COLUMNS}
        rows={values}
        keyOf={({ address, label }) => `${address} ${label}`}
        stateOf={({ reason }) => reason === null ? undefined : "warn"}
      />
    </Panel>
  );
}

const COLUMNS: readonly TableColumn<TestValue>[] = [
  { id: "label", head: "Quantity", place: "name", cell: ({ label }) => label },
  {
    id: "address",
    head: "Address",
    place: "detail",
    detailName: "address",
    number: true,
    cell: ({ address }) => address,
  },
  { id: "type", head: "Type", place: "detail", detailName: "type", cell: ({ type }) => type },
  {
    id: "words",
    head: "Words as read",
    place: "detail",
    detailName: "words",
    cell: ({ words }) =>
      words === "" ? <span class="muted">none</span> : <code class="words muted">{words}</code>,
  },
  {
    id: "value",
    head: "Value",
    place: "figure",
    number: true,
    cell: ({ figure, reason }) => (
      <b>
        <FigureText figure={figure} reason={reason ?? "no value"} />
      </b>
    ),
  },
  {
    id: "state",
    head: "Plausible",
    headUnseen: true,
    place: "wide",
    cell: ({ reason }) =>
      reason === null
        ? (
          <span class="off-phone">
            <StateWord state="good">
              <span class="unseen">plausible</span>
            </StateWord>
          </span>
        )
        : <StateWord state="warn" wrap>{reason}</StateWord>,
  },
];
