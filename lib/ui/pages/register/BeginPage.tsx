/**
 * What a draft that begins with a registered site is for, and the button that begins it.
 *
 * @module
 */

import type { JSX } from "preact";
import { LinkButton, PostButton } from "../../Input.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";

/** What the page needs. */
export interface BeginPageProps {
  /** What comes of it: a change of the site, or another site like it. */
  readonly kind: "change" | "clone";
  /** The site. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
  /** Where it is begun. */
  readonly action: string;
  /** The own draft by which it is changed already; `null`: none. */
  readonly draftHref: string | null;
  /** Why it was not begun; `null`: it was not tried. */
  readonly told: Told | null;
}

const WORDS = {
  change: {
    verb: "Change",
    summary: "What stands there is copied into a draft of your own. Nothing changes until you apply it.",
    points: [
      "Every field is as it is now; what you change is shown side by side before it is applied.",
      "Devices are tested at a new address before it is used.",
      "Half-hours go on with the next reading, without a restart, and all history stays.",
    ],
    button: "Begin to change it",
  },
  clone: {
    verb: "Clone",
    summary: "A draft of a new site that is like this one, for you to fill in what differs.",
    points: [
      "Taken along: group, place, contacts, router, ports, devices and operating hours.",
      "Asked anew: name and addresses. Left out: serial numbers, SIM card, password and tests.",
    ],
    button: "Begin a copy",
  },
} as const;

/** The page. */
export function BeginPage(props: BeginPageProps): JSX.Element {
  const { kind, siteName, siteHref, action, draftHref, told } = props;
  const { verb, summary, points, button } = WORDS[kind];
  return (
    <>
      <PageHead
        title={`${verb} ${siteName}`}
        crumbs={[{ label: "Sites", href: "/sites" }, { label: siteName, href: siteHref }, { label: verb }]}
        summary={summary}
      />
      <ToldNotice told={told} />
      <Panel
        foot={
          <div class="actions">
            {draftHref === null
              ? <PostButton kind="primary" action={action}>{button}</PostButton>
              : <LinkButton kind="primary" href={draftHref}>Go on with your changes</LinkButton>}
            <LinkButton href={siteHref}>Back to the site</LinkButton>
          </div>
        }
      >
        <ul class="points">{points.map((point) => <li key={point}>{point}</li>)}</ul>
      </Panel>
    </>
  );
}
