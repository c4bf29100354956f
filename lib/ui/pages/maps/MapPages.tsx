/**
 * The smaller pages around a register map: publishing, one version, differences, and removing.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Button, Field, type FieldOption, LinkButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { type RegisterRow, RegistersPanel } from "../ProfilePage.tsx";
import { type DiffModel, DiffTable } from "./DiffTable.tsx";

/** A map as the head of its pages names it. */
export interface NamedMap {
  /** Its name. */
  readonly name: string;
  /** Its editor. */
  readonly href: string;
}

/** The head of a page about a map. */
export function MapHead(
  { map, title, label, summary, actions }: {
    readonly map: NamedMap;
    readonly title: string;
    readonly label: string;
    readonly summary?: ComponentChildren;
    readonly actions?: ComponentChildren;
  },
): JSX.Element {
  const crumbs = [
    { label: "Sites", href: "/sites" },
    { label: "Device profiles", href: "/profiles" },
    { label: map.name, href: map.href },
    { label },
  ];
  return <PageHead title={title} crumbs={crumbs} summary={summary} actions={actions} />;
}

/** What the page of publishing needs. */
export interface PublishPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** The version that would be made. */
  readonly next: number;
  /** Version of the working copy that is looked at. */
  readonly version: number;
  /** As typed. */
  readonly note: string;
  /** What was wrong. */
  readonly faults: Readonly<Record<string, string>>;
  /** What differs from the newest version; `null`: it is the first. */
  readonly diff: DiffModel | null;
  /** Why nothing can be published; `null`: it can. */
  readonly refused: string | null;
  /** Told at the head. */
  readonly told: Told | null;
}

/** Publishes the working copy as a version that never changes. */
export function PublishPage(props: PublishPageProps): JSX.Element {
  const { map, next, version, note, faults, diff, refused, told } = props;
  return (
    <>
      <MapHead
        map={map}
        title={`Publish version ${next}`}
        label="Publish"
        summary="A version never changes. Devices keep reading by the version they have until somebody gives them another."
      />
      <ToldNotice told={told} />
      {refused !== null
        ? (
          <Notice
            state="info"
            title={refused}
            actions={<LinkButton href={map.href}>Back to the editor</LinkButton>}
          />
        )
        : (
          <Panel>
            <form method="post" action={`${map.href}/publish`} class="form account-form">
              <input type="hidden" name="version" value={version} />
              <Field
                name="note"
                label="What is new"
                value={note}
                fault={faults["note"]}
                hint="For whoever chooses between versions."
                maxLength={200}
                autocomplete="off"
                required
              />
              <div class="actions">
                <Button kind="primary">{`Publish version ${next}`}</Button>
                <LinkButton href={map.href} kind="quiet">Not yet</LinkButton>
              </div>
            </form>
          </Panel>
        )}
      {diff && <DiffTable diff={diff} />}
    </>
  );
}

/** What the page of one version needs. */
export interface VersionPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** Its number. */
  readonly version: number;
  /** When, by whom and with which note. */
  readonly summary: string;
  /** Its rows in words. */
  readonly rows: readonly RegisterRow[];
  /** Page of its differences to the working copy. */
  readonly diffHref: string;
}

/** One published version. */
export function VersionPage({ map, version, summary, rows, diffHref }: VersionPageProps): JSX.Element {
  return (
    <>
      <MapHead
        map={map}
        title={`${map.name}, version ${version}`}
        label={`Version ${version}`}
        summary={<bdi>{summary}</bdi>}
        actions={
          <>
            <LinkButton href={diffHref}>Against the working copy</LinkButton>
            <LinkButton href={`${map.href}/export.json?version=${version}`} icon="download">JSON</LinkButton>
            <LinkButton href={`${map.href}/export.csv?version=${version}`} icon="download">CSV</LinkButton>
          </>
        }
      />
      <RegistersPanel rows={rows} />
    </>
  );
}

/** What the page of differences needs. */
export interface DiffPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** What can be compared: versions, and the working copy. */
  readonly sides: readonly FieldOption[];
  /** The earlier. */
  readonly from: string;
  /** The later. */
  readonly to: string;
  /** What differs. */
  readonly diff: DiffModel;
}

/** Differences between two versions, or one and the working copy. */
export function DiffPage({ map, sides, from, to, diff }: DiffPageProps): JSX.Element {
  return (
    <>
      <MapHead map={map} title={`${diff.fromLabel} and ${diff.toLabel}`} label="Differences" />
      <Panel>
        <form class="form map-sides" action={`${map.href}/diff`}>
          <Field name="from" label="From" value={from} options={sides} span={4} />
          <Field name="to" label="To" value={to} options={sides} span={4} />
          <div class="actions" data-span="4">
            <Button>Compare</Button>
          </div>
        </form>
      </Panel>
      <DiffTable diff={diff} />
    </>
  );
}

/** What the page of removing needs. */
export interface RemoveMapPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** Versions that go with it, in words. */
  readonly versions: string;
  /** Why it cannot be removed; `null`: it can. */
  readonly refused: string | null;
}

/** Removes a map that nothing uses. */
export function RemoveMapPage({ map, versions, refused }: RemoveMapPageProps): JSX.Element {
  return (
    <>
      <MapHead map={map} title={`Remove ${map.name}`} label="Remove" />
      {refused !== null
        ? (
          <Notice
            state="warn"
            title="It is in use"
            actions={<LinkButton href={`${map.href}#used`}>Where used</LinkButton>}
          >
            {refused}
          </Notice>
        )
        : (
          <Panel>
            <form method="post" action={`${map.href}/remove`} class="form">
              <p>{`The working copy and ${versions} are gone for good. No device reads by them.`}</p>
              <div class="actions">
                <Button kind="danger">Remove it</Button>
                <LinkButton href={map.href} kind="quiet">Keep it</LinkButton>
              </div>
            </form>
          </Panel>
        )}
    </>
  );
}
