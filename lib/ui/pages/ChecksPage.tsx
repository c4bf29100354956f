/**
 * What the nightly check found: every device within reach that looks wired or set wrong, by site, with what was seen
 * and since when.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../format.ts";
import { Button, Choices, Filter, LinkButton } from "../Input.tsx";
import { Empty } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import type { State } from "../state.ts";
import { DataTable, Pager, type PagerProps, type TableColumn } from "../Table.tsx";
import { type Told, ToldNotice } from "../Told.tsx";
import { Count, StateWord } from "../Words.tsx";

/** A finding of a list. */
export interface FindingRow {
  /** Unique. */
  readonly id: string;
  /** Its page. */
  readonly href: string;
  /** What it is, a few words: `CT reversed?`. */
  readonly title: string;
  /** What was seen, with the numbers. */
  readonly seen: string;
  /** Chooses icon and colour. */
  readonly state: State;
  /** How much it matters, in words. */
  readonly stateWord: string;
  /** What the device is called, and its unit. */
  readonly device: string;
  /** Its page. */
  readonly deviceHref: string;
  /** Since when, such as `12 Nov`. */
  readonly sinceLabel: string;
  /** What to do. */
  readonly advice: string;
  /** Why it was put aside; `null`: it was not. */
  readonly asideReason: string | null;
}

/** A site with what was found there. */
export interface FoundSite {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
  /** Its group; `null`: none. */
  readonly group: string | null;
  /** What was found. */
  readonly findings: readonly FindingRow[];
}

/** What the page needs. */
export interface ChecksPageProps {
  /** Open ones, or those that were put aside. */
  readonly show: "open" | "aside";
  /** Only this kind; empty: all. */
  readonly kind: string;
  /** Kinds to choose from, with how many there are of each. */
  readonly kinds: readonly { readonly value: string; readonly label: string }[];
  /** By name. */
  readonly sites: readonly FoundSite[];
  /** Open findings of all kinds. */
  readonly open: number;
  /** Findings that were put aside, of all kinds. */
  readonly aside: number;
  /** Whether any device within reach was checked yet. */
  readonly isChecked: boolean;
  /** Ways to the other pages; `null`: all findings are on this one. */
  readonly pager: PagerProps | null;
  /** What was just done; `null`: nothing. */
  readonly told: Told | null;
}

/** The list. */
export function ChecksPage(props: ChecksPageProps): JSX.Element {
  const { show, sites, open, aside, pager, told } = props;
  return (
    <>
      <PageHead
        title="Checks"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: "Checks" }]}
        summary={open === 0
          ? "Every device is checked at night: whether it is wired and set right, and still the same."
          : `${
            countText(open, "finding")
          } of the nightly check. A finding is a question to look at: nothing was changed.`}
        actions={
          <Choices
            label="Which findings"
            choices={[
              { label: `Open ${open}`, href: "/sites/checks", current: show === "open" },
              { label: `Put aside ${aside}`, href: "/sites/checks?show=aside", current: show === "aside" },
            ]}
          />
        }
      />
      <ToldNotice told={told} />
      {open + aside > 0 && <KindFilter {...props} />}
      {sites.length === 0 ? <NothingFound {...props} /> : sites.map((site) => (
        <Panel
          key={site.id}
          id={`site-${site.id}`}
          title={site.name}
          beside={
            <>
              <Count>{site.findings.length}</Count>
              {site.group !== null && <span class="muted">{site.group}</span>}
            </>
          }
          actions={<LinkButton row href={site.href} label={`Site ${site.name}`}>Site</LinkButton>}
          flush
        >
          <FindingsTable caption={`Findings at ${site.name}`} findings={site.findings} />
        </Panel>
      ))}
      {pager && (
        <Panel>
          <Pager {...pager} />
        </Panel>
      )}
    </>
  );
}

function KindFilter({ kind, kinds, show }: ChecksPageProps): JSX.Element {
  return (
    <Panel flush>
      <form class="filters" action="/sites/checks" role="search" aria-label="Findings">
        <Filter name="kind" label="Kind:" value={kind} options={[{ value: "", label: "any" }, ...kinds]} />
        {show === "aside" && <input type="hidden" name="show" value="aside" />}
        <Button>Show</Button>
      </form>
    </Panel>
  );
}

function NothingFound({ show, kind, open, isChecked }: ChecksPageProps): JSX.Element {
  if (kind !== "") {
    const all = show === "aside" ? "/sites/checks?show=aside" : "/sites/checks";
    return (
      <Panel>
        <Empty icon="search" title="None of this kind" action={<LinkButton href={all}>Show all</LinkButton>}>
          Nothing of this kind was found.
        </Empty>
      </Panel>
    );
  }
  if (show === "aside") {
    return (
      <Panel>
        <Empty
          icon="good"
          title="Nothing is put aside"
          action={<LinkButton href="/sites/checks">Show open findings</LinkButton>}
        >
          What somebody has looked at and explained would be here.
        </Empty>
      </Panel>
    );
  }
  if (!isChecked && open === 0) {
    return (
      <Panel>
        <Empty
          icon="info"
          title="Not checked yet"
          action={<LinkButton href="/sites">Show sites</LinkButton>}
        >
          The first check is tonight.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel>
      <Empty icon="good" title="Nothing found" action={<LinkButton href="/sites">Show sites</LinkButton>}>
        {open === 0
          ? "No device within your reach looks wired or set wrong. They are looked at again tonight."
          : "Nothing is open."}
      </Empty>
    </Panel>
  );
}

/** Findings in a table, as the page of all sites and that of one site show them. */
export function FindingsTable(
  { caption, findings }: { readonly caption: string; readonly findings: readonly FindingRow[] },
): JSX.Element {
  return (
    <div class="found">
      <DataTable caption={caption} columns={COLUMNS} rows={findings} keyOf={({ id }) => id} />
    </div>
  );
}

const COLUMNS: readonly TableColumn<FindingRow>[] = [
  {
    id: "finding",
    head: "Finding",
    place: "name",
    cell: ({ href, title, device, seen, advice, asideReason }) => (
      <>
        <a href={href} aria-label={`${title} ${device}`}>{title}</a>
        <span class="seen">{seen}</span>
        {asideReason === null && <span class="sub">{advice}</span>}
        {asideReason !== null && (
          <span class="sub">
            Put aside: <bdi>{asideReason}</bdi>
          </span>
        )}
      </>
    ),
  },
  {
    id: "state",
    head: "How much",
    place: "detail",
    cell: ({ state, stateWord }) => <StateWord state={state}>{stateWord}</StateWord>,
  },
  {
    id: "device",
    head: "Device",
    place: "detail",
    detailName: "device",
    cell: ({ device, deviceHref }) => <a href={deviceHref}>{device}</a>,
  },
  {
    id: "since",
    head: "Since",
    place: "detail",
    detailName: "since",
    cell: ({ sinceLabel }) => sinceLabel,
  },
];
