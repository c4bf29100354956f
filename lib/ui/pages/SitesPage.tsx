/**
 * Sites: a list that stays quick with 10,000 of them, because it shows pages; who needs you comes first.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { completenessText, countText, energyFigure, numberText } from "../format.ts";
import { Button, Filter, LinkButton, SearchInput } from "../Input.tsx";
import { NoSites } from "../NoSites.tsx";
import { Empty } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import { ALL_SITES, sitesHref, type SiteSort, type SitesQuery, sortedHref } from "../sites_query.ts";
import type { State } from "../state.ts";
import { DataTable, Pager, type TableColumn } from "../Table.tsx";
import { FigureText, IconWord, SignalWord, StateWord } from "../Words.tsx";

/** One site of the list. */
export interface SiteRow {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
  /** Where it is; may be empty. */
  readonly town: string;
  /** How it is. */
  readonly state: State;
  /** The state in a few words: `Backup path`, `Good`. */
  readonly stateWord: string;
  /** 48 half-hours, a drawn strip scaled to its own peak; `null`: none yet. */
  readonly strip: ComponentChildren;
  /** Local time of the last reading, `10:30`; `null`: never. */
  readonly lastLabel: string | null;
  /** Whether the last reading is older than the newest half-hour. */
  readonly stale: boolean;
  /** Half-hours of the last 48 with a value. */
  readonly have: number;
  /** Half-hours of the last 48 expected. */
  readonly expected: number;
  /** Wh of the last 24 h; `null`: none. */
  readonly energyWh: number | null;
  /** Whether part of it was estimated or is missing. */
  readonly estimated: boolean;
  /** The path that answered last. */
  readonly path: SitePath;
}

/** The path that answered last. */
export type SitePath =
  | { readonly kind: "wired" }
  | { readonly kind: "wifi" }
  /** `bars` of signal, 0 to 4, and words such as `4G` or `4G, SIM 2`. */
  | { readonly kind: "cellular"; readonly bars: 0 | 1 | 2 | 3 | 4; readonly label: string }
  | { readonly kind: "none" };

/** What the page needs. */
export interface SitesPageProps {
  /** What is shown. */
  readonly query: SitesQuery;
  /** Sites registered. */
  readonly siteCount: number;
  /** Sites that the query finds, over all pages. */
  readonly found: number;
  /** Sites on this page. */
  readonly rows: readonly SiteRow[];
  /** Sites a full page holds. */
  readonly pageSize: number;
  /** Heading over the strips: `Sun 10:30 to Mon 10:30`. */
  readonly spanLabel: string;
  /** Legend of the strips. */
  readonly legend?: ComponentChildren;
  /** Where a site is registered; `null`: that is not offered here. */
  readonly registerHref: string | null;
  /** Where many are brought in at once; absent: that is not offered here. */
  readonly importHref?: string | undefined;
  /** Where sites are changed together; absent or `null`: that is not offered here. */
  readonly bulkAction?: string | null | undefined;
}

/** The list of sites. */
export function SitesPage(props: SitesPageProps): JSX.Element {
  const { query, siteCount, found, rows, registerHref, importHref, bulkAction, legend } = props;
  const register = registerHref !== null && (
    <LinkButton kind="primary" icon="plus" href={registerHref}>Register a site</LinkButton>
  );
  return (
    <>
      <PageHead
        title="Sites"
        summary={summaryOf(props)}
        actions={
          <>
            <LinkButton href="/sites/checks">Checks</LinkButton>
            <LinkButton href="/sites/links">Links</LinkButton>
            <LinkButton href="/profiles">Device profiles</LinkButton>
            {importHref !== undefined && <LinkButton href={importHref}>Import</LinkButton>}
            {siteCount > 0 && register}
          </>
        }
      />
      {siteCount === 0 ? <NoSites registerHref={registerHref} /> : (
        <Panel
          flush
          foot={rows.length > 0 && (
            <>
              {legend}
              <SitesPager {...props} />
            </>
          )}
        >
          <SitesFilters query={query} />
          {bulkAction != null && found > 0 && <BulkBar {...props} action={bulkAction} />}
          {found === 0 ? <NothingFound query={query} /> : (
            <DataTable
              caption={`Sites, ${sortWord(query)}`}
              columns={columnsOf(props)}
              rows={rows}
              keyOf={(row) => row.id}
            />
          )}
        </Panel>
      )}
    </>
  );
}

function summaryOf({ query, siteCount, found }: SitesPageProps): string {
  const filtered = query.q !== "" || query.state !== "any" || query.path !== "any";
  const sites = filtered
    ? `${numberText(found)} of ${countText(siteCount, "site")}`
    : countText(siteCount, "site");
  return siteCount === 0 ? "" : `${sites}, ${sortWord(query)}`;
}

function sortWord({ sort, reverse }: SitesQuery): string {
  switch (sort) {
    case "state":
      return reverse ? "the quietest first" : "sorted by who needs you";
    case "name":
      return reverse ? "by name from Z" : "by name";
    case "town":
      return reverse ? "by town from Z" : "by town";
    case "complete":
      return reverse ? "the most complete first" : "the least complete first";
  }
}

