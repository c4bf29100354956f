/**
 * One device profile: where its facts come from, what the device allows, what is peculiar, and every register.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../format.ts";
import { Facts } from "../Data.tsx";
import { LinkButton } from "../Input.tsx";
import { PageHead, Panel, Split } from "../Page.tsx";
import { ConfidenceBadge, confidenceSentence } from "../ProfileWords.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";

/** One quantity and where it lies, already in words. */
export interface RegisterRow {
  /** Its name in the profile. */
  readonly quantity: string;
  /** What people call it. */
  readonly name: string;
  /** First registers, counted from 0 as on the wire. */
  readonly addresses: string;
  /** The same as manuals print them: counted from 1, and with the leading 3 or 4. */
  readonly numbers: string;
  /** Function code and what it reads. */
  readonly functionCode: string;
  /** How it is coded. */
  readonly type: string;
  /** In which order its words come; empty: it has one. */
  readonly order: string;
  /** What one of the coded number is worth, with its unit. */
  readonly worth: string;
  /** Smallest and largest believable value; empty: anything. */
  readonly range: string;
  /** What else is to be known; may be empty. */
  readonly note: string;
}

/** What the page needs. */
export interface ProfilePageProps {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: number;
  /** Who makes it. */
  readonly vendor: string;
  /** Models for which it holds. */
  readonly models: readonly string[];
  /** What it is, in a word. */
  readonly kindWord: string;
  /** Whether two sources agree on it. */
  readonly verified: boolean;
  /** Document and page the facts come from. */
  readonly source: string;
  /** What the device allows, name and value. */
  readonly limits: readonly { readonly label: string; readonly value: string }[];
  /** What is peculiar. */
  readonly quirks: readonly string[];
  /** Its quantities in order. */
  readonly rows: readonly RegisterRow[];
  /** Sites that use it, of those that whoever looks may see. */
  readonly sites: number;
  /** Where a copy to change is begun; absent: whoever looks may not. */
  readonly copyHref?: string | undefined;
}

/** The profile. */
export function ProfilePage(props: ProfilePageProps): JSX.Element {
  const { vendor, models, verified, rows, kindWord } = props;
  return (
    <>
      <PageHead
        title={`${vendor} ${models[0] ?? ""}`.trim()}
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Device profiles", href: "/profiles" },
          { label: props.id },
        ]}
        badges={<ConfidenceBadge verified={verified} />}
        actions={props.copyHref && <LinkButton href={props.copyHref}>Copy to change</LinkButton>}
        summary={`${kindWord} with ${countText(rows.length, "quantity", "quantities")}. ${usedWords(props)}`}
      />
      <Split cut="1-1">
        <About {...props} />
        <Panel flush title="What to know" id="quirks" summary={confidenceSentence(verified)}>
          {props.quirks.length > 0 && (
            <ul class="rows">
              {props.quirks.map((quirk) => <li key={quirk}>{quirk}</li>)}
            </ul>
          )}
        </Panel>
      </Split>
      <RegistersPanel rows={rows} />
    </>
  );
}

/** What a device says where, as a table. */
export function RegistersPanel({ rows }: { readonly rows: readonly RegisterRow[] }): JSX.Element {
  return (
    <Panel
      flush
      title="Registers"
      id="registers"
      summary="Addresses as they go over the wire, counted from 0; beside them the numbers that manuals print."
    >
      <RegistersTable rows={rows} />
    </Panel>
  );
}

/** The table alone. */
export function RegistersTable({ rows }: { readonly rows: readonly RegisterRow[] }): JSX.Element {
  return (
    <DataTable
      caption="Registers"
      columns={REGISTER_COLUMNS}
      rows={rows}
      keyOf={({ quantity }) => quantity}
    />
  );
}

function usedWords({ sites }: ProfilePageProps): string {
  return sites === 0
    ? "No site that you may see uses it."
    : `Used at ${countText(sites, "site")} that you may see.`;
}

function About({ id, version, models, source, limits }: ProfilePageProps): JSX.Element {
  const facts = [
    { label: "Models", value: models.join(", ") },
    { label: "Source", value: source },
    ...limits,
    { label: "Profile", value: `${id}, version ${version}` },
  ];
  return (
    <Panel title="Device" id="device">
      <Facts facts={facts} />
    </Panel>
  );
}

/** Registers in words, as the library and published versions show them. */
const REGISTER_COLUMNS: readonly TableColumn<RegisterRow>[] = [
  {
    id: "quantity",
    head: "Quantity",
    place: "name",
    cell: ({ name, quantity }) => (
      <>
        {name}
        <span class="sub">
          <code>{quantity}</code>
        </span>
      </>
    ),
  },
  {
    id: "address",
    head: "Address",
    number: true,
    place: "detail",
    detailName: "Address",
    cell: ({ addresses }) => addresses,
  },
  {
    id: "number",
    head: "In manuals",
    number: true,
    place: "detail",
    detailName: "In manuals",
    cell: ({ numbers }) => numbers,
  },
  {
    id: "function",
    head: "Function",
    place: "detail",
    detailName: "Function",
    spare: 1,
    cell: ({ functionCode }) => functionCode,
  },
  {
    id: "type",
    head: "Type",
    place: "detail",
    detailName: "Type",
    cell: ({ type, order }) => (
      <>
        {type}
        {order !== "" && <span class="sub">{order}</span>}
      </>
    ),
  },
  { id: "worth", head: "One is", place: "detail", detailName: "One is", cell: ({ worth }) => worth },
  {
    id: "range",
    head: "Believable",
    place: "detail",
    detailName: "Believable",
    spare: 2,
    cell: ({ range }) => range === "" ? <span class="muted">anything</span> : range,
  },
  { id: "note", head: "Note", place: "wide", spare: 3, cell: ({ note }) => note },
];
