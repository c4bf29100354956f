/**
 * A group of sites: its name, the sites in it, and all sites to put some into it.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { countText, listText } from "../format.ts";
import { groupHref, type GroupQuery, IN_GROUP } from "../groups_query.ts";
import { Button, Choices, Field, LinkButton, PostButton, SearchInput, Tick } from "../Input.tsx";
import { Dialog, Empty, Notice } from "../Over.tsx";
import { PageHead, Panel, Split } from "../Page.tsx";
import { pagerOf } from "../paging.ts";
import { DataTable, Pager, type TableColumn } from "../Table.tsx";
import { type Told, ToldNotice } from "../Told.tsx";

/** A site to put in or take out. */
export interface GroupSiteRow {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its town; may be empty. */
  readonly town: string;
  /** Name of its group; `null`: none. */
  readonly group: string | null;
  /** Whether it is in this group. */
  readonly within: boolean;
  /** Whether it was ticked. */
  readonly ticked: boolean;
}

/** What the page needs. */
export interface GroupPageProps {
  /** Its id. */
  readonly id: number;
  /** What it is called. */
  readonly name: string;
  /** Sites in it. */
  readonly sites: number;
  /** People who reach its sites by it. */
  readonly people: number;
  /** Whether who looks may change it. */
  readonly mayChange: boolean;
  /** Its name as typed. */
  readonly typedName: string;
  /** Which sites are shown. */
  readonly query: GroupQuery;
  /** Sites of this page. */
  readonly rows: readonly GroupSiteRow[];
  /** Sites that the query finds, over all pages. */
  readonly found: number;
  /** Sites of a full page. */
  readonly pageSize: number;
  /** What was wrong, by field; `sites`: with what was ticked, `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** What was just done or refused; `null`: nothing. */
  readonly notice: Told | null;
}

const GROUPS = { label: "Groups", href: "/admin/groups" };

/** The page. */
export function GroupPage(props: GroupPageProps): JSX.Element {
  const { name, sites, people, notice, mayChange } = props;
  const reached = `reached by ${countText(people, "person", "people")}`;
  return (
    <>
      <PageHead
        title={name}
        crumbs={[GROUPS, { label: name }]}
        summary={`${countText(sites, "site")}, ${reached}`}
      />
      <ToldNotice told={notice} />
      <Split cut="2-1">
        <Sites {...props} />
        {mayChange && <NameAndEnd {...props} />}
      </Split>
    </>
  );
}

function Sites(props: GroupPageProps): JSX.Element {
  const { id, query, rows, found, pageSize, mayChange, faults } = props;
  const hrefOf = (page: number) => groupHref(id, { ...query, page });
  const pages = pagerOf({ page: query.page, pageSize, shown: rows.length, total: found, hrefOf });
  const fault = faults["sites"];
  return (
    <Panel flush foot={found > 0 && <Pager {...pages} />}>
      <SitesFilter {...props} />
      {fault !== undefined && <Notice state="critical" title={fault} live="assertive" />}
      {rows.length === 0 ? <NoSites {...props} /> : (
        <form method="post" action={`/admin/groups/${id}`}>
          <input type="hidden" name="q" value={query.q} />
          <input type="hidden" name="show" value={query.show} />
          <input type="hidden" name="page" value={String(query.page)} />
          <DataTable
            caption={query.show === "in" ? "Sites in this group, by name" : "All sites, by name"}
            columns={columnsOf(props)}
            rows={rows}
            keyOf={(row) => row.id}
          />
          {mayChange && (
            <div class="filters">
              {query.show === "in"
                ? <Button name="do" value="take">Take ticked sites out</Button>
                : <Button name="do" value="put" kind="primary">Put ticked sites into this group</Button>}
            </div>
          )}
        </form>
      )}
    </Panel>
  );
}

function SitesFilter({ id, query }: GroupPageProps): JSX.Element {
  const choices = [
    {
      label: "In this group",
      href: groupHref(id, { ...IN_GROUP, q: query.q }),
      current: query.show === "in",
    },
    {
      label: "All sites",
      href: groupHref(id, { ...IN_GROUP, q: query.q, show: "all" }),
      current: query.show === "all",
    },
  ];
  return (
    <form class="filters" action={`/admin/groups/${id}`} role="search" aria-label="Sites">
      <Choices label="Which sites" choices={choices} />
      <SearchInput name="q" label="Site or town" placeholder="Site or town" value={query.q} />
      {query.show === "all" && <input type="hidden" name="show" value="all" />}
      <Button>Show</Button>
    </form>
  );
}

