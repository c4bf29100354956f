/**
 * A scan of unit ids: how far it is, what answered so far, and the button that stops it.
 *
 * @module
 */

import type { JSX } from "preact";
import { ShareBar } from "../../charts/ShareBar.tsx";
import { countText, numberText } from "../../format.ts";
import { LinkButton, PostButton } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { Panel } from "../../Page.tsx";
import { StateBadge } from "../../Words.tsx";

/** A unit that answered. */
export interface FoundUnit {
  /** Its id. */
  readonly unitId: number;
  /** What it seems to be: `Eastron SDM630 v2`, or `answers, model not known`. */
  readonly words: string;
  /** The form of a new device with this unit filled in; absent: it is in the list already. */
  readonly addHref?: string | undefined;
}

/** How a scan stands. */
export interface ScanModel {
  /** First unit asked. */
  readonly from: number;
  /** Last unit to ask. */
  readonly to: number;
  /** The endpoint in words: `serial gateway at port 502`. */
  readonly endpoint: string;
  /** Units asked so far. */
  readonly asked: number;
  /** Units that answered, in order. */
  readonly found: readonly FoundUnit[];
  /** Bytes over the air and time so far, and what is left: `2 kB and 21 s so far, at most 75 s more`. */
  readonly costWords: string;
  /** Whether it goes on; `ended` also says why. */
  readonly state:
    | { readonly kind: "running"; readonly stopAction: string; readonly href: string }
    | { readonly kind: "ended"; readonly closeHref: string }
    | { readonly kind: "stopped"; readonly closeHref: string }
    | { readonly kind: "failed"; readonly closeHref: string; readonly words: string };
}

/** The panel; one that is followed needs no link to look again. */
export function ScanPanel(
  { scan, followed = false }: { readonly scan: ScanModel; readonly followed?: boolean },
): JSX.Element {
  const { from, to, endpoint, asked, found, costWords, state } = scan;
  const all = to - from + 1;
  return (
    <Panel
      title={`Scan of units ${from}–${to}`}
      id="scan-panel"
      beside={<ScanBadge scan={scan} />}
      summary={`${capital(endpoint)}: ${numberText(asked)} of ${countText(all, "unit")} asked, ${
        numberText(found.length)
      } answered. ${costWords}.`}
      actions={<ScanActions state={state} followed={followed} />}
      flush
    >
      <div class="scan-bar">
        <ShareBar share={asked / all} />
      </div>
      {state.kind === "failed" && (
        <div class="scan-bar">
          <Notice state="critical" title="It could not go on">{state.words}</Notice>
        </div>
      )}
      {found.length === 0
        ? state.kind !== "failed" && <p class="devices-none">{noneWords(state.kind)}</p>
        : (
          <ul class="rows found-units">
            {found.map(({ unitId, words, addHref }) => (
              <li key={unitId}>
                <b>{`Unit ${unitId}`}</b>
                <span>{words}</span>
                {addHref === undefined
                  ? <span class="muted">in the list</span>
                  : <LinkButton row icon="plus" href={addHref} label={`Add unit ${unitId}`}>Add</LinkButton>}
              </li>
            ))}
          </ul>
        )}
    </Panel>
  );
}

function ScanBadge({ scan: { state, from, asked } }: { readonly scan: ScanModel }): JSX.Element {
  switch (state.kind) {
    case "running":
      return <StateBadge state="loading">{`unit ${from + asked}`}</StateBadge>;
    case "ended":
      return <StateBadge state="good">done</StateBadge>;
    case "stopped":
      return <StateBadge state="partial">stopped</StateBadge>;
    case "failed":
      return <StateBadge state="critical">failed</StateBadge>;
  }
}

function ScanActions(
  { state, followed }: { readonly state: ScanModel["state"]; readonly followed: boolean },
): JSX.Element {
  if (state.kind !== "running") return <LinkButton href={state.closeHref}>Close</LinkButton>;
  return (
    <>
      {!followed && <LinkButton icon="read" href={state.href}>See how far it is</LinkButton>}
      <PostButton icon="close" action={state.stopAction}>Stop</PostButton>
    </>
  );
}

function noneWords(kind: ScanModel["state"]["kind"]): string {
  return kind === "running"
    ? "Nothing has answered yet. Silent units take longest, a second or two each."
    : "Nothing answered. Check baud rate and parity of the gateway, and A and B of the bus.";
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
