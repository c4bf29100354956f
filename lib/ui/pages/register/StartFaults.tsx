/**
 * What keeps a site from being started, or a change from being applied, each with where it is put right.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";

/** Something that keeps it. */
export interface StartFault {
  /** The step, or the device, in which it is. */
  readonly where: string;
  /** Where it is put right. */
  readonly href: string;
  /** What is wrong and what is expected. */
  readonly words: string;
}

/** All of it; `words` says from what: `it from being started`. */
export function StartFaults(
  { faults, words }: { readonly faults: readonly StartFault[]; readonly words: string },
): JSX.Element {
  const many = countText(faults.length, "thing keeps", "things keep");
  return (
    <section class="notice" data-state="critical" aria-labelledby="start-faults">
      <Icon name="critical" />
      <h2 id="start-faults">{`${many} ${words}`}</h2>
      <ul class="start-faults">
        {faults.map(({ where, href, words: fault }) => (
          <li key={`${where} ${fault}`}>
            <a href={href}>{where}</a>
            {`: ${fault}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
