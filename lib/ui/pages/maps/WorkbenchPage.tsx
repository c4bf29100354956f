/**
 * The decoder workbench: what the display shows goes in, every way to read the registers that gives it comes out, the
 * likeliest first, each with why, and one click writes the row.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { bytesText, type Figure, numberText } from "../../format.ts";
import { tookText } from "../../Flow.tsx";
import { Icon } from "../../Icon.tsx";
import { Button, Field, type FieldOption, LinkButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { ShareBar } from "../../charts/ShareBar.tsx";
import { FigureText } from "../../Words.tsx";
import type { NamedMap } from "./MapPages.tsx";
import { NOTATION_OPTIONS } from "./row_texts.ts";

/** What is asked, as typed. */
export interface WorkbenchTexts {
  /** Where it is read. */
  readonly at: string;
  /** `3` or `4`. */
  readonly functionCode: string;
  /** First register. */
  readonly start: string;
  /** How the first register is written. */
  readonly notation: string;
  /** How many registers. */
  readonly count: string;
  /** What the display shows. */
  readonly display: string;
  /** Seconds until it is read again; empty: it is read once. */
  readonly againS: string;
  /** Power meanwhile, as the display shows it; may be empty. */
  readonly power: string;
}

/** A way to read the registers. */
export interface CandidateItem {
  /** Sent when it is used. */
  readonly value: string;
  /** How it reads, in words: `f32 at 72, high word first, × 1`. */
  readonly way: string;
  /** What it gives. */
  readonly figure: Figure;
  /** Its words as read. */
  readonly words: string;
  /** Why it is where it is; the first speaks most. */
  readonly because: readonly string[];
  /** Its share of all ways that fit, 0 to 100. */
  readonly score: number;
  /** Whether it fits about as well as the first. */
  readonly alike: boolean;
}

/** What the workbench says. */
export type WorkbenchOutcome =
  /** Nothing was asked yet. */
  | { readonly kind: "none" }
  /** It could not be read. */
  | { readonly kind: "failed"; readonly title: string; readonly words: string }
  /** It was read. */
  | {
    readonly kind: "read";
    /** `found`, `cannot-tell` or `none`. */
    readonly verdict: "found" | "cannot-tell" | "none";
    /** The verdict as a heading. */
    readonly title: string;
    /** What it rests on and what would tell more. */
    readonly words: string;
    /** Ways, the likeliest first. */
    readonly candidates: readonly CandidateItem[];
    /** Name for the new row, proposed by the unit. */
    readonly quantity: string;
    /** Milliseconds of the read. */
    readonly tookMs: number;
    /** Bytes over the air. */
    readonly bytes: number;
    /** Addresses and words as read, eight a line. */
    readonly lines: readonly { readonly address: string; readonly words: string }[];
    /** What was seen, sent along so that the next read narrows it. */
    readonly seen: string;
    /** How many reads it rests on. */
    readonly reads: number;
  };

/** What the page needs. */
export interface WorkbenchPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** Version of its working copy. */
  readonly version: number;
  /** As typed. */
  readonly values: WorkbenchTexts;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** Where it may be read, "choose" first. */
  readonly places: readonly FieldOption[];
  /** What it says. */
  readonly outcome: WorkbenchOutcome;
  /** What checks of the wiring say of the device; empty: nothing odd, or not looked at. */
  readonly findings: readonly string[];
  /** Told at the head. */
  readonly told: Told | null;
}

const AGAIN: readonly FieldOption[] = [
  { value: "", label: "once" },
  { value: "10", label: "twice, 10 s apart" },
  { value: "20", label: "twice, 20 s apart" },
  { value: "40", label: "twice, 40 s apart" },
];

const FUNCTIONS: readonly FieldOption[] = [
  { value: "3", label: "3, holding registers" },
  { value: "4", label: "4, input registers" },
];

/** The page. */
export function WorkbenchPage(props: WorkbenchPageProps): JSX.Element {
  const { map, findings, told } = props;
  return (
    <>
      <PageHead
        title="Decoder workbench"
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Device profiles", href: "/profiles" },
          { label: map.name, href: map.href },
          { label: "Workbench" },
        ]}
        summary="Type what the display shows. The registers are read once, and every way to read them that gives this value is looked at."
      />
      <ToldNotice told={told} />
      <form method="post" action={`${map.href}/workbench`} class="map-form" id="workbench" data-still>
        <Question {...props} />
        <Answer {...props} />
      </form>
      {findings.length > 0 && (
        <Panel
          title="Wiring and ratios"
          id="findings"
          summary="Rules that hold for every meter, on the values of the rows that the map has."
        >
          <div class="findings">
            {findings.map((finding) => <Notice key={finding} state="warn" title={finding} />)}
          </div>
        </Panel>
      )}
    </>
  );
}

