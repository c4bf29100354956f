/**
 * What Today and Sites show before the first site is registered.
 *
 * @module
 */

import type { JSX } from "preact";
import { LinkButton } from "./Input.tsx";
import { Empty } from "./Over.tsx";
import { Panel } from "./Page.tsx";

/** What the empty place needs. */
export interface NoSitesProps {
  /** Where a site is registered; `null`: whoever looks may not. */
  readonly registerHref: string | null;
}

/** That there are no sites, and how to get the first. */
export function NoSites({ registerHref }: NoSitesProps): JSX.Element {
  return (
    <Panel flush>
      <Empty
        icon="site"
        title="No sites yet"
        action={registerHref !== null && (
          <LinkButton kind="primary" icon="plus" href={registerHref}>Register a site</LinkButton>
        )}
      >
        {registerHref === null
          ? "None is registered yet, or none within your reach. Ask whoever invited you."
          : "Register the first one. Its first half-hour arrives within 30 minutes."}
      </Empty>
    </Panel>
  );
}