function SitesFilters({ query }: { readonly query: SitesQuery }): JSX.Element {
  return (
    <form class="filters" action="/sites" role="search" aria-label="Sites">
      <SearchInput
        name="q"
        label="Site or town"
        placeholder="Site or town"
        value={query.q}
      />
      <Filter
        name="state"
        label="State:"
        value={query.state}
        options={[
          { value: "any", label: "any" },
          { value: "silent", label: "silent" },
          { value: "partial", label: "incomplete" },
          { value: "backup", label: "on backup path" },
          { value: "good", label: "good" },
        ]}
      />
      <Filter
        name="path"
        label="Path:"
        value={query.path}
        options={[
          { value: "any", label: "any" },
          { value: "wired", label: "wired" },
          { value: "cellular", label: "cellular" },
          { value: "wifi", label: "Wi-Fi" },
          { value: "backup", label: "backup" },
          { value: "none", label: "none" },
        ]}
      />
      {query.sort !== ALL_SITES.sort && <input type="hidden" name="sort" value={query.sort} />}
      {query.reverse && <input type="hidden" name="order" value="reverse" />}
      <Button>Show</Button>
    </form>
  );
}

/** Id of the form that the ticks of the rows belong to. */
const BULK_FORM = "bulk-sites";

/** Sites that are changed together: the ticked ones, or all that the list finds. */
function BulkBar(
  { action, query, found }: SitesPageProps & { readonly action: string },
): JSX.Element {
  const [, filters = ""] = sitesHref({ ...query, ...NO_ORDER }).split("?");
  const all = `${action}?all=on${filters === "" ? "" : `&${filters}`}`;
  return (
    <form id={BULK_FORM} action={action} class="bulk-bar" aria-label="Change many sites">
      <Button row>Change ticked sites</Button>
      <LinkButton row kind="quiet" href={all}>
        {found === 1 ? "Change the one found" : `Change all ${numberText(found)} found`}
      </LinkButton>
    </form>
  );
}

const NO_ORDER = { sort: ALL_SITES.sort, reverse: false, page: 1 } as const;

function NothingFound({ query }: { readonly query: SitesQuery }): JSX.Element {
  return (
    <Empty
      icon="search"
      title="No site fits"
      action={<LinkButton href={sitesHref(ALL_SITES)}>Show all sites</LinkButton>}
    >
      {query.q === ""
        ? "No site is in this state now."
        : `No name or town contains “${query.q}” with these filters.`}
    </Empty>
  );
}

function SitesPager({ query, found, rows, pageSize }: SitesPageProps): JSX.Element {
  const first = rows.length === 0 ? 0 : (query.page - 1) * pageSize + 1;
  const last = first === 0 ? 0 : first + rows.length - 1;
  return (
    <Pager
      first={first}
      last={last}
      total={found}
      previousHref={query.page > 1 ? sitesHref({ ...query, page: query.page - 1 }) : null}
      nextHref={last > 0 && last < found ? sitesHref({ ...query, page: query.page + 1 }) : null}
    />
  );
}

function columnsOf({ query, spanLabel, bulkAction }: SitesPageProps): readonly TableColumn<SiteRow>[] {
  const sortable = (sort: SiteSort) => ({
    sortHref: sortedHref(query, sort),
    sorted: query.sort === sort ? (query.reverse ? "ascending" as const : "descending" as const) : undefined,
  });
  return [
    {
      id: "name",
      head: "Site",
      place: "name",
      ...sortable("name"),
      cell: (row) => (
        <>
          {bulkAction == null ? <a href={row.href}>{row.name}</a> : (
            <span class="ticked-name">
              <label class="tick">
                <input type="checkbox" name="site" value={row.id} form={BULK_FORM} />
                <span class="unseen">{`Choose ${row.name}`}</span>
              </label>
              <a href={row.href}>{row.name}</a>
            </span>
          )}
          {row.town !== "" && <span class="sub on-phone">{row.town}</span>}
        </>
      ),
    },
    {
      id: "town",
      head: "Town",
      place: "away",
      spare: 1,
      ...sortable("town"),
      cell: (row) => <span class="muted">{row.town}</span>,
    },
    {
      id: "state",
      head: "State",
      place: "state",
      ...sortable("state"),
      cell: (row) => <StateWord state={row.state}>{row.stateWord}</StateWord>,
    },
    { id: "strip", head: spanLabel, place: "wide", cell: (row) => row.strip },
    { id: "last", head: "Last", place: "detail", detailName: "last", number: true, cell: lastOf },
    {
      id: "complete",
      head: "Complete",
      place: "detail",
      detailName: "complete",
      number: true,
      spare: 3,
      ...sortable("complete"),
      cell: (row) => {
        const text = completenessText(row.have, row.expected);
        return row.have < row.expected ? <span class="delta" data-state="warn">{text}</span> : text;
      },
    },
    {
      id: "energy",
      head: "24 h",
      place: "detail",
      number: true,
      cell: (row) => (
        <FigureText
          figure={row.energyWh === null ? null : energyFigure(row.energyWh)}
          estimated={row.estimated}
          reason="no half-hour in the last 24 h"
        />
      ),
    },
    { id: "path", head: "Path", place: "away", spare: 2, cell: (row) => <PathWord path={row.path} /> },
  ];
}

function lastOf({ lastLabel, stale }: SiteRow): ComponentChildren {
  if (lastLabel === null) return <StateWord state="stale">never</StateWord>;
  return stale ? <StateWord state="stale">{lastLabel}</StateWord> : lastLabel;
}

function PathWord({ path }: { readonly path: SitePath }): JSX.Element {
  switch (path.kind) {
    case "wired":
      return <IconWord icon="wired">Wired</IconWord>;
    case "wifi":
      return <IconWord icon="wifi">Wi-Fi</IconWord>;
    case "cellular":
      return <SignalWord bars={path.bars}>{path.label}</SignalWord>;
    case "none":
      return (
        <span class="muted">
          <IconWord icon="offline">None</IconWord>
        </span>
      );
  }
}
