/**
 * Where many sites are brought in at once: the upload, what a sheet looks like, and one's own imports.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { ImportState } from "../../../domain/site_import.ts";
import type { IconName } from "../../drawings.ts";
import { countText, numberText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";
import { LinkButton, PostButton } from "../../Input.tsx";
import { Column, PageHead, Panel, Split } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateWord } from "../../Words.tsx";

/** An import of one's own. */
export interface ImportListRow {
  /** Unique. */
  readonly id: number;
  /** As the file is called. */
  readonly fileName: string;
  /** Its page. */
  readonly href: string;
  /** How it stands. */
  readonly state: ImportState;
  /** Rows in it. */
  readonly rows: number;
  /** Sites in it. */
  readonly sites: number;
  /** When it was uploaded, such as `today 10:46`. */
  readonly whenLabel: string;
  /** Where its removal is posted; `null`: it has registered sites. */
  readonly removeAction: string | null;
}

/** A column of the sheet, as the page explains it. */
export interface ColumnWords {
  /** Its heading. */
  readonly heading: string;
  /** What it means. */
  readonly about: string;
  /** Whose fact it holds. */
  readonly of: "site" | "router" | "endpoint" | "device";
}

/** What the page needs. */
export interface ImportsPageProps {
  /** The form, as an island where there are scripts. */
  readonly upload: ComponentChildren;
  /** Own imports, the newest first. */
  readonly imports: readonly ImportListRow[];
  /** Columns of a sheet. */
  readonly columns: readonly ColumnWords[];
  /** What was just done or refused; `null`: nothing. */
  readonly told: Told | null;
}

/** The page. */
export function ImportsPage({ upload, imports, columns, told }: ImportsPageProps): JSX.Element {
  return (
    <>
      <PageHead
        title="Import sites"
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Register", href: "/sites/register" },
          { label: "Import" },
        ]}
        summary="A sheet of sites and devices is judged row by row. Nothing is registered until you say so."
      />
      <ToldNotice told={told} />
      <Split cut="1-1">
        <Panel title="Upload" id="import-upload">{upload}</Panel>
        <Panel title="What a sheet looks like" id="import-sheet">
          <div class="import-sheet">
            <p>
              A row is a device. Rows with the same site name belong to one site: what is said of the site
              stands in its first row, or alike in every row. Only <b>Site</b>, <b>Zone</b> and{" "}
              <b>Path 1 host</b> must be there; leave out the columns that you do not need.
            </p>
            <div class="actions">
              <LinkButton icon="download" href="/sites/import/template.xlsx">Template as XLSX</LinkButton>
              <LinkButton icon="download" href="/sites/import/template.csv">Template as CSV</LinkButton>
            </div>
          </div>
        </Panel>
      </Split>
      <Column>
        {imports.length > 0 && (
          <Panel title="Your imports" id="own-imports" flush>
            <DataTable
              caption="Your imports, newest first"
              columns={COLUMNS}
              rows={imports}
              keyOf={({ id }) => id}
            />
          </Panel>
        )}
        <Panel title="All columns" id="import-columns" flush>
          {PARTS.map(({ of, title }) => (
            <details class="import-columns" key={of}>
              <summary>
                <Icon name="next" />
                {title}
                <span class="muted">
                  {countText(columns.filter((column) => column.of === of).length, "column")}
                </span>
              </summary>
              <dl>
                {columns.filter((column) => column.of === of).map(({ heading, about }) => (
                  <div key={heading}>
                    <dt>{heading}</dt>
                    <dd>{about}</dd>
                  </div>
                ))}
              </dl>
            </details>
          ))}
        </Panel>
      </Column>
    </>
  );
}

const PARTS = [
  { of: "site", title: "The site" },
  { of: "router", title: "Its router" },
  { of: "endpoint", title: "The port of a device" },
  { of: "device", title: "The device" },
] as const;

/** How an import stands, in a word. */
export function importStateWord(
  state: ImportState,
): { readonly state: State; readonly words: string; readonly icon?: IconName } {
  switch (state) {
    case "judging":
      return { state: "loading", words: "being judged" };
    case "judged":
      return { state: "info", words: "nothing registered" };
    case "committing":
      return { state: "partial", words: "partly registered" };
    case "committed":
      return { state: "good", words: "registered" };
    case "undoing":
      return { state: "partial", words: "partly taken back" };
    case "undone":
      return { state: "offline", icon: "close", words: "taken back" };
  }
}

const COLUMNS: readonly TableColumn<ImportListRow>[] = [
  {
    id: "file",
    head: "File",
    place: "name",
    cell: ({ fileName, href }) => (
      <a href={href}>
        <bdi>{fileName}</bdi>
      </a>
    ),
  },
  {
    id: "state",
    head: "State",
    place: "state",
    cell: (row) => {
      const { state, words, icon } = importStateWord(row.state);
      return <StateWord state={state} icon={icon}>{words}</StateWord>;
    },
  },
  {
    id: "sites",
    head: "Sites",
    place: "detail",
    detailName: "sites",
    number: true,
    cell: ({ sites }) => numberText(sites),
  },
  {
    id: "rows",
    head: "Rows",
    place: "detail",
    detailName: "rows",
    number: true,
    cell: ({ rows }) => numberText(rows),
  },
  {
    id: "when",
    head: "Uploaded",
    place: "detail",
    detailName: "uploaded",
    cell: ({ whenLabel }) => whenLabel,
  },
  {
    id: "do",
    head: "Open or remove",
    headUnseen: true,
    place: "do",
    cell: ({ fileName, href, removeAction }) => (
      <span class="actions row-actions">
        <LinkButton row href={href} label={`Open ${fileName}`}>Open</LinkButton>
        {removeAction !== null && (
          <PostButton row kind="quiet" action={removeAction} label={`Forget ${fileName}`}>Forget</PostButton>
        )}
      </span>
    ),
  },
];
