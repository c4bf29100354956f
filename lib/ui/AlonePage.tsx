/**
 * A page that stands alone, as those around signing in do: the name of the product, a heading, and one thing to do.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { countText, durationText } from "./format.ts";
import { Notice } from "./Over.tsx";
import { Brand } from "./Shell.tsx";

/** The panel in the middle. */
export function AlonePage(
  { title, children }: { readonly title: string; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <main class="alone" id="page">
      <section class="panel">
        <div>
          <Brand />
          <h1>{title}</h1>
        </div>
        {children}
      </section>
    </main>
  );
}

/** How many fields have a fault; absent ones have none. */
export function faultCount(faults: object): number {
  return Object.values(faults).filter((fault) => fault !== undefined).length;
}

/** Says how much is to be put right, and what belongs to no field; nothing where nothing is. */
export function FaultsNotice(
  { faults, other }: {
    /** A message for each field; absent where it was taken. */
    readonly faults: object;
    /** What belongs to no field; absent: nothing. */
    readonly other?: string | undefined;
  },
): JSX.Element | null {
  const wrong = faultCount({ ...faults, other });
  if (wrong === 0) return null;
  return (
    <Notice state="critical" title={`${countText(wrong, "thing")} to put right`} live="assertive">
      {other !== undefined && `${other}. `}
      Everything else is as you typed it.
    </Notice>
  );
}

/** Says that a link leads nowhere any more, and what does. */
export function SpentPage(
  { title, rule, action, children }: {
    /** What is over. */
    readonly title: string;
    /** How often and how long such a link works. */
    readonly rule: string;
    /** Where to go instead. */
    readonly action: ComponentChildren;
    /** What helps. */
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <AlonePage title={title}>
      <Notice state="info" title={rule} actions={action}>{children}</Notice>
    </AlonePage>
  );
}

/** Says that something was tried too often, and when it may be tried again. */
export function ThrottledPage(
  { title, waitS }: {
    /** What was tried. */
    readonly title: string;
    /** Seconds until the next try. */
    readonly waitS: number;
  },
): JSX.Element {
  return (
    <AlonePage title={title}>
      <Notice state="warn" title="Too many tries" live="assertive">
        {`Go back and try again in ${durationText(waitS)}. The link still works.`}
      </Notice>
    </AlonePage>
  );
}
