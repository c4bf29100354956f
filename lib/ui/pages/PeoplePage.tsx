/**
 * People: who may come in, what they may do and which sites they reach.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText, numberText } from "../format.ts";
import { Button, Filter, LinkButton, SearchInput } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import { EVERYBODY, PEOPLE_ROLES, PEOPLE_STATES, peopleHref, type PeopleQuery } from "../people_query.ts";
import { pagerOf } from "../paging.ts";
import { roleName, type Standing, StandingWord } from "../PersonWords.tsx";
import { DataTable, NAME_COLUMN, Pager, type TableColumn } from "../Table.tsx";

/** A person of the list. */
export interface PersonRow {
  /** Unique. */
  readonly id: number;
  /** What people call them. */
  readonly name: string;
  /** Their address. */
  readonly email: string;
  /** Their page. */
  readonly href: string;
  /** What they may do, in a word. */
  readonly roleWord: string;
  /** Whether they may come in. */
  readonly standing: Standing;
  /** How long ago they signed in; `null`: never. */
  readonly lastSignIn: string | null;
  /** Their second factors in words; `null`: none. */
  readonly secondFactor: string | null;
  /** What they reach, in words. */
  readonly reachWords: string;
}

/** What the page needs. */
export interface PeoplePageProps {
  /** Which people are shown. */
  readonly query: PeopleQuery;
  /** People of this page. */
  readonly rows: readonly PersonRow[];
  /** People that the query finds, over all pages. */
  readonly found: number;
  /** People of a full page. */
  readonly pageSize: number;
  /** Whether who looks may invite. */
  readonly mayChange: boolean;
  /** What was just done, a sentence; `null`: nothing. */
  readonly done: string | null;
}

/** The list. */
export function PeoplePage(props: PeoplePageProps): JSX.Element {
  const { query, rows, found, pageSize, mayChange, done } = props;
  const hrefOf = (page: number) => peopleHref({ ...query, page });
  const pages = pagerOf({ page: query.page, pageSize, shown: rows.length, total: found, hrefOf });
  return (
    <>
      <PageHead
        title="People"
        summary={summaryOf(props)}
        actions={mayChange && (
          <LinkButton href="/admin/people/invite" kind="primary" icon="plus">Invite somebody</LinkButton>
        )}
      />
      {done !== null && <Notice state="good" title={done} live="polite" />}
      <Panel flush foot={<Pager {...pages} />}>
        <PeopleFilters query={query} />
        {found === 0
          ? (
            <Empty
              icon="search"
              title="Nobody fits"
              action={<LinkButton href={peopleHref(EVERYBODY)}>Show everybody</LinkButton>}
            >
              {query.q === ""
                ? "Nobody has this role and state now."
                : `No name or address contains “${query.q}” with these filters.`}
            </Empty>
          )
          : <DataTable caption="People, by name" columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />}
      </Panel>
    </>
  );
}

function summaryOf({ query, found }: PeoplePageProps): string {
  const filtered = query.q !== "" || query.role !== "any" || query.state !== "any";
  return filtered
    ? `${numberText(found)} found, by name`
    : `${countText(found, "person", "people")}, by name`;
}

function PeopleFilters({ query }: { readonly query: PeopleQuery }): JSX.Element {
  const roles = PEOPLE_ROLES.map((value) => ({
    value,
    label: value === "any" ? "any" : roleName(value).toLowerCase(),
  }));
  const states = PEOPLE_STATES.map((value) => ({ value, label: value }));
  return (
    <form class="filters" action="/admin/people" role="search" aria-label="People">
      <SearchInput name="q" label="Name or e-mail" placeholder="Name or e-mail" value={query.q} />
      <Filter name="role" label="Role:" value={query.role} options={roles} />
      <Filter name="state" label="State:" value={query.state} options={states} />
      <Button>Show</Button>
    </form>
  );
}

const COLUMNS: readonly TableColumn<PersonRow>[] = [
  NAME_COLUMN,
  {
    id: "state",
    head: "State",
    place: "state",
    cell: ({ standing }) => <StandingWord standing={standing} />,
  },
  {
    id: "email",
    head: "E-mail",
    place: "detail",
    detailName: "E-mail",
    spare: 3,
    cell: ({ email }) => email,
  },
  { id: "role", head: "Role", place: "detail", detailName: "Role", cell: ({ roleWord }) => roleWord },
  {
    id: "reach",
    head: "Reaches",
    place: "detail",
    detailName: "Reaches",
    spare: 2,
    cell: ({ reachWords }) => reachWords,
  },
  {
    id: "factor",
    head: "Second factor",
    place: "detail",
    detailName: "Second factor",
    spare: 1,
    cell: ({ secondFactor }) => secondFactor ?? <span class="muted">none</span>,
  },
  {
    id: "seen",
    head: "Last sign-in",
    place: "detail",
    detailName: "Last sign-in",
    spare: 2,
    cell: ({ lastSignIn }) => lastSignIn ?? <span class="muted">never</span>,
  },
];
