/**
 * The library of device profiles: which models can be read, and how sure their register maps are.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText, numberText } from "../format.ts";
import { Button, Filter, LinkButton, SearchInput } from "../Input.tsx";
import { Empty } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import { ALL_PROFILES, PROFILE_KINDS, profileKindName, type ProfilesQuery } from "../profiles_query.ts";
import { ConfidenceWord } from "../ProfileWords.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { StateWord } from "../Words.tsx";

/** A profile of the list. */
export interface ProfileRow {
  /** Unique. */
  readonly id: string;
  /** Its page. */
  readonly href: string;
  /** Who makes it. */
  readonly vendor: string;
  /** Models for which it holds, in words. */
  readonly models: string;
  /** What it is, in a word. */
  readonly kindWord: string;
  /** Whether two sources agree on it; `own`: it is a register map of one's own. */
  readonly confidence: "verified" | "unverified" | "own";
  /** How a register map of one's own stands, such as `version 3`; empty: it is of the library. */
  readonly standing: string;
  /** How many quantities it has. */
  readonly quantities: number;
}

/** What the page needs. */
export interface ProfilesPageProps {
  /** Which profiles are shown. */
  readonly query: ProfilesQuery;
  /** Those that the query finds. */
  readonly rows: readonly ProfileRow[];
  /** Profiles in all. */
  readonly total: number;
  /** Where a register map is begun; `null`: whoever looks may not. */
  readonly newHref: string | null;
}

/** The list. */
export function ProfilesPage(props: ProfilesPageProps): JSX.Element {
  const { query, rows } = props;
  return (
    <>
      <PageHead
        title="Device profiles"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: "Device profiles" }]}
        summary={summaryOf(props)}
        actions={props.newHref && <LinkButton icon="plus" href={props.newHref}>New register map</LinkButton>}
      />
      <Panel flush>
        <ProfileFilters query={query} />
        {rows.length === 0
          ? (
            <Empty
              icon="search"
              title="No profile fits"
              action={<LinkButton href="/profiles">Show all profiles</LinkButton>}
            >
              {query.q === ""
                ? query.from === "own" && query.kind === "any"
                  ? "There is no register map of your own yet. Begin one with a copy of a profile, from a file, or empty."
                  : "There is no profile of this kind."
                : `No vendor, model or quantity has all words of “${query.q}”${
                  query.kind === "any" && query.from === "any" ? "" : " with this filter"
                }.`}
            </Empty>
          )
          : (
            <DataTable
              caption="Device profiles, by vendor"
              columns={COLUMNS}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )}
      </Panel>
    </>
  );
}

function summaryOf({ query, rows, total }: ProfilesPageProps): string {
  const filtered = query.q !== ALL_PROFILES.q || query.kind !== ALL_PROFILES.kind ||
    query.from !== ALL_PROFILES.from;
  return filtered
    ? `${numberText(rows.length)} of ${countText(total, "profile")}, by vendor`
    : `${countText(total, "register map")} of devices that can be read, by vendor`;
}

function ProfileFilters({ query }: { readonly query: ProfilesQuery }): JSX.Element {
  const kinds = PROFILE_KINDS.map((value) => ({
    value,
    label: value === "any" ? "any" : profileKindName(value),
  }));
  return (
    <form class="filters" action="/profiles" role="search" aria-label="Device profiles">
      <SearchInput
        name="q"
        label="Vendor, model or quantity"
        placeholder="Vendor, model or quantity"
        value={query.q}
      />
      <Filter name="kind" label="Kind:" value={query.kind} options={kinds} />
      <Filter name="from" label="From:" value={query.from} options={SOURCES} />
      <Button>Show</Button>
    </form>
  );
}

const SOURCES = [
  { value: "any", label: "any" },
  { value: "library", label: "library" },
  { value: "own", label: "your own" },
];

const COLUMNS: readonly TableColumn<ProfileRow>[] = [
  { id: "vendor", head: "Vendor", place: "away", cell: ({ vendor }) => <bdi>{vendor}</bdi> },
  {
    id: "models",
    head: "Models",
    place: "name",
    cell: ({ href, models, vendor }) => (
      <>
        <a href={href}>
          <bdi>{models}</bdi>
        </a>
        <span class="sub on-phone">
          <bdi>{vendor}</bdi>
        </span>
      </>
    ),
  },
  { id: "kind", head: "Kind", place: "detail", detailName: "Kind", cell: ({ kindWord }) => kindWord },
  {
    id: "confidence",
    head: "Confidence",
    place: "detail",
    detailName: "Confidence",
    cell: ({ confidence, standing }) =>
      confidence === "own"
        ? <StateWord state="info" icon="table">{`Your own, ${standing}`}</StateWord>
        : <ConfidenceWord verified={confidence === "verified"} />,
  },
  {
    id: "quantities",
    head: "Quantities",
    number: true,
    place: "detail",
    detailName: "Quantities",
    spare: 1,
    cell: ({ quantities }) => numberText(quantities),
  },
];
