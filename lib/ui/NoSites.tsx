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
  /** Where a site is registered; `null`: not on a page, see `registerAdvice`. */
  readonly registerHref: string | null;
  /** How a site is registered where there is no page for it, a sentence. */
  readonly registerAdvice?: string | undefined;
}

/** That there are no sites, and how to get the first. */
export function NoSites({ registerHref, registerAdvice }: NoSitesProps): JSX.Element {
  const advice = registerAdvice ?? (registerHref === null ? "" : "Register the first one.");
  return (
    <Panel flush>
      <Empty
        icon="site"
        title="No sites yet"
        action={registerHref !== null && (
          <LinkButton kind="primary" icon="plus" href={registerHref}>Register a site</LinkButton>
        )}
      >
        {`${advice} The first half-hour of a site arrives within 30 minutes of registering it.`.trim()}
      </Empty>
    </Panel>
  );
}
