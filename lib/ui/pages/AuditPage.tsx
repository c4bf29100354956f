/**
 * The audit trail: who did what, when, from where, and what it was and became. The newest entries come first.
 *
 * @module
 */

import type { JSX } from "preact";
import { Button, Filter, LinkButton, SearchInput } from "../Input.tsx";
import { Empty } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import type { State } from "../state.ts";
import { StateWord } from "../Words.tsx";

/** A value that is not what it was. */
export interface AuditChange {
  /** Where it stands, such as `reach.groupIds.0`; empty: it is the whole. */
  readonly name: string;
  /** What it was; `null`: it was not there. */
  readonly was: string | null;
  /** What it became; `null`: it is gone. */
  readonly is: string | null;
}

/** An entry as its list shows it. */
export interface AuditRow {
  /** Unique. */
  readonly id: number;
  /** Place in the chain; `null`: older than the chain. */
  readonly seq: number | null;
  /** When, in UTC. */
  readonly at: string;
  /** Who. */
  readonly actor: string;
  /** What, in words. */
  readonly action: string;
  /** Set where somebody should look. */
  readonly tone: State | undefined;
  /** To what. */
  readonly subject: string;
  /** Page of the site; `null`: no site in particular. */
  readonly siteHref: string | null;
  /** From where. */
  readonly origin: string;
  /** By which request; `null`: none. */
  readonly requestId: string | null;
  /** What differs. */
  readonly changes: readonly AuditChange[];
  /** Values that differ besides. */
  readonly moreChanges: number;
}

/** What the page needs. */
export interface AuditPageProps {
  /** What is looked for, as typed. */
  readonly filter: {
    readonly q: string;
    readonly action: string;
    readonly from: string;
    readonly to: string;
    readonly site: string;
  };
  /** Actions to choose from. */
  readonly actions: readonly string[];
  /** The newest first. */
  readonly rows: readonly AuditRow[];
  /** Back to the newest; `null`: these are. */
  readonly firstHref: string | null;
  /** To older ones; `null`: there are none. */
  readonly nextHref: string | null;
  /** Up to when the search went back, in UTC, where its limit ended it; `null`: it did not. */
  readonly lookedBackTo: string | null;
  /** The file with what is looked for; `null`: that may not be taken away. */
  readonly csvHref: string | null;
}

/** The list with its filters. */
export function AuditPage(props: AuditPageProps): JSX.Element {
  const { rows, csvHref } = props;
  return (
    <>
      <PageHead
        title="Audit"
        summary="Who did what, the newest first. Times are UTC; secrets are never shown."
        actions={csvHref !== null && <LinkButton href={csvHref} icon="download">Download CSV</LinkButton>}
      />
      <Panel flush foot={<Ways {...props} />}>
        <AuditFilters {...props} />
        {rows.length === 0
          ? <NothingFound {...props} />
          : <ol class="trail">{rows.map((row) => <Entry key={row.id} row={row} />)}</ol>}
      </Panel>
    </>
  );
}

function AuditFilters({ filter, actions }: AuditPageProps): JSX.Element {
  const options = [
    { value: "", label: "any" },
    ...[...new Set(filter.action === "" ? actions : [...actions, filter.action])].map((value) => ({
      value,
      label: value.replaceAll("-", " "),
    })),
  ];
  return (
    <form class="filters" action="/admin/audit" role="search" aria-label="Audit trail">
      <SearchInput
        name="q"
        label="Who, what or to what"
        placeholder="Who, what or to what"
        value={filter.q}
      />
      <Filter name="action" label="Action:" value={filter.action} options={options} />
      <DayInput name="from" label="From" value={filter.from} />
      <DayInput name="to" label="To" value={filter.to} />
      {filter.site !== "" && <input type="hidden" name="site" value={filter.site} />}
      <Button>Show</Button>
      {filter.site !== "" && <span class="muted">Only site {filter.site}</span>}
    </form>
  );
}

function DayInput(
  { name, label, value }: { readonly name: string; readonly label: string; readonly value: string },
): JSX.Element {
  return (
    <label class="day">
      <span>{label}</span>
      <input class="input" type="date" name={name} value={value} />
    </label>
  );
}

function NothingFound({ lookedBackTo }: AuditPageProps): JSX.Element {
  return (
    <Empty
      icon="search"
      title="No entry fits"
      action={<LinkButton href="/admin/audit">Show all entries</LinkButton>}
    >
      {lookedBackTo === null ? "Nothing like this was written down." : `None since ${lookedBackTo}.`}
    </Empty>
  );
}

function Ways({ rows, firstHref, nextHref, lookedBackTo }: AuditPageProps): JSX.Element {
  const words = lookedBackTo !== null
    ? `Looked back to ${lookedBackTo}, 20,000 entries`
    : `${rows.length} shown${nextHref === null ? ", the oldest are here" : ""}`;
  return (
    <nav class="pager" aria-label="Pages">
      <span>{words}</span>
      <span class="actions">
        {firstHref !== null && <LinkButton href={firstHref} row>Newest</LinkButton>}
        {nextHref !== null && (
          <LinkButton href={nextHref} row>{lookedBackTo === null ? "Older" : "Look further back"}</LinkButton>
        )}
      </span>
    </nav>
  );
}

function Entry({ row }: { readonly row: AuditRow }): JSX.Element {
  const { at, action, tone, actor, subject, siteHref, origin, seq, requestId, changes, moreChanges } = row;
  return (
    <li>
      <div>
        <time>{at}</time>
        <b>{tone ? <StateWord state={tone}>{action}</StateWord> : action}</b>
        {siteHref === null ? <bdi>{subject}</bdi> : (
          <a href={siteHref}>
            <bdi>{subject}</bdi>
          </a>
        )}
        <span>
          by <bdi>{actor}</bdi>
        </span>
        <span class="muted">from {origin}</span>
        <span class="muted">{seq === null ? "older than the chain" : `entry ${seq}`}</span>
        {requestId !== null && <span class="muted">request {requestId}</span>}
      </div>
      {changes.length > 0 && (
        <dl>
          {changes.map(({ name, was, is }) => (
            <div key={name}>
              <dt>{name === "" ? "value" : name}</dt>
              <dd>
                <Difference was={was} is={is} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {moreChanges > 0 && <span class="muted">{`and ${moreChanges} more`}</span>}
    </li>
  );
}

function Difference({ was, is }: Pick<AuditChange, "was" | "is">): JSX.Element {
  return (
    <>
      {was !== null && (
        <del>
          <bdi>{was}</bdi>
        </del>
      )}
      {was !== null && is !== null && " → "}
      {is !== null && (
        <ins>
          <bdi>{is}</bdi>
        </ins>
      )}
    </>
  );
}
