/**
 * The form of a register map: what is said of the device, where values are read, and all rows in one post. Drawn by the
 * server, and drawn again in the browser where scripts run.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { countText, numberText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";
import { Field, type FieldOption } from "../../Input.tsx";
import { Empty, Notice } from "../../Over.tsx";
import { Panel } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { StateBadge } from "../../Words.tsx";
import { MapRow, UNITS_LIST } from "./MapRow.tsx";
import {
  type EditorRow,
  FIELD_NAMES,
  FUNCTION_OPTIONS,
  MAP_ROWS_MAX,
  NOTATION_OPTIONS,
  UNITS,
} from "./row_texts.ts";

/** Fields of the head in the order in which they are filled in. */
export const HEAD_FIELDS = [
  "name",
  "vendor",
  "model",
  "kind",
  "functionCode",
  "wordOrder",
  "wordsPerRequest",
  "gapWords",
  "requestMs",
  "pauseMs",
  "maxPowerW",
  "forgetsWithoutPower",
  "notes",
] as const;

/** A field of the head. */
export type HeadField = (typeof HEAD_FIELDS)[number];

/** The head as typed. */
export type HeadTexts = Readonly<Record<HeadField, string>>;

/** How reading went. */
export interface ReadSummary {
  /** Chooses icon and colour. */
  readonly state: State;
  /** In a few words: `18 of 20 values`. */
  readonly words: string;
  /** When, how long and over how many requests; empty: nothing was asked. */
  readonly detail: string;
  /** What is odd in the values taken together, such as a reversed CT. */
  readonly findings: readonly string[];
}

/** What the form needs. */
export interface MapFormProps {
  /** Where it is posted. */
  readonly action: string;
  /** Where it is posted to read values. */
  readonly tryAction: string;
  /** The version of the working copy that it shows. */
  readonly version: number;
  /** The head as typed. */
  readonly head: HeadTexts;
  /** What is wrong with the head; `""` belongs to no field. */
  readonly headFaults: Readonly<Record<string, string>>;
  /** The rows. */
  readonly rows: readonly EditorRow[];
  /** How addresses are written. */
  readonly notation: string;
  /** Where values may be read, "nowhere" first. */
  readonly places: readonly FieldOption[];
  /** Where they are read; empty: nowhere. */
  readonly place: string;
  /** What is looked for among the devices; `null`: all are offered. */
  readonly find: string | null;
  /** How reading went; `null`: nothing was read. */
  readonly read: ReadSummary | null;
  /** Whether something is typed that is not saved. */
  readonly unsaved: boolean;
}

/** What happens at once where scripts run; without it the buttons send the form. */
export interface MapFormActs {
  /** A row is added. */
  readonly onAdd: () => void;
}

/** Id of the form. */
export const MAP_FORM = "map-form";

const KINDS: readonly FieldOption[] = [
  { value: "meter", label: "Meter" },
  { value: "pulse", label: "Pulse counter" },
  { value: "io", label: "Inputs" },
  { value: "ups", label: "UPS" },
  { value: "hvac", label: "Air conditioning" },
  { value: "router", label: "Router" },
];

/** What is said of the device. */
export function HeadPanel(
  { head, headFaults }: Pick<MapFormProps, "head" | "headFaults">,
): JSX.Element {
  const field = (name: HeadField, label: string, more: Partial<Parameters<typeof Field>[0]> = {}) => (
    <Field
      name={name}
      label={label}
      value={head[name]}
      fault={headFaults[name]}
      autocomplete="off"
      maxLength={80}
      span={3}
      {...more}
    />
  );
  return (
    <Panel
      title="Device"
      id="device"
      summary="What the manual says of the device as a whole. Function code and word order hold for every row that does not say its own."
    >
      <div class="form">
        {field("name", "Name", { hint: "Under this name it is chosen for a device." })}
        {field("vendor", "Vendor")}
        {field("model", "Model")}
        {field("kind", "Kind", { options: KINDS })}
        {field("functionCode", "Function code", { options: FUNCTION_OPTIONS.slice(1) })}
        {field("wordOrder", "Word order", { options: ORDERS })}
        {field("wordsPerRequest", "Registers a request", { hint: "1 to 125" })}
        {field("gapWords", "Read through at most", { suffix: "registers" })}
        {field("requestMs", "A request takes", { suffix: "ms" })}
        {field("pauseMs", "Pause between requests", { suffix: "ms" })}
        {field("maxPowerW", "Largest power", { suffix: "W" })}
        {field("forgetsWithoutPower", "Counters without power", { options: FORGETS })}
        {field("notes", "Notes: manual, edition, page; what it does not say", {
          lines: 2,
          maxLength: 2000,
          span: 12,
        })}
      </div>
    </Panel>
  );
}

const FORGETS: readonly FieldOption[] = [
  { value: "", label: "keep their value" },
  { value: "yes", label: "fall to 0" },
];

const ORDERS: readonly FieldOption[] = [
  { value: "big", label: "ABCD, high word first" },
  { value: "little", label: "CDAB, low word first" },
  { value: "big-swapped", label: "BADC, bytes swapped" },
  { value: "little-swapped", label: "DCBA, all turned" },
];

