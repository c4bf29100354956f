import type { Signal } from "@preact/signals";
import { step } from "./(_counter)/step.ts";
import { asset } from "fresh/runtime";

interface CounterProps {
  readonly count: Signal<number>;
  readonly id: string;
  readonly children?: string;
}

/** Counts in a signal that may be another's too. */
export default function Counter({ count, id, children }: CounterProps) {
  return (
    <div class="counter" id={id}>
      <button type="button" onClick={() => count.value += step()}>{count}</button>
      <img src={asset("/mark.svg")} alt="" />
      <em>{children}</em>
    </div>
  );
}
