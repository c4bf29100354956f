/**
 * Words that carry a state, an end use, an age or a change, and figures that say when they are not sure or not there.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { EndUse } from "../domain/end_use.ts";
import type { Figure } from "./format.ts";
import { Icon, SignalIcon } from "./Icon.tsx";
import type { IconName } from "./drawings.ts";
import { type State, stateName } from "./state.ts";

/** What a word of state needs. */
export interface StateWordProps {
  /** Chooses icon, colour and tint. */
  readonly state: State;
  /** The words; absent: the state's own name. */
  readonly children?: ComponentChildren;
  /** Another icon than the state's own, such as the padlock of a path. */
  readonly icon?: IconName | undefined;
  /** Whether long words may take several lines. */
  readonly wrap?: boolean | undefined;
  /** Makes it a link. */
  readonly href?: string | undefined;
}

/** Icon and word in the colour of the state. */
export function StateWord({ state, children, icon, wrap, href }: StateWordProps): JSX.Element {
  const inner = (
    <>
      <Icon name={icon ?? state} />
      <span>{children ?? stateName(state)}</span>
    </>
  );
  const marks = { class: "state", "data-state": state, "data-wrap": wrap ? "" : undefined };
  return href === undefined ? <span {...marks}>{inner}</span> : <a href={href} {...marks}>{inner}</a>;
}

/** The same on a tint, for heads of pages and panels. */
export function StateBadge({ state, children, icon }: StateWordProps): JSX.Element {
  return (
    <span class="badge" data-state={state}>
      <Icon name={icon ?? state} />
      <span>{children ?? stateName(state)}</span>
    </span>
  );
}

/** A number on a pill. */
export function Count({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <span class="count">{children}</span>;
}

/** A change against what is usual; coloured only when it deserves a look. */
export function Delta(
  { children, state }: { readonly children: ComponentChildren; readonly state?: State | undefined },
): JSX.Element {
  return <span class="delta" data-state={state}>{children}</span>;
}

/** What people call an end use. */
export function endUseName(use: EndUse): string {
  switch (use) {
    case "server":
      return "Server";
    case "ups":
      return "UPS";
    case "other":
      return "Other";
    case "water":
      return "Hot water";
    case "lighting":
      return "Lighting";
    case "cooling":
      return "Cooling";
    case "heating":
      return "Heating";
  }
}

/** Colour key and name of an end use. */
export function EndUseKey({ use }: { readonly use: EndUse }): JSX.Element {
  return (
    <span class="end-use">
      <span class={`key use-${use}`} />
      {endUseName(use)}
    </span>
  );
}

/** A word with an icon that is no state: a path, a radio. */
export function IconWord(
  { icon, children }: { readonly icon: IconName; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <span class="icon-word">
      <Icon name={icon} />
      {children}
    </span>
  );
}

/** Bars and words of a radio signal. */
export function SignalWord(
  { bars, children }: { readonly bars: 0 | 1 | 2 | 3 | 4; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <span class="icon-word">
      <SignalIcon bars={bars} />
      {children}
    </span>
  );
}

/** A dash where a value should be, with its reason beside it or, in a table, for those who ask. */
export function MissingValue(
  { reason, said = false }: { readonly reason: string; readonly said?: boolean | undefined },
): JSX.Element {
  return (
    <span class="missing-value" title={said ? undefined : reason}>
      <span aria-hidden="true">—</span>
      {said ? <small>{` ${reason}`}</small> : <span class="unseen">{`none: ${reason}`}</span>}
    </span>
  );
}

/** What a figure on the page needs. */
export interface FigureTextProps {
  /** The number and its unit; `null`: there is none, see `reason`. */
  readonly figure: Figure | null;
  /** Whether part of it was estimated: a `~` goes before it. */
  readonly estimated?: boolean | undefined;
  /** Why there is none; needed where it may be `null`. */
  readonly reason?: string | undefined;
}

/** A number with its unit smaller behind it, `~` before it when estimated, a dash with a reason when there is none. */
export function FigureText({ figure, estimated, reason }: FigureTextProps): JSX.Element {
  if (figure === null) return <MissingValue reason={reason ?? "not known"} />;
  return (
    <span class="figure">
      {estimated && <EstimatedSign />}
      {figure.text}
      {figure.unit !== "" && <small>{figure.unit === "%" ? "%" : ` ${figure.unit}`}</small>}
    </span>
  );
}

/** The `~` before a number that is partly estimated. */
export function EstimatedSign(): JSX.Element {
  return (
    <>
      <span aria-hidden="true">~</span>
      <span class="unseen">about</span>
    </>
  );
}

/** The one sentence of a page, large; links and states inside carry the numbers. */
export function Triage({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <h1 class="triage">{children}</h1>;
}
