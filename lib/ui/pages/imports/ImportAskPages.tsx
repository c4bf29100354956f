/**
 * What is asked once more before an import is registered, and before it is taken back.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText, numberText } from "../../format.ts";
import { Button, LinkButton, Tick } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";

/** What both questions need. */
export interface AskProps {
  /** As the file is called. */
  readonly fileName: string;
  /** The import's page. */
  readonly href: string;
  /** Where the answer is posted. */
  readonly action: string;
}

/** What registering an import would do. */
export interface AskRegisterProps extends AskProps {
  /** Rows that would be registered. */
  readonly rows: number;
  /** Sites of these rows. */
  readonly sites: number;
  /** Sites of them that are registered already. */
  readonly already: number;
  /** Rows that would be left out. */
  readonly left: number;
  /** When the first half-hour begins that is collected, such as `11:00`. */
  readonly beginsLabel: string;
}

/** Asks whether the good rows are to be registered. */
export function AskRegisterPage(props: AskRegisterProps): JSX.Element {
  const { fileName, href, action, rows, sites, already, left, beginsLabel } = props;
  return (
    <>
      <AskHead title={`Register ${countText(rows, "good row")}?`} fileName={fileName} href={href} />
      <Panel>
        <div class="import-ask">
          <p>
            {`${countText(sites, "site")} with ${
              countText(rows, "row")
            } will be registered. Half-hours are collected from ${beginsLabel} on.`}
          </p>
          {already > 0 && (
            <p>
              {`${
                countText(already, "site")
              } of them were registered before it was stopped; none is registered twice.`}
            </p>
          )}
          {left > 0 && (
            <p>
              {`${countText(left, "row")} ${
                left === 1 ? "is" : "are"
              } left out. Download them, mend them, and upload them again.`}
            </p>
          )}
          <p>The whole import can be taken back for 30 days.</p>
          <form method="post" action={action} class="actions">
            <Button kind="primary" icon="check">{`Register ${countText(sites - already, "site")}`}</Button>
            <LinkButton href={href}>Not now</LinkButton>
          </form>
        </div>
      </Panel>
    </>
  );
}

/** A site that an undo would leave. */
export interface LeftSite {
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
}

/** What taking an import back would do. */
export interface AskUndoProps extends AskProps {
  /** Sites that would be removed. */
  readonly removed: number;
  /** Sites that have readings, at most 100 of them. */
  readonly read: readonly LeftSite[];
  /** How many have. */
  readonly readCount: number;
  /** Sites that were changed since, at most 100 of them. */
  readonly changed: readonly LeftSite[];
  /** How many were. */
  readonly changedCount: number;
}

/** Name of the tick that stops sites with readings. */
export const STOP_FIELD = "stop";

/** Asks whether an import is to be taken back. */
export function AskUndoPage(props: AskUndoProps): JSX.Element {
  const { fileName, href, action, removed, read, readCount, changed, changedCount } = props;
  return (
    <>
      <AskHead title="Take this import back?" fileName={fileName} href={href} />
      <Panel>
        <form method="post" action={action} class="import-ask">
          <p>
            {removed === 0
              ? "No site of it would be removed."
              : `${
                countText(removed, "site")
              } that never gave a reading would be removed, with their devices.`}
          </p>
          {readCount > 0 && (
            <Notice
              state="warn"
              title={`${countText(readCount, "site")} ${readCount === 1 ? "has" : "have"} readings`}
            >
              What was measured is never removed: it stays with its site.
            </Notice>
          )}
          {readCount > 0 && <LeftSites sites={read} count={readCount} />}
          {readCount > 0 && <Tick name={STOP_FIELD}>Collect nothing more from these sites</Tick>}
          {changedCount > 0 && (
            <Notice
              state="info"
              title={`${countText(changedCount, "site")} ${
                changedCount === 1 ? "was" : "were"
              } changed since`}
            >
              Somebody has worked there: it stays as it is.
            </Notice>
          )}
          {changedCount > 0 && <LeftSites sites={changed} count={changedCount} />}
          <div class="actions">
            <Button kind="danger">
              {removed > 0 ? `Remove ${countText(removed, "site")}` : "Take it back"}
            </Button>
            <LinkButton href={href}>Leave everything as it is</LinkButton>
          </div>
        </form>
      </Panel>
    </>
  );
}

function LeftSites(
  { sites, count }: { readonly sites: readonly LeftSite[]; readonly count: number },
): JSX.Element {
  return (
    <ul class="import-left">
      {sites.map(({ name, href }) => (
        <li key={href}>
          <a href={href}>
            <bdi>{name}</bdi>
          </a>
        </li>
      ))}
      {count > sites.length && <li class="muted">{`and ${numberText(count - sites.length)} more`}</li>}
    </ul>
  );
}

function AskHead(
  { title, fileName, href }: { readonly title: string; readonly fileName: string; readonly href: string },
): JSX.Element {
  return (
    <PageHead
      title={title}
      crumbs={[
        { label: "Sites", href: "/sites" },
        { label: "Import", href: "/sites/import" },
        { label: fileName, href },
        { label: title },
      ]}
    />
  );
}
