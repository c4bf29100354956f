/**
 * Pages by which a register map comes from elsewhere: a new one, empty or as a copy or from a file, and a file that
 * takes the place of a working copy.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { Button, Field, type FieldOption, LinkButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { type DiffModel, DiffTable } from "./DiffTable.tsx";
import { MapHead, type NamedMap } from "./MapPages.tsx";

/** What a new map begins with, as typed. */
export interface NewMapTexts {
  /** Its name. */
  readonly name: string;
  /** `empty`, `profile` or `file`. */
  readonly start: string;
  /** Profile that is copied. */
  readonly profileId: string;
  /** A file's text that was pasted. */
  readonly text: string;
  /** Where values will be read; may be empty. */
  readonly at: string;
}

/** What the page of a new map needs. */
export interface NewMapPageProps {
  /** As typed. */
  readonly values: NewMapTexts;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** What is wrong in the file, in words. */
  readonly fileFaults: readonly string[];
  /** Profiles of the library. */
  readonly profiles: readonly FieldOption[];
}

/** Begins a map: empty, as a copy, or from a file. */
export function NewMapPage({ values, faults, fileFaults, profiles }: NewMapPageProps): JSX.Element {
  const { "": other, ...fields } = faults;
  return (
    <>
      <PageHead
        title="New register map"
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Device profiles", href: "/profiles" },
          { label: "New register map" },
        ]}
        summary="For a device that the library does not know, or knows otherwise than yours is."
      />
      <Panel>
        <form method="post" action="/profiles/own/new" encType="multipart/form-data" class="form map-new">
          <FaultsNotice faults={fields} other={other} />
          <FileFaults faults={fileFaults} />
          <input type="hidden" name="at" value={values.at} />
          <Field
            name="name"
            label="Name"
            value={values.name}
            fault={faults["name"]}
            hint="Vendor and model as people call it. A copy may keep its own."
            maxLength={80}
            autocomplete="off"
            span={6}
          />
          <fieldset class="field">
            <legend>Begin with</legend>
            <Start value="empty" chosen={values.start}>No rows</Start>
            <Start value="profile" chosen={values.start}>A copy from the library</Start>
            <Start value="file" chosen={values.start}>A file, JSON or CSV</Start>
          </fieldset>
          <div class="form map-start" data-start="profile">
            <Field
              name="profileId"
              label="Profile"
              value={values.profileId}
              fault={faults["profileId"]}
              options={profiles}
              span={6}
            />
          </div>
          <div class="form map-start" data-start="file">
            <FileFields text={values.text} faults={faults} />
          </div>
          <div class="actions">
            <Button kind="primary">Make it</Button>
            <LinkButton href="/profiles" kind="quiet">Cancel</LinkButton>
          </div>
        </form>
      </Panel>
    </>
  );
}

function Start(
  { value, chosen, children }: {
    readonly value: string;
    readonly chosen: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <label class="tick">
      <input type="radio" name="start" value={value} checked={value === chosen} />
      <span>{children}</span>
    </label>
  );
}

function FileFields(
  { text, faults }: { readonly text: string; readonly faults: Readonly<Record<string, string>> },
): JSX.Element {
  return (
    <>
      <div class="field">
        <label for="file">File</label>
        <input class="input" type="file" id="file" name="file" accept=".json,.csv,.txt" />
        {faults["file"] && <span class="fault">{faults["file"]}</span>}
      </div>
      <Field
        name="text"
        label="Or its text"
        value={text}
        fault={faults["text"]}
        hint="JSON as it is exported here, or CSV with a first row of names such as quantity, address, type."
        lines={6}
      />
    </>
  );
}

function FileFaults({ faults }: { readonly faults: readonly string[] }): JSX.Element | null {
  if (faults.length === 0) return null;
  return (
    <div class="field">
      <Notice state="critical" title="The file was not taken" live="assertive">
        Nothing was changed. Put this right and send it again:
      </Notice>
      <ul class="map-file-faults">
        {faults.map((fault) => (
          <li key={fault}>
            <bdi>{fault}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the page of an import needs. */
export interface ImportPageProps {
  /** The map. */
  readonly map: NamedMap;
  /** Version of the working copy that would be replaced. */
  readonly version: number;
  /** As pasted. */
  readonly text: string;
  /** What was wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
  /** What is wrong in the file, in words. */
  readonly fileFaults: readonly string[];
  /** What would change, with the map to be sent again; `null`: nothing was read yet. */
  readonly found: { readonly diff: DiffModel; readonly json: string } | null;
  /** Told at the head. */
  readonly told: Told | null;
}

/** Replaces the working copy by a file, after a look at what would change. */
export function ImportPage(props: ImportPageProps): JSX.Element {
  const { map, version, text, faults, fileFaults, found, told } = props;
  return (
    <>
      <MapHead
        map={map}
        title="Import rows"
        label="Import"
        summary="A file takes the place of the working copy, after you have seen what changes. Versions stay as they are."
      />
      <ToldNotice told={told} />
      {found && (
        <>
          <DiffTable diff={found.diff} />
          <Panel>
            <form method="post" action={`${map.href}/import`} class="actions">
              <input type="hidden" name="version" value={version} />
              <input type="hidden" name="json" value={found.json} />
              <Button kind="primary" name="do" value="replace">Replace the working copy</Button>
              <LinkButton href={map.href} kind="quiet">Leave it as it is</LinkButton>
            </form>
          </Panel>
        </>
      )}
      <Panel title={found ? "Another file" : "File"} id="file-panel">
        <form method="post" action={`${map.href}/import`} encType="multipart/form-data" class="form">
          <FileFaults faults={fileFaults} />
          <FileFields text={text} faults={faults} />
          <div class="actions">
            <Button kind={found ? "plain" : "primary"}>Look at it</Button>
          </div>
        </form>
      </Panel>
    </>
  );
}
