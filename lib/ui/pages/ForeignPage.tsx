/**
 * Half-hours of others: a file with what a person states of it, whether what we hold proves it, and both drawn over
 * each other. Nothing is stored.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { ChartFigure } from "../charts/ChartFigure.tsx";
import { TwoLines, TwoLinesLegend, type TwoLinesProps } from "../charts/TwoLines.tsx";
import { countText } from "../format.ts";
import { Icon } from "../Icon.tsx";
import { Button, Field, type FieldOption } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { DataTable, type TableColumn } from "../Table.tsx";

/** What is stated of a file, as typed. */
export interface ForeignTexts {
  /** Id of the channel. */
  readonly channelId: string;
  /** `start` or `end`. */
  readonly stamp: string;
  /** `utc`, `standard` or `local`. */
  readonly clock: string;
  /** Minutes. */
  readonly periodMin: string;
  /** Id of a unit. */
  readonly unit: string;
}

/** A cell that was not understood. */
export interface ForeignFaultRow {
  /** Number of the row. */
  readonly row: number;
  /** Which cell, in words. */
  readonly field: string;
  /** What stands there. */
  readonly value: string;
  /** What is expected. */
  readonly expected: string;
}

/** A shift with its figures, in words. */
export interface FitRow {
  /** Half-hours by which the file is moved later, in words. */
  readonly shift: string;
  /** Half-hours that both have. */
  readonly pairs: string;
  /** Correlation. */
  readonly correlation: string;
  /** Difference of the sums. */
  readonly difference: string;
  /** Whether it is the best. */
  readonly best: boolean;
}

/** What a file came to. */
export interface ForeignProof {
  /** Chooses icon and colour. */
  readonly state: State;
  /** The verdict: `Proved: the stamps are as stated`. */
  readonly title: string;
  /** The figures behind it, and what to do. */
  readonly words: string;
  /** What the file has, and what was left out. */
  readonly told: string;
  /** Every shift. */
  readonly fits: readonly FitRow[];
  /** Both drawn; `null`: there is nothing to draw. */
  readonly chart: ForeignChart | null;
}

/** Both drawn over each other. */
export interface ForeignChart extends Omit<TwoLinesProps, "label"> {
  /** One sentence made from the data. */
  readonly summary: string;
  /** What is hovered or heard for each half-hour: day and time, ours, theirs. */
  readonly rows: readonly (readonly string[])[];
}

/** What the page needs. */
export interface ForeignPageProps {
  /** The device. */
  readonly device: {
    readonly name: string;
    readonly href: string;
    readonly siteName: string;
    readonly siteHref: string;
  };
  /** The site's zone. */
  readonly zone: string;
  /** Where the form is posted. */
  readonly action: string;
  /** What is stated. */
  readonly values: ForeignTexts;
  /** What was wrong, by field; `file` is the file. */
  readonly faults: Readonly<Record<string, string>>;
  /** Cells that were not understood; empty: none. */
  readonly cells: readonly ForeignFaultRow[];
  /** Counters of the device. */
  readonly channels: readonly FieldOption[];
  /** Units of any of them. */
  readonly units: readonly FieldOption[];
  /** What the file came to; `null`: there was none yet. */
  readonly proof: ForeignProof | null;
}

/** Name of the field with the file. */
export const PROFILE_FIELD = "profile";

const STAMPS: readonly FieldOption[] = [
  { value: "start", label: "The start of a period" },
  { value: "end", label: "The end of a period" },
];
const PERIODS: readonly FieldOption[] = [
  { value: "30", label: "30 minutes" },
  { value: "15", label: "15 minutes, summed to half-hours" },
  { value: "60", label: "60 minutes" },
];

/** The page. */
export function ForeignPage(props: ForeignPageProps): JSX.Element {
  const { device, channels, proof, cells } = props;
  const crumbs = [
    { label: "Sites", href: "/sites" },
    { label: device.siteName, href: device.siteHref },
    { label: device.name, href: device.href },
    { label: "Half-hours of others" },
  ];
  return (
    <>
      <PageHead
        title={`Half-hours of others: ${device.name}`}
        crumbs={crumbs}
        summary="A load profile of a supplier, a network or another system, compared with what is collected here. You say how its stamps are meant; what is held here proves it. Nothing is stored."
      />
      {channels.length === 0
        ? (
          <Notice state="missing" title="This device has no counter">
            Half-hours of others are compared with amounts that a counter gave; it has only values at a
            moment.
          </Notice>
        )
        : (
          <Split cut="1-3">
            <StatementForm {...props} />
            <Column>
              {cells.length > 0 && <CellFaults cells={cells} />}
              {proof ? <ProofPanels proof={proof} /> : cells.length === 0 && <WhatFile />}
            </Column>
          </Split>
        )}
    </>
  );
}

