/**
 * Tests a device while it is typed: soon after endpoint, unit and model are complete, one test at a time, step by step
 * as they come. Rests while nobody looks. Without it the button of the form tests, and a page answers.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { DEVICE_FORM } from "../lib/ui/pages/register/DeviceForm.tsx";
import { LiveTest, type LiveTestProps, type TestOutcome } from "../lib/ui/pages/register/LiveTest.tsx";
import { type Typist, typist } from "./(_lines)/typist.ts";

/** What it needs. */
export interface TestAsTypedProps extends LiveTestProps {
  /** What a test costs, in words: `about 4 kB`. */
  readonly costWords: string;
}

/** The panels of the test. */
export default function TestAsTyped({ action, outcome, costWords }: TestAsTypedProps): JSX.Element {
  const shown = useSignal<TestOutcome>(outcome);
  const said = useSignal("");
  const on = useSignal(true);
  const ready = useSignal(false);
  const hand = useRef<Typist | null>(null);
  useEffect(() => {
    const form = document.getElementById(DEVICE_FORM);
    if (!(form instanceof HTMLFormElement)) return;
    hand.current = typist({ form, action, on, shown, said });
    ready.value = true;
    return () => hand.current?.leave();
  }, []);
  const hands = {
    stop: () => hand.current?.stop(),
    foot: (
      <>
        <label class="tick">
          <input
            type="checkbox"
            checked={on.value}
            onChange={(event) => hand.current?.switchTo(event.currentTarget.checked)}
          />
          <span>Test as I type</span>
        </label>
        <span class="muted">{`Each test costs ${costWords} of the SIM, one at a time`}</span>
      </>
    ),
  };
  return (
    <div class="column" data-kept data-ready={ready.value ? "" : undefined}>
      <p class="unseen" role="status" aria-live="polite">{said.value}</p>
      <LiveTest action={action} outcome={shown.value} {...(ready.value && { hands })} />
    </div>
  );
}
