/**
 * The links of all sites, those first that need somebody.
 *
 * @module
 */

import type { JSX } from "preact";
import { Choices } from "../Input.tsx";
import { Empty } from "../Over.tsx";
import { PageHead, Panel } from "../Page.tsx";
import type { Standing } from "../link_model.ts";
import type { PathKind } from "../../domain/site.ts";
import { DataTable, NAME_COLUMN, Pager, type PagerProps, type TableColumn } from "../Table.tsx";
import { IconWord, MissingValue, SignalWord, StateWord } from "../Words.tsx";

/** A link of the list. */
export interface LinkRow {
  /** Unique. */
  readonly id: number;
  /** Name of the site. */
  readonly name: string;
  /** Its link. */
  readonly href: string;
  /** What needs somebody, the worst first; empty: nothing. */
  readonly needs: readonly Standing[];
  /** The path that answered; `null`: none did. */
  readonly path: { readonly kind: PathKind; readonly name: string } | null;
  /** Its signal; `null`: not read. */
  readonly signal: { readonly bars: 0 | 1 | 2 | 3 | 4; readonly label: string } | null;
  /** Data of its SIM; `null`: not read. */
  readonly dataLabel: string | null;
  /** What it will come to; `null`: too early to tell. */
  readonly forecastLabel: string | null;
  /** Changes of path in 14 days. */
  readonly changes: number;
}

/** What the page needs. */
export interface LinksPageProps {
  /** Links of this page. */
  readonly rows: readonly LinkRow[];
  /** Links that need somebody, over all pages. */
  readonly needy: number;
  /** Sites within reach. */
  readonly sites: number;
  /** A sentence about them. */
  readonly summary: string;
  /** Whether only those that need somebody are shown. */
  readonly onlyNeedy: boolean;
  /** Which rows these are. */
  readonly pager: PagerProps;
}

/** The page. */
export function LinksPage({ rows, needy, sites, summary, onlyNeedy, pager }: LinksPageProps): JSX.Element {
  return (
    <>
      <PageHead
        title="Links"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: "Links" }]}
        summary={summary}
      />
      <Panel
        title="By need"
        id="by-need"
        flush
        actions={
          <Choices
            label="Which"
            choices={[
              { label: `Need somebody, ${needy}`, href: "/sites/links", current: onlyNeedy },
              { label: `All, ${sites}`, href: "/sites/links?all", current: !onlyNeedy },
            ]}
          />
        }
        foot={rows.length > 0 && <Pager {...pager} />}
      >
        {rows.length > 0
          ? <DataTable caption="Links by need" columns={COLUMNS} rows={rows} keyOf={({ id }) => id} />
          : (
            <Empty icon="router" title={sites === 0 ? "No sites yet" : "Nothing needs you"}>
              {sites === 0
                ? "Register a site: its link is told from the first half-hour on."
                : "Every router is where it should be, on its main path, heard well and within its allowance."}
            </Empty>
          )}
      </Panel>
    </>
  );
}

const COLUMNS: readonly TableColumn<LinkRow>[] = [
  NAME_COLUMN,
  {
    id: "needs",
    head: "Needs",
    place: "wide",
    cell: ({ needs }) =>
      needs.length === 0 ? <StateWord state="good">nothing</StateWord> : (
        <span class="needs">
          {needs.map(({ state, word }) => <StateWord key={word} state={state}>{word}</StateWord>)}
        </span>
      ),
  },
  {
    id: "path",
    head: "Path",
    place: "detail",
    detailName: "path",
    cell: ({ path }) =>
      path ? <IconWord icon={path.kind}>{path.name}</IconWord> : <MissingValue reason="no answer" />,
  },
  {
    id: "signal",
    head: "Signal",
    place: "detail",
    detailName: "signal",
    spare: 3,
    cell: ({ signal }) =>
      signal
        ? <SignalWord bars={signal.bars}>{signal.label}</SignalWord>
        : <MissingValue reason="not read" />,
  },
  {
    id: "data",
    head: "SIM, this month",
    number: true,
    place: "detail",
    detailName: "SIM",
    cell: ({ dataLabel }) => dataLabel ?? <MissingValue reason="not read" />,
  },
  {
    id: "forecast",
    head: "By its end",
    number: true,
    place: "detail",
    detailName: "by its end",
    spare: 2,
    cell: ({ forecastLabel }) => forecastLabel ?? <MissingValue reason="too early to tell" />,
  },
  {
    id: "changes",
    head: "Changes, 14 d",
    number: true,
    place: "away",
    spare: 1,
    cell: ({ changes }) => changes,
  },
];