function NoSites({ id, query, mayChange }: GroupPageProps): JSX.Element {
  const all = groupHref(id, { ...IN_GROUP, show: "all" });
  if (query.q !== "") {
    return (
      <Empty
        icon="search"
        title="No site fits"
        action={<LinkButton href={groupHref(id, { ...query, q: "", page: 1 })}>Show all of them</LinkButton>}
      >
        {`No name or town contains “${query.q}”${query.show === "in" ? " in this group" : ""}.`}
      </Empty>
    );
  }
  return (
    <Empty
      icon="site"
      title={query.show === "in" ? "No sites in this group" : "No sites yet"}
      action={mayChange && query.show === "in" && (
        <LinkButton href={all} kind="primary">Put some in</LinkButton>
      )}
    >
      {query.show === "in" ? "Nobody reaches anything by it." : "Sites are registered first."}
    </Empty>
  );
}

function columnsOf({ query, mayChange }: GroupPageProps): readonly TableColumn<GroupSiteRow>[] {
  const columns: readonly TableColumn<GroupSiteRow>[] = [
    {
      id: "name",
      head: "Site",
      place: "name",
      cell: ({ id, name, ticked }) =>
        mayChange
          ? (
            <Tick name={`site-${id}`} checked={ticked}>
              <bdi>{name}</bdi>
            </Tick>
          )
          : <bdi>{name}</bdi>,
    },
    { id: "town", head: "Town", place: "detail", detailName: "Town", cell: ({ town }) => <bdi>{town}</bdi> },
  ];
  if (query.show === "in") return columns;
  const group: TableColumn<GroupSiteRow> = {
    id: "group",
    head: "Group",
    place: "detail",
    detailName: "Group",
    cell: ({ group, within }) =>
      within ? <b>this one</b> : group === null ? <span class="muted">none</span> : <bdi>{group}</bdi>,
  };
  return [...columns, group];
}

function NameAndEnd({ id, name, typedName, faults }: GroupPageProps): JSX.Element {
  const { "": other, sites: _sites, ...beside } = faults;
  return (
    <Panel
      title="Name"
      id="name-head"
      foot={
        <div class="actions">
          <LinkButton href={`/admin/groups/${id}/remove`} kind="danger" row>Remove this group</LinkButton>
        </div>
      }
    >
      <form class="form" method="post" action={`/admin/groups/${id}`}>
        <input type="hidden" name="seen" value={name} />
        <FaultsNotice faults={beside} other={other} />
        <Field
          name="name"
          label="Name of the group"
          autocomplete="off"
          value={typedName}
          fault={faults["name"]}
          maxLength={80}
        />
        <div class="actions">
          <Button name="do" value="rename">Rename</Button>
        </div>
      </form>
    </Panel>
  );
}

/** What the page of the question needs. */
export interface RemoveGroupProps {
  /** Its id. */
  readonly id: number;
  /** What it is called. */
  readonly name: string;
  /** Sites in it. */
  readonly sites: number;
  /** Who reaches sites by it, so that it stays; `null`: nobody. */
  readonly inUse: { readonly people: number; readonly tokens: number } | null;
}

/** Asks before a group is removed, or says why it stays. */
export function RemoveGroup({ id, name, sites, inUse }: RemoveGroupProps): JSX.Element {
  const href = `/admin/groups/${id}`;
  return (
    <>
      <PageHead title={name} crumbs={[GROUPS, { label: name, href }, { label: "Remove" }]} />
      {inUse
        ? (
          <Notice
            state="critical"
            title="The group is in use and stays"
            live="assertive"
            actions={<LinkButton href={href} row>Back to the group</LinkButton>}
          >
            {`${usersText(inUse)} by it. Give them something else to reach first.`}
          </Notice>
        )
        : (
          <Dialog
            id="question"
            title={`Remove ${name}?`}
            inline
            actions={
              <>
                <LinkButton href={href}>Cancel</LinkButton>
                <PostButton action={`${href}/remove`} kind="danger">Remove</PostButton>
              </>
            }
          >
            <p>
              {sites === 0
                ? "No sites are in it."
                : `${
                  countText(sites, "site is", "sites are")
                } in it and will lie in no group. They stay as they are.`}
            </p>
          </Dialog>
        )}
    </>
  );
}

function usersText({ people, tokens }: NonNullable<RemoveGroupProps["inUse"]>): string {
  const users = listText([
    ...(people > 0 ? [countText(people, "person", "people")] : []),
    ...(tokens > 0 ? [countText(tokens, "API token")] : []),
  ]);
  return `${users} ${people + tokens === 1 ? "reaches" : "reach"} sites`;
}
