/**
 * Maintenance of a site: its windows, a form for another one, and a button that ends one early.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { Button, Field, type FieldProps, PostButton, Tick } from "../../Input.tsx";
import { Empty } from "../../Over.tsx";
import { PageHead, Panel, Split } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateWord } from "../../Words.tsx";

/** A window in a list. */
export interface WindowRow {
  /** Unique. */
  readonly id: number;
  /** The whole site, or a device. */
  readonly what: string;
  /** From when. */
  readonly from: string;
  /** Until when. */
  readonly to: string;
  /** Why. */
  readonly why: string;
  /** Who set it, and whether it was ended early. */
  readonly by: string;
  /** How it stands. */
  readonly standing: { readonly state: State; readonly words: string };
  /** Where ending it is posted; `null`: it is over. */
  readonly endAction: string | null;
}

/** What the page needs. */
export interface MaintenancePageProps {
  /** The site. */
  readonly site: { readonly name: string; readonly href: string };
  /** The windows, the newest first. */
  readonly windows: readonly WindowRow[];
  /** Where a new one is posted. */
  readonly action: string;
  /** What is asked of it. */
  readonly fields: readonly FieldProps[];
  /** Whether the site is not to be visited, as typed. */
  readonly unvisited: boolean;
  /** What was wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
  /** What was just done or refused; `null`: nothing. */
  readonly told: Told | null;
}

const COLUMNS: readonly TableColumn<WindowRow>[] = [
  { id: "what", head: "Of", place: "name", cell: ({ what }) => what },
  {
    id: "state",
    head: "State",
    place: "state",
    cell: ({ standing }) => <StateWord state={standing.state}>{standing.words}</StateWord>,
  },
  { id: "from", head: "From", place: "detail", detailName: "From", cell: ({ from }) => from },
  { id: "to", head: "Until", place: "detail", detailName: "Until", cell: ({ to }) => to },
  {
    id: "why",
    head: "Why",
    place: "wide",
    cell: ({ why, by }) => (
      <>
        {why}
        <span class="sub">{by}</span>
      </>
    ),
  },
  {
    id: "end",
    head: "End",
    headUnseen: true,
    place: "do",
    cell: ({ endAction, what }) =>
      endAction !== null && (
        <PostButton row action={endAction} label={`End maintenance of ${what}`}>End</PostButton>
      ),
  },
];

/** The page. */
export function MaintenancePage(props: MaintenancePageProps): JSX.Element {
  const { site, windows, told } = props;
  return (
    <>
      <PageHead
        title="Maintenance"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: site.name, href: site.href }, {
          label: "Maintenance",
        }]}
        summary="Half-hours of a window that are not read are explained: neither read nor missing. What is read counts as ever."
      />
      <ToldNotice told={told} />
      <Split cut="2-1">
        <Panel title="Windows" flush>
          {windows.length === 0
            ? (
              <Empty icon="maintenance" title="No maintenance so far">
                Set a window before the power is switched off, or afterwards.
              </Empty>
            )
            : (
              <DataTable
                caption="Maintenance windows"
                columns={COLUMNS}
                rows={windows}
                keyOf={({ id }) => id}
              />
            )}
        </Panel>
        <NewWindow {...props} />
      </Split>
    </>
  );
}

function NewWindow({ action, fields, unvisited, faults }: MaintenancePageProps): JSX.Element {
  const { "": other, ...named } = faults;
  return (
    <Panel title="New window" flush>
      <form method="post" action={action}>
        <div class="panel-body">
          <div class="form">
            <FaultsNotice faults={named} other={other} />
            {fields.map((field) => (
              <Field key={field.name} {...field} fault={faults[field.name]} autocomplete="off" />
            ))}
            <div class="field">
              <Tick name="unvisited" checked={unvisited}>Do not visit the site meanwhile</Tick>
            </div>
          </div>
        </div>
        <div class="panel-foot">
          <Button kind="primary">Set the window</Button>
        </div>
      </form>
    </Panel>
  );
}