function Question({ values, faults, places, version, outcome }: WorkbenchPageProps): JSX.Element {
  const { "": other, ...fields } = faults;
  const again = outcome.kind === "read" && outcome.verdict === "cannot-tell";
  const field = (
    name: keyof WorkbenchTexts,
    label: string,
    more: Partial<Parameters<typeof Field>[0]> = {},
  ) => (
    <Field
      name={name}
      label={label}
      value={values[name]}
      fault={faults[name]}
      autocomplete="off"
      maxLength={40}
      span={3}
      {...more}
    />
  );
  return (
    <Panel title="What the display shows" id="question">
      <div class="form">
        <FaultsNotice faults={fields} other={other} />
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="seen" value={outcome.kind === "read" ? outcome.seen : ""} />
        {field("display", again ? "The display now" : "Display", {
          hint: "With its unit, such as 12 345.6 kWh",
          span: 6,
          focused: true,
        })}
        {field("at", "Read from", { options: places, span: 6 })}
        {field("functionCode", "Function code", { options: FUNCTIONS })}
        {field("start", "From register", { maxLength: 7 })}
        {field("notation", "Written", { options: NOTATION_OPTIONS })}
        {field("count", "Registers", { hint: "1 to 125", maxLength: 3 })}
        {field("againS", "Read", { options: AGAIN, hint: "Twice shows what grows." })}
        {field("power", "Power meanwhile", { hint: "Such as 8.2 kW; empty: not known" })}
        <div class="actions">
          <Button kind={outcome.kind === "read" ? "plain" : "primary"} icon="read" name="do" value="look">
            {again ? "Read again" : "Find it"}
          </Button>
          {outcome.kind === "read" && outcome.reads > 0 && (
            <Button kind="quiet" name="do" value="afresh">Begin afresh</Button>
          )}
        </div>
      </div>
    </Panel>
  );
}

function Answer(props: WorkbenchPageProps): JSX.Element | null {
  const { outcome, map } = props;
  switch (outcome.kind) {
    case "none":
      return null;
    case "failed":
      return <Notice state="critical" title={outcome.title} live="assertive">{outcome.words}</Notice>;
    case "read":
      return (
        <Panel
          title="Ways to read it"
          id="answer"
          beside={<span>{`${tookText(outcome.tookMs)}, ${bytesText(outcome.bytes)}`}</span>}
          foot="Using one adds a row to the working copy; nothing is written to the device."
          flush
        >
          <div class="panel-body">
            <Notice state={stateOf(outcome.verdict)} title={outcome.title} live="polite">
              {outcome.words}
            </Notice>
          </div>
          {outcome.candidates.length > 0 && (
            <>
              <div class="panel-body map-name">
                <Field
                  name="quantity"
                  label="Name of the new row"
                  value={outcome.quantity}
                  fault={props.faults["quantity"]}
                  hint="Proposed by the unit; its last letters are the unit."
                  maxLength={60}
                  autocomplete="off"
                />
              </div>
              <ol class="map-ways">
                {outcome.candidates.map((way, index) => (
                  <Way key={way.value} way={way} first={index === 0} />
                ))}
              </ol>
            </>
          )}
          <details class="map-raw-words">
            <summary>Words as read</summary>
            <table class="words">
              <caption class="unseen">Words as read</caption>
              <tbody>
                {outcome.lines.map(({ address, words }) => (
                  <tr key={address}>
                    <th scope="row">{address}</th>
                    <td>{words}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
          {outcome.candidates.length === 0 && (
            <div class="panel-foot">
              <LinkButton href={map.href}>Back to the editor</LinkButton>
            </div>
          )}
        </Panel>
      );
  }
}

function stateOf(verdict: "found" | "cannot-tell" | "none"): "good" | "warn" | "info" {
  return verdict === "found" ? "good" : verdict === "cannot-tell" ? "warn" : "info";
}

function Way({ way, first }: { readonly way: CandidateItem; readonly first: boolean }): JSX.Element {
  const { value, figure, words, because, score, alike } = way;
  return (
    <li data-alike={alike ? "" : undefined}>
      <b class="map-way">{way.way}</b>
      <span class="map-gives">
        <b>
          <FigureText figure={figure} />
        </b>
        <code>{words}</code>
      </span>
      <span class="map-because">{because.join("; ")}</span>
      <span class="map-score">
        <ShareBar share={score / 100} {...(first && { state: "ok" })} />
        <span>{`${numberText(score, score > 0 && score < 1 ? 1 : 0)} %`}</span>
      </span>
      <button
        class="button"
        data-size="row"
        data-kind={first ? "primary" : undefined}
        type="submit"
        name="use"
        value={value}
        aria-label={`Use ${way.way}`}
      >
        {first && <Icon name="check" />}
        Use
      </button>
    </li>
  );
}
