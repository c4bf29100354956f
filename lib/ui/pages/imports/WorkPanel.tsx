/**
 * What is being done for an import: how far it is, and the button that stops it.
 *
 * @module
 */

import type { JSX } from "preact";
import { ShareBar } from "../../charts/ShareBar.tsx";
import { countText, numberText } from "../../format.ts";
import { LinkButton, PostButton } from "../../Input.tsx";
import { Panel } from "../../Page.tsx";
import { StateBadge } from "../../Words.tsx";

/** What is done. */
export type WorkKind = "judge" | "register" | "test" | "undo";

/** How a work stands. */
export interface WorkModel {
  /** What is done. */
  readonly kind: WorkKind;
  /** How much is done. */
  readonly done: number;
  /** How much there is to do. */
  readonly of: number;
  /** Where it is stopped; `null`: it is over in a moment. */
  readonly stopAction: string | null;
  /** The page that tells how far it is. */
  readonly href: string;
}

/** The panel; one that is followed needs no link to look again. */
export function WorkPanel(
  { work, followed = false }: { readonly work: WorkModel; readonly followed?: boolean },
): JSX.Element {
  const { kind, done, of, stopAction, href } = work;
  const { title, thing, did, hint } = WORDS[kind];
  return (
    <Panel
      title={title}
      id="import-work"
      beside={<StateBadge state="loading">{`${numberText(done)} of ${numberText(of)}`}</StateBadge>}
      summary={`${numberText(done)} of ${countText(of, thing)} ${did}. ${hint}`}
      actions={
        <>
          {!followed && <LinkButton icon="read" href={href}>See how far it is</LinkButton>}
          {stopAction !== null && <PostButton icon="close" action={stopAction}>Stop</PostButton>}
        </>
      }
    >
      <ShareBar share={of === 0 ? 0 : done / of} />
    </Panel>
  );
}

const WORDS: Readonly<
  Record<WorkKind, {
    readonly title: string;
    readonly thing: string;
    readonly did: string;
    readonly hint: string;
  }>
> = {
  judge: { title: "Judging the rows", thing: "row", did: "judged", hint: "Nothing is registered yet." },
  register: {
    title: "Registering the sites",
    thing: "site",
    did: "registered",
    hint: "Each is collected from its next half-hour on. You may leave this page.",
  },
  test: {
    title: "Testing the devices",
    thing: "device",
    did: "tested",
    hint: "Each costs about 4 kB of its site's SIM. You may leave this page.",
  },
  undo: {
    title: "Taking the import back",
    thing: "site",
    did: "done",
    hint: "What was measured stays. You may leave this page.",
  },
};
