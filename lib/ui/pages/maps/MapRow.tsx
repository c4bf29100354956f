/**
 * One row of a register map: what is looked at most stands in the table, the rest folds out below it; on a phone the
 * whole row folds. What was read stands at its end. Fields keep what is typed in them however often they are drawn.
 *
 * @module
 */

import type { JSX } from "preact";
import { Icon } from "../../Icon.tsx";
import { FigureText, StateWord } from "../../Words.tsx";
import type { FieldOption } from "../../Input.tsx";
import {
  DAILY_OPTIONS,
  type EditorRow,
  ENCODING_OPTIONS,
  FIELD_NAMES,
  FUNCTION_OPTIONS,
  KIND_OPTIONS,
  type LiveCell,
  ORDER_OPTIONS,
  type RowField,
  rowFieldName,
} from "./row_texts.ts";

/** Id of the list of units that fields suggest. */
export const UNITS_LIST = "map-units";

/** Columns of the table; the line that folds out spans all. */
export const MAP_COLUMNS = 10;

/** What a row needs. */
export interface MapRowProps {
  /** The row. */
  readonly row: EditorRow;
  /** Takes it away at once; absent: its button sends the form. */
  readonly onRemove?: (() => void) | undefined;
}

/** Their faults stand below the row, where there is room for words. */
const MAIN: readonly RowField[] = ["quantity", "address", "encoding", "wordOrder", "scale", "unit", "kind"];

const MORE: readonly RowField[] = [
  "functionCode",
  "bit",
  "words",
  "offset",
  "decimals",
  "low",
  "high",
  "sentinels",
  "modulus",
  "plus",
  "daily",
  "note",
];

/** The row. */
export function MapRow({ row, onRemove }: MapRowProps): JSX.Element {
  const { id, texts, faults, live } = row;
  const wrong = Object.keys(faults).length > 0;
  const said = (["", ...MAIN] as const).filter((field) => faults[field] !== undefined);
  const foldedFault = MORE.some((field) => faults[field] !== undefined);
  const cell = (field: RowField) => <Cell row={row} field={field} />;
  return (
    <tbody
      class="map-row"
      id={`row-${id}`}
      data-state={wrong ? "critical" : undefined}
      data-open={row.added ? "" : undefined}
    >
      <tr>
        <th scope="row">
          <div class="map-head">
            <label class="map-fold">
              <input type="checkbox" defaultChecked={foldedFault} />
              <Icon name="down" />
              <span class="unseen">{`All fields of row ${id}`}</span>
              <span class="map-sum">
                <b>
                  <bdi>{texts.quantity || "New row"}</bdi>
                </b>
                <small>{[texts.address, texts.encoding].filter((text) => text !== "").join(" · ")}</small>
              </span>
            </label>
            {cell("quantity")}
          </div>
        </th>
        <td data-name={FIELD_NAMES.address}>{cell("address")}</td>
        <td data-name={FIELD_NAMES.encoding}>{cell("encoding")}</td>
        <td data-name={FIELD_NAMES.wordOrder}>{cell("wordOrder")}</td>
        <td data-name={FIELD_NAMES.scale}>{cell("scale")}</td>
        <td data-name={FIELD_NAMES.unit}>{cell("unit")}</td>
        <td data-name={FIELD_NAMES.kind}>{cell("kind")}</td>
        <td class="map-words">{live && live.words !== "" && <code>{live.words}</code>}</td>
        <td class="map-value">{live && <Live live={live} />}</td>
        <td class="map-do">
          <Remove row={row} onRemove={onRemove} />
        </td>
      </tr>
      {said.length > 0 && (
        <tr class="map-fault">
          <td colSpan={MAP_COLUMNS}>
            {said.map((field) => (
              <span
                key={field}
                class="fault"
                id={field === "" ? undefined : `${rowFieldName(id, field)}-fault`}
              >
                <Icon name="critical" />
                {field === "" ? faults[field] : `${FIELD_NAMES[field]}: ${faults[field]}`}
              </span>
            ))}
          </td>
        </tr>
      )}
      <tr class="map-more">
        <td colSpan={MAP_COLUMNS}>
          <div>
            {MORE.map((field) => (
              <label key={field} data-field={field}>
                <span>{FIELD_NAMES[field]}</span>
                {cell(field)}
              </label>
            ))}
          </div>
        </td>
      </tr>
    </tbody>
  );
}

function Live({ live }: { readonly live: LiveCell }): JSX.Element {
  const { figure, reason, tookMs } = live;
  return (
    <>
      {figure
        ? (
          <b>
            <FigureText figure={figure} />
          </b>
        )
        : <StateWord state="warn" wrap>{reason}</StateWord>}
      {figure && reason !== null && <StateWord state="warn" wrap>{reason}</StateWord>}
      {tookMs !== null && <small>{`${tookMs} ms`}</small>}
    </>
  );
}

function Remove({ row, onRemove }: Pick<MapRowProps, "row" | "onRemove">): JSX.Element {
  return (
    <button
      class="button"
      data-kind="quiet"
      data-size="row"
      type={onRemove ? "button" : "submit"}
      name="do"
      value={`remove-${row.id}`}
      aria-label={`Remove row ${row.id}`}
      onClick={onRemove}
      formNoValidate
    >
      <Icon name="close" />
    </button>
  );
}

interface CellProps {
  readonly row: EditorRow;
  readonly field: RowField;
}

function Cell({ row, field }: CellProps): JSX.Element {
  const { id, texts, faults } = row;
  const name = rowFieldName(id, field);
  const fault = faults[field];
  const options = optionsOf(field);
  const shared = {
    class: "input",
    name,
    "aria-label": `${FIELD_NAMES[field]} of row ${id}`,
    "aria-invalid": fault ? ("true" as const) : undefined,
    "aria-describedby": fault ? `${name}-fault` : undefined,
  };
  return (
    <span class="map-cell" data-field={field}>
      {options ? <Select shared={shared} options={options} value={texts[field]} /> : (
        <input
          {...shared}
          defaultValue={texts[field]}
          maxLength={field === "note" ? 160 : undefined}
          autofocus={row.added && field === "quantity"}
          list={field === "unit" ? UNITS_LIST : undefined}
        />
      )}
      {fault && !MAIN.includes(field) && (
        <span class="fault" id={`${name}-fault`}>
          <Icon name="critical" />
          {fault}
        </span>
      )}
    </span>
  );
}

function Select({ shared, options, value }: {
  readonly shared: JSX.SelectHTMLAttributes<HTMLSelectElement>;
  readonly options: readonly FieldOption[];
  readonly value: string;
}): JSX.Element {
  const known = options.some((option) => option.value === value);
  return (
    <select {...shared}>
      {!known && <option value={value} selected>{value === "" ? "choose" : value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function optionsOf(field: RowField): readonly FieldOption[] | null {
  switch (field) {
    case "encoding":
      return ENCODING_OPTIONS;
    case "wordOrder":
      return ORDER_OPTIONS;
    case "kind":
      return KIND_OPTIONS;
    case "functionCode":
      return FUNCTION_OPTIONS;
    case "daily":
      return DAILY_OPTIONS;
    case "quantity":
    case "address":
    case "scale":
    case "unit":
    case "offset":
    case "decimals":
    case "low":
    case "high":
    case "sentinels":
    case "bit":
    case "words":
    case "modulus":
    case "plus":
    case "note":
      return null;
  }
}
