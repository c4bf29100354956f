/**
 * A device read a moment ago because a person asked: the register's words beside what they mean, and why a value was
 * refused.
 *
 * @module
 */

import type { JSX } from "preact";
import { Facts } from "../Data.tsx";
import { tookText } from "../Flow.tsx";
import { countText, type Figure, numberText } from "../format.ts";
import { LinkButton, PostButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { FigureText, StateBadge, StateWord } from "../Words.tsx";

/** One quantity as read. */
export interface ReadValue {
  /** Name for people: `Voltage L1–N`. */
  readonly label: string;
  /** Address of its first register, from 0 as on the wire. */
  readonly address: number;
  /** The register's words in hex, separated by spaces; empty: not read. */
  readonly words: string;
  /** What they mean; `null`: refused, see `reason`. */
  readonly figure: Figure | null;
  /** Why they were refused, or why there are none, in words; `null`: they were taken. */
  readonly reason: string | null;
  /** Milliseconds from the request to its answer; `null`: no answer. */
  readonly tookMs: number | null;
}

/** How the reading went. */
export type ReadOutcome =
  /** It answered. */
  | {
    readonly kind: "read";
    /** Local time of the first answer with seconds: `10:47:02`. */
    readonly atLabel: string;
    /** The path that answered, in words. */
    readonly pathLabel: string;
    /** All quantities in the profile's order. */
    readonly values: readonly ReadValue[];
    /** Milliseconds it took in all. */
    readonly tookMs: number;
  }
  /** It did not. */
  | {
    readonly kind: "failed";
    /** Local time of the try. */
    readonly atLabel: string;
    /** What did not work, with the value: `No answer from unit 12 in 5 s`. */
    readonly what: string;
    /** What is tried next, and what you can do. */
    readonly next: string;
  }
  /** Others are being read through the same endpoint. */
  | { readonly kind: "busy" };

/** What the page needs. */
export interface ReadNowPageProps {
  /** Name of the device. */
  readonly device: string;
  /** Model, unit and endpoint: `Eastron SDM630 v2, unit 12 through port 502`. */
  readonly model: string;
  /** Its site. */
  readonly site: { readonly name: string; readonly href: string };
  /** How it went. */
  readonly outcome: ReadOutcome;
  /** Where another reading is posted. */
  readonly readAction: string;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** What one reading brought. */
export function ReadNowPage(props: ReadNowPageProps): JSX.Element {
  const { device, model, site, outcome, readAction, csrf } = props;
  return (
    <>
      <PageHead
        title={device}
        crumbs={[{ label: "Sites", href: "/sites" }, { label: site.name, href: site.href }, {
          label: "Read now",
        }]}
        summary={model}
        badges={<OutcomeBadge outcome={outcome} />}
        actions={
          <>
            <PostButton icon="read" action={readAction} csrf={csrf}>Read again</PostButton>
            <LinkButton href={site.href}>Back to the site</LinkButton>
          </>
        }
      />
      <OutcomePanel outcome={outcome} />
    </>
  );
}

function OutcomeBadge({ outcome }: { readonly outcome: ReadOutcome }): JSX.Element {
  switch (outcome.kind) {
    case "read": {
      const taken = outcome.values.filter((value) => value.reason === null).length;
      const all = outcome.values.length;
      return taken === all
        ? <StateBadge state="good">{countText(all, "value")} read</StateBadge>
        : <StateBadge state="warn">{`${numberText(taken)} of ${countText(all, "value")} taken`}</StateBadge>;
    }
    case "failed":
      return <StateBadge state="critical">No answer</StateBadge>;
    case "busy":
      return <StateBadge state="loading">Busy</StateBadge>;
  }
}

function OutcomePanel({ outcome }: { readonly outcome: ReadOutcome }): JSX.Element {
  switch (outcome.kind) {
    case "read":
      return (
        <Panel
          title="Values as read"
          id="values"
          beside={<span>{`${outcome.atLabel}, took ${tookText(outcome.tookMs)}, ${outcome.pathLabel}`}</span>}
          flush
          foot="Addresses as on the wire, from 0; manuals often print one more. A reading by hand is shown, not stored."
        >
          <DataTable
            caption="Register words and what they mean"
            columns={COLUMNS}
            rows={outcome.values}
            keyOf={(value) => `${value.address} ${value.label}`}
            stateOf={(value) => value.reason === null ? undefined : "warn"}
          />
        </Panel>
      );
    case "failed":
      return (
        <Panel>
          <Notice state="critical" title={outcome.what}>{outcome.next}</Notice>
          <hr />
          <Facts kind="row" facts={[{ label: "Tried at", value: outcome.atLabel }]} />
        </Panel>
      );
    case "busy":
      return (
        <Panel>
          <Notice state="loading" title="Someone else is reading here">
            One connection serves all devices behind this endpoint, and it is taken. Try again in a few
            seconds; half-hourly readings go first.
          </Notice>
        </Panel>
      );
  }
}

const COLUMNS: readonly TableColumn<ReadValue>[] = [
  { id: "label", head: "Quantity", place: "name", cell: (value) => value.label },
  {
    id: "address",
    head: "Address",
    place: "detail",
    detailName: "address",
    number: true,
    cell: (value) => value.address,
  },
  {
    id: "words",
    head: "Words as read",
    place: "detail",
    detailName: "words",
    cell: (value) =>
      value.words === "" ? <span class="muted">none</span> : <code class="words">{value.words}</code>,
  },
  {
    id: "value",
    head: "Value",
    place: "figure",
    number: true,
    cell: (value) => <FigureText figure={value.figure} reason={value.reason ?? "no value"} />,
  },
  {
    id: "took",
    head: "Took",
    place: "detail",
    detailName: "took",
    number: true,
    spare: 3,
    cell: (value) => value.tookMs === null ? "—" : tookText(value.tookMs),
  },
  {
    id: "state",
    head: "Taken",
    place: "wide",
    cell: (value) =>
      value.reason === null
        ? (
          <span class="off-phone">
            <StateWord state="good">taken</StateWord>
          </span>
        )
        : <StateWord state="warn" wrap>{value.reason}</StateWord>,
  },
];
