/**
 * Groups of sites, by which people reach many sites at once: the list, and a form for another one.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { countText, numberText } from "../format.ts";
import { Button, Field } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { DataTable, NAME_COLUMN, type TableColumn } from "../Table.tsx";

/** A group of the list. */
export interface GroupRow {
  /** Unique. */
  readonly id: number;
  /** What people call it. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
  /** Sites in it. */
  readonly sites: number;
  /** People who reach its sites by it. */
  readonly people: number;
}

/** What the page needs. */
export interface GroupsPageProps {
  /** All groups, by name. */
  readonly rows: readonly GroupRow[];
  /** Whether who looks may make one. */
  readonly mayChange: boolean;
  /** The name of a new one as typed. */
  readonly name: string;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** Whether one was just removed. */
  readonly removed: boolean;
}

const COLUMNS: readonly TableColumn<GroupRow>[] = [
  NAME_COLUMN,
  {
    id: "sites",
    head: "Sites",
    number: true,
    place: "detail",
    detailName: "Sites",
    cell: ({ sites }) => numberText(sites),
  },
  {
    id: "people",
    head: "People",
    number: true,
    place: "detail",
    detailName: "People",
    cell: ({ people }) => numberText(people),
  },
];

/** The list and the form. */
export function GroupsPage({ rows, mayChange, name, faults, removed }: GroupsPageProps): JSX.Element {
  const { "": other, ...beside } = faults;
  return (
    <>
      <PageHead
        title="Groups"
        summary={rows.length === 0 ? undefined : `${countText(rows.length, "group")} of sites, by name`}
      />
      {removed && (
        <Notice state="good" title="The group is removed" live="polite">
          Its sites lie in no group now.
        </Notice>
      )}
      <Split cut="2-1">
        <Panel flush>
          {rows.length === 0
            ? (
              <Empty icon="site" title="No groups yet">
                A site lies in one group or none. People who were given a group reach all its sites.
              </Empty>
            )
            : <DataTable caption="Groups, by name" columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />}
        </Panel>
        {mayChange && (
          <Column>
            <Panel title="Make a group" id="new" summary="Sites are put into it afterwards.">
              <form class="form" method="post" action="/admin/groups">
                <FaultsNotice faults={beside} other={other} />
                <Field
                  name="name"
                  label="Name"
                  autocomplete="off"
                  value={name}
                  fault={faults["name"]}
                  hint="Such as a branch, a customer or a kind of building."
                  maxLength={80}
                />
                <div class="actions">
                  <Button kind="primary" icon="plus">Make</Button>
                </div>
              </form>
            </Panel>
          </Column>
        )}
      </Split>
    </>
  );
}
