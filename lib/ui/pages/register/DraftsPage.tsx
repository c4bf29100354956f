/**
 * Where registering sites begins: one's own drafts with when they were saved and how far they are.
 *
 * @module
 */

import type { JSX } from "preact";
import { type StepName, STEPS } from "../../../domain/registration.ts";
import { countText, numberText } from "../../format.ts";
import { LinkButton, PostButton } from "../../Input.tsx";
import { Empty, Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateWord } from "../../Words.tsx";
import { stepLabel } from "./RegisterFrame.tsx";

/** A draft of one's own. */
export interface DraftRow {
  /** Unique. */
  readonly id: number;
  /** Name of the site; empty while it has none. */
  readonly name: string;
  /** Town; may be empty. */
  readonly town: string;
  /** The step to go on with; `null`: a change of a site that is out of reach by now. */
  readonly href: string | null;
  /** When it was saved, such as `today 10:46`. */
  readonly savedLabel: string;
  /** Steps done, of five. */
  readonly done: number;
  /** The step to go on with. */
  readonly next: StepName;
  /** Things that keep it from being started in steps that were filled in. */
  readonly faults: number;
  /** Devices in it. */
  readonly devices: number;
  /** Where its removal is posted. */
  readonly removeAction: string;
  /** The change of a registered site that it is; absent or `null`: a new site. */
  readonly change?: DraftedChange | null | undefined;
}

/** A change of a registered site, not applied yet. */
export interface DraftedChange {
  /** What differs so far. */
  readonly differences: number;
}

/** What the page needs. */
export interface DraftsPageProps {
  /** Own drafts, newest first. */
  readonly drafts: readonly DraftRow[];
  /** Where a new one is begun. */
  readonly beginAction: string;
  /** Largest number of drafts of a person. */
  readonly draftsMax: number;
  /** What was just done or refused; `null`: nothing. */
  readonly told: Told | null;
}

/** The page. */
export function DraftsPage({ drafts, beginAction, draftsMax, told }: DraftsPageProps): JSX.Element {
  const full = drafts.length >= draftsMax;
  const begin = <PostButton kind="primary" icon="plus" action={beginAction}>Register a site</PostButton>;
  return (
    <>
      <PageHead
        title="Register sites"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: "Register" }]}
        summary="From an address on paper to a first verified reading. A draft is yours alone until it is started or applied."
        actions={drafts.length > 0 && !full && begin}
      />
      <ToldNotice told={told} />
      {full && (
        <Notice state="warn" title={`You have ${numberText(drafts.length)} drafts, and no more are kept`}>
          Start or remove one before you begin another.
        </Notice>
      )}
      <Panel flush>
        {drafts.length === 0
          ? (
            <Empty icon="site" title="No draft" action={begin}>
              Have the address of the site, the fixed address of its router and the names of its meters at
              hand. Every step is kept when you go on to the next, and every device can be tested before
              anything is collected.
            </Empty>
          )
          : (
            <DataTable
              caption="Your drafts, newest first"
              columns={COLUMNS}
              rows={drafts}
              keyOf={(row) => row.id}
            />
          )}
      </Panel>
    </>
  );
}

const COLUMNS: readonly TableColumn<DraftRow>[] = [
  {
    id: "name",
    head: "Site",
    place: "name",
    cell: (row) => (
      <>
        {row.href === null
          ? <span class="muted">A site that you do not reach any more</span>
          : (
            <a href={row.href}>
              <bdi>{titleOf(row)}</bdi>
            </a>
          )}
        {row.town !== "" && <span class="sub">{row.town}</span>}
      </>
    ),
  },
  {
    id: "far",
    head: "How far",
    place: "wide",
    cell: (row) => (
      <span class="line">
        {!row.change && <StepMeter done={row.done} />}
        {row.faults > 0
          ? <StateWord state="warn">{`${numberText(row.faults)} to put right`}</StateWord>
          : <span>{farOf(row)}</span>}
      </span>
    ),
  },
  {
    id: "devices",
    head: "Devices",
    place: "detail",
    detailName: "devices",
    number: true,
    cell: ({ devices }) => numberText(devices),
  },
  { id: "saved", head: "Saved", place: "detail", detailName: "saved", cell: ({ savedLabel }) => savedLabel },
  {
    id: "do",
    head: "Go on or remove",
    headUnseen: true,
    place: "do",
    cell: ({ name, href, removeAction }) => (
      <span class="actions row-actions">
        {href !== null && <LinkButton row href={href} label={`Go on with ${named(name)}`}>Go on</LinkButton>}
        <details class="sure">
          <summary class="button" data-kind="quiet" data-size="row" aria-label={`Remove ${named(name)}`}>
            Remove
          </summary>
          <PostButton row kind="danger" action={removeAction} label={`Remove for good: ${named(name)}`}>
            Remove for good
          </PostButton>
        </details>
      </span>
    ),
  },
];

function titleOf({ name, change }: DraftRow): string {
  if (change) return `Change ${name}`;
  return name === "" ? "New site" : name;
}

function farOf({ change, href, next }: DraftRow): string {
  if (change) return href === null ? "" : countText(change.differences, "change");
  return next === "check" ? "ready to check" : `${stepLabel(next).toLowerCase()} next`;
}

function named(name: string): string {
  return name === "" ? "the draft without a name" : name;
}

function StepMeter({ done }: { readonly done: number }): JSX.Element {
  return (
    <svg
      class="step-meter"
      viewBox="0 0 78 8"
      role="img"
      aria-label={`${done} of ${STEPS.length} steps done`}
    >
      {STEPS.map((name, index) => (
        <path key={name} class={index < done ? "good-fill" : "track"} d={`M${index * 16} 2h14v4h-14z`} />
      ))}
    </svg>
  );
}
