/**
 * A register map of one's own: its form, its versions, and the devices that use it.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { countText } from "../../format.ts";
import { LinkButton } from "../../Input.tsx";
import { Empty } from "../../Over.tsx";
import { Column, PageHead, Panel, Split } from "../../Page.tsx";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateBadge } from "../../Words.tsx";

/** A published version in the list. */
export interface VersionItem {
  /** Its number, 1 and up. */
  readonly version: number;
  /** Its page. */
  readonly href: string;
  /** What was written on it; may be empty. */
  readonly note: string;
  /** When and by whom, in words. */
  readonly published: string;
  /** Page of its differences to the one before; `null`: it is the first. */
  readonly diffHref: string | null;
}

/** A device that uses it. */
export interface UserItem {
  /** What people call it. */
  readonly name: string;
  /** Its site. */
  readonly site: string;
  /** Page of the site. */
  readonly siteHref: string;
  /** The version it uses. */
  readonly version: number;
  /** Where another version is chosen; `null`: whoever looks may not. */
  readonly changeHref: string | null;
}

/** What stands around the form. */
export interface MapEditorPageProps {
  /** The map's name. */
  readonly name: string;
  /** Where everything about it lies: `/profiles/own/12`. */
  readonly href: string;
  /** Whether whoever looks may change it. */
  readonly editable: boolean;
  /** How the working copy is to the newest version, in words. */
  readonly standing: string;
  /** Whether it differs from the newest version, or there is none. */
  readonly unpublished: boolean;
  /** Published versions, the newest first. */
  readonly versions: readonly VersionItem[];
  /** Devices within reach that use it. */
  readonly users: readonly UserItem[];
  /** How many there are within reach in all. */
  readonly usedBy: number;
  /** The newest version; `null`: none. */
  readonly newest: number | null;
  /** What is added to links of pages that read: `?at=…`; may be empty. */
  readonly placeQuery: string;
  /** Told at the head. */
  readonly told: Told | null;
}

/** The page; the form stands in the middle. */
export function MapEditorPage(
  props: MapEditorPageProps & { readonly children: ComponentChildren },
): JSX.Element {
  const { name, href, editable, standing, unpublished, told, placeQuery, children } = props;
  return (
    <>
      <PageHead
        title={name}
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: "Device profiles", href: "/profiles" },
          { label: name },
        ]}
        badges={<StateBadge state={unpublished ? "info" : "good"}>{standing}</StateBadge>}
        summary="A register map of your own: where a device keeps its values and how they are coded."
        actions={editable && (
          <>
            <LinkButton href={`${href}/workbench${placeQuery}`} icon="search">Decoder workbench</LinkButton>
            <LinkButton href={`${href}/import`}>Import</LinkButton>
            <LinkButton href={`${href}/publish`} kind={unpublished ? "primary" : "plain"}>Publish</LinkButton>
          </>
        )}
      />
      <ToldNotice told={told} />
      {children}
      <Split cut="1-1">
        <VersionsPanel {...props} />
        <UsersPanel {...props} />
      </Split>
    </>
  );
}

function VersionsPanel({ href, versions, editable }: MapEditorPageProps): JSX.Element {
  return (
    <Column>
      <Panel
        title="Versions"
        id="versions"
        beside={<span>{versions.length === 0 ? "none yet" : countText(versions.length, "version")}</span>}
        summary="A published version never changes: devices keep reading by theirs until somebody gives them another."
        foot={
          <>
            <span>Working copy</span>
            <LinkButton row href={`${href}/export.json`} icon="download">JSON</LinkButton>
            <LinkButton row href={`${href}/export.csv`} icon="download">CSV</LinkButton>
            {editable && <LinkButton row kind="quiet" href={`${href}/remove`}>Remove…</LinkButton>}
          </>
        }
        flush
      >
        {versions.length > 0 && (
          <ol class="rows map-versions">
            {versions.map(({ version, href: at, note, published, diffHref }) => (
              <li key={version}>
                <a href={at}>{`Version ${version}`}</a>
                <span>
                  <bdi>{note || "no note"}</bdi>
                  <small>{published}</small>
                </span>
                {diffHref && <a href={diffHref}>What changed</a>}
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </Column>
  );
}

function UsersPanel({ users, usedBy, newest }: MapEditorPageProps): JSX.Element {
  const more = usedBy - users.length;
  return (
    <Panel
      title="Where used"
      id="used"
      beside={<span>{countText(usedBy, "device")}</span>}
      foot={more > 0 && `${countText(more, "more device")} not shown`}
      flush
    >
      {users.length === 0
        ? (
          <Empty icon="meter" title="No device that you may see uses it">
            {newest === null
              ? "Publish a version first: a device reads by a published one."
              : "It is offered among the models when a device is registered."}
          </Empty>
        )
        : (
          <DataTable
            caption="Devices that use it"
            columns={USER_COLUMNS}
            rows={users}
            keyOf={({ site, name }) => `${site} ${name}`}
          />
        )}
    </Panel>
  );
}

const USER_COLUMNS: readonly TableColumn<UserItem>[] = [
  {
    id: "name",
    head: "Device",
    place: "name",
    cell: ({ name, site, siteHref }) => (
      <>
        <bdi>{name}</bdi>
        <span class="sub">
          <a href={siteHref}>
            <bdi>{site}</bdi>
          </a>
        </span>
      </>
    ),
  },
  { id: "version", head: "Version", place: "figure", number: true, cell: ({ version }) => version },
  {
    id: "change",
    head: "Change",
    headUnseen: true,
    place: "do",
    cell: ({ changeHref, name }) =>
      changeHref && (
        <LinkButton row href={changeHref} label={`Change the version of ${name}`}>Change</LinkButton>
      ),
  },
];