function StatementForm({ action, values, faults, channels, units, zone }: ForeignPageProps): JSX.Element {
  const { "": other, ...fields } = faults;
  const clocks: readonly FieldOption[] = [
    { value: "local", label: `Local time, ${zone}` },
    { value: "standard", label: "Standard time all year round" },
    { value: "utc", label: "UTC" },
  ];
  const field = (name: keyof ForeignTexts, label: string, options: readonly FieldOption[]) => (
    <Field name={name} label={label} value={values[name]} fault={faults[name]} options={options} />
  );
  return (
    <Panel title="What the file says" id="statement-panel">
      <form class="form import-upload" method="post" action={action} encType="multipart/form-data">
        <FaultsNotice faults={fields} other={other} />
        {field("channelId", "Compared with", channels)}
        {field("stamp", "A stamp says", STAMPS)}
        {field("clock", "Stamps are by", clocks)}
        {field("periodMin", "A row is of", PERIODS)}
        {field("unit", "Figures are", units)}
        <FileField fault={faults[PROFILE_FIELD]} />
        <div>
          <Button kind="primary">Compare</Button>
        </div>
      </form>
    </Panel>
  );
}

function FileField({ fault }: { readonly fault: string | undefined }): JSX.Element {
  return (
    <div class="field">
      <label for={PROFILE_FIELD}>CSV file</label>
      <input
        class="input"
        type="file"
        id={PROFILE_FIELD}
        name={PROFILE_FIELD}
        required
        accept=".csv,.txt,text/csv,text/plain"
        aria-invalid={fault === undefined ? undefined : "true"}
        aria-describedby={fault === undefined ? "profile-hint" : "profile-hint profile-fault"}
      />
      <span class="hint" id="profile-hint">
        At most 900 kB, a year of quarter-hours. Choose it each time.
      </span>
      {fault !== undefined && (
        <span class="fault" id="profile-fault" role="alert">
          <Icon name="critical" />
          {fault}
        </span>
      )}
    </div>
  );
}

function WhatFile(): JSX.Element {
  return (
    <Panel title="What is expected" id="expected-panel">
      <p>
        One row for each period, oldest first: stamp and figure, or date, time and figure. Stamps are written
        as <code>2026-03-29 00:30</code> or{" "}
        <code>29/03/2026 00:30</code>, day before month; one that says its offset,{" "}
        <code>2026-03-29T00:30+01:00</code>, is believed. Headings may stand above.
      </p>
      <p class="muted">
        Days when clocks change have 46 to 50 half-hours. An hour that came twice and is told once is left
        out: nobody knows which of the two it is.
      </p>
    </Panel>
  );
}

const CELL_COLUMNS: readonly TableColumn<ForeignFaultRow>[] = [
  { id: "row", head: "Row", place: "name", cell: ({ row, field }) => `Row ${row}, ${field}` },
  {
    id: "value",
    head: "Stands there",
    place: "detail",
    detailName: "stands there",
    cell: ({ value }) =>
      value === "" ? <span class="muted">nothing</span> : <code class="words">{value}</code>,
  },
  { id: "expected", head: "Expected", place: "wide", cell: ({ expected }) => expected },
];

function CellFaults({ cells }: { readonly cells: readonly ForeignFaultRow[] }): JSX.Element {
  return (
    <Panel
      title="Not understood"
      id="cells-panel"
      beside={<span>{countText(cells.length, "cell")}</span>}
      summary="The file was not compared: half of it would prove nothing. Put these right, or state it otherwise."
      flush
    >
      <DataTable
        caption="Cells that were not understood"
        columns={CELL_COLUMNS}
        rows={cells}
        keyOf={({ row, field }) => `${row} ${field}`}
      />
    </Panel>
  );
}

const FIT_COLUMNS: readonly TableColumn<FitRow>[] = [
  {
    id: "shift",
    head: "The file moved",
    place: "name",
    cell: ({ shift, best }) => best ? `${shift}, best` : shift,
  },
  {
    id: "pairs",
    head: "Half-hours",
    place: "detail",
    detailName: "half-hours",
    number: true,
    cell: ({ pairs }) => pairs,
  },
  {
    id: "correlation",
    head: "Correlation",
    place: "figure",
    number: true,
    cell: ({ correlation }) => correlation,
  },
  {
    id: "difference",
    head: "Sum less ours",
    place: "detail",
    detailName: "sum less ours",
    number: true,
    cell: ({ difference }) => difference,
  },
];

function ProofPanels({ proof }: { readonly proof: ForeignProof }): JSX.Element {
  const { state, title, words, told, fits, chart } = proof;
  return (
    <>
      <Notice state={state} title={title} live="polite">{words}</Notice>
      {chart && (
        <Panel>
          <ChartFigure
            id="both"
            title="Both over each other"
            summary={chart.summary}
            legend={<TwoLinesLegend ours="collected here" theirs="the file as stated" />}
            table={{
              caption: "Half-hours of both",
              heads: ["Half-hour", `Here, ${chart.unit}`, `File, ${chart.unit}`],
              rows: chart.rows,
            }}
          >
            <TwoLines {...chart} label={chart.summary} />
          </ChartFigure>
        </Panel>
      )}
      <Panel title="Every shift" id="fits-panel" summary={told} flush>
        <DataTable
          caption="How well both agree at each shift"
          columns={FIT_COLUMNS}
          rows={fits}
          keyOf={({ shift }) => shift}
        />
      </Panel>
    </>
  );
}