/** The table with its tools. */
export function RowsPanel(
  props: MapFormProps & {
    /** What happens at once; absent: the buttons send the form. */
    readonly acts?: MapFormActs | undefined;
    /** Said at the foot, such as that something is not saved. */
    readonly said?: ComponentChildren;
    /** Draws a row; absent: as {@link MapRow} does. */
    readonly rowOf?: ((row: EditorRow) => JSX.Element) | undefined;
  },
): JSX.Element {
  const { rows, read, acts, said } = props;
  const rowOf = props.rowOf ?? ((row: EditorRow) => <MapRow key={row.id} row={row} />);
  return (
    <Panel
      title="Registers"
      id="registers"
      beside={
        <>
          <span>{countText(rows.length, "row")}</span>
          {read && <StateBadge state={read.state}>{read.words}</StateBadge>}
          {read && read.detail !== "" && <span>{read.detail}</span>}
        </>
      }
      flush
    >
      <RowTools {...props} />
      {read?.findings.map((finding) => <Notice key={finding} state="warn" title={finding} />)}
      <div class="map-scroll" role="region" aria-label="Registers" tabIndex={0}>
        <table class="table map-table">
          <caption class="unseen">Rows of the register map</caption>
          <MapHeadRow />
          {rows.map(rowOf)}
        </table>
      </div>
      <datalist id={UNITS_LIST}>{UNITS.map((unit) => <option key={unit} value={unit} />)}</datalist>
      {rows.length === 0 && <NoRows />}
      <RowsFoot rows={rows.length} acts={acts} said={said} />
    </Panel>
  );
}

function NoRows(): JSX.Element {
  return (
    <Empty icon="table" title="No rows yet">
      Add the first one, or let the workbench find it: type what the display shows, and it looks for the
      registers.
    </Empty>
  );
}

function RowTools(props: MapFormProps): JSX.Element {
  const { notation, places, place, find, tryAction } = props;
  const reads = places.length > 1 || find !== null;
  return (
    <div class="map-tools">
      <input type="hidden" name="notation" value={notation} />
      <label>
        <span>Addresses</span>
        <select class="input" name="show" id="show">
          {NOTATION_OPTIONS.map(({ value, label }) => (
            <option key={value} value={value} selected={value === notation}>{label}</option>
          ))}
        </select>
        <button class="button" type="submit" name="do" value="show" formNoValidate>Show</button>
      </label>
      {reads && (
        <label>
          <span>Read from</span>
          {find !== null && (
            <input
              class="input"
              name="find"
              defaultValue={find}
              placeholder="Part of a name"
              aria-label="Part of the name of a site or device"
              maxLength={60}
            />
          )}
          {find !== null && (
            <button class="button" type="submit" name="do" value="find" formNoValidate>Find</button>
          )}
          <select class="input" name="at" id="at">
            {places.map(({ value, label }) => (
              <option key={value} value={value} selected={value === place}>{label}</option>
            ))}
          </select>
          <button class="button" type="submit" name="do" value="read" formAction={tryAction}>
            <Icon name="read" />
            Read values
          </button>
        </label>
      )}
      <label class="tick map-raw">
        <input type="checkbox" />
        <span>Words as read</span>
      </label>
    </div>
  );
}

function MapHeadRow(): JSX.Element {
  const names = ["quantity", "address", "encoding", "wordOrder", "scale", "unit", "kind"] as const;
  return (
    <thead>
      <tr>
        {names.map((name) => <th key={name} scope="col">{FIELD_NAMES[name]}</th>)}
        <th scope="col" class="map-words">Words as read</th>
        <th scope="col" class="map-value">Value</th>
        <th scope="col">
          <span class="unseen">Remove</span>
        </th>
      </tr>
    </thead>
  );
}

function RowsFoot(
  { rows, acts, said }: {
    readonly rows: number;
    readonly acts: MapFormActs | undefined;
    readonly said: ComponentChildren;
  },
): JSX.Element {
  const full = rows >= MAP_ROWS_MAX;
  return (
    <div class="panel-foot map-foot">
      <button
        class="button"
        type={acts ? "button" : "submit"}
        name="do"
        value="add"
        disabled={full}
        onClick={acts?.onAdd}
        formNoValidate
      >
        <Icon name="plus" />
        Add a row
      </button>
      {full && <span>{`${numberText(MAP_ROWS_MAX)} rows are as many as a map may have`}</span>}
      <span class="map-said" role="status">{said}</span>
      <button class="button" data-kind="primary" type="submit" name="do" value="save">Save</button>
    </div>
  );
}

/** What the form is, drawn by the server or moved by the editor. */
export function mapFormAttributes({ action }: Pick<MapFormProps, "action">) {
  return {
    class: "map-form",
    "data-still": true,
    id: MAP_FORM,
    method: "post",
    action,
    autocomplete: "off",
    spellcheck: false,
  } as const;
}

/** The whole form as the server draws it. */
export function MapForm(props: MapFormProps): JSX.Element {
  return (
    <form {...mapFormAttributes(props)}>
      <MapFormBegin {...props} />
      <RowsPanel {...props} said={props.unsaved && "Not saved yet"} />
      <HeadPanel {...props} />
    </form>
  );
}

/** What stands at the beginning of the form: which button Enter presses, the version, and what is to be put right. */
export function MapFormBegin(
  { headFaults, rows, version }: Pick<MapFormProps, "headFaults" | "rows" | "version">,
): JSX.Element {
  return (
    <>
      <button class="unseen" type="submit" name="do" value="save" tabIndex={-1} aria-hidden="true">
        Save
      </button>
      <input type="hidden" name="version" value={version} />
      <MapFaults headFaults={headFaults} rows={rows} />
    </>
  );
}

function MapFaults({ headFaults, rows }: Pick<MapFormProps, "headFaults" | "rows">): JSX.Element {
  const { "": other, ...fields } = headFaults;
  const all: Record<string, string | undefined> = { ...fields };
  for (const { id, faults } of rows) {
    for (const [field, fault] of Object.entries(faults)) all[`r${id}-${field}`] = fault;
  }
  return <FaultsNotice faults={all} other={other} />;
}
