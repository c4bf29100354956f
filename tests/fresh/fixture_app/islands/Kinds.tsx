import { type Signal, useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import Counter from "./Counter.tsx";

interface KindsProps {
  readonly at: Date;
  readonly map: Map<string, bigint>;
  readonly text: string;
}

/** Tells of what kind its props are, in the browser. */
export function Kinds({ at, map, text }: KindsProps) {
  const seen = useSignal("server");
  const [lazy, setLazy] = useState("not yet");
  return (
    <div id="kinds">
      <button
        type="button"
        onClick={() => {
          seen.value = [at instanceof Date, at.toISOString(), map.get("a") === 5n, text].join(" ");
        }}
      >
        Tell
      </button>
      <output>{seen}</output>
      <button type="button" id="lazy" onClick={async () => setLazy((await import("../lazy.ts")).words)}>
        {lazy}
      </button>
    </div>
  );
}

/** Is no island: not a component. */
export const LIMIT = 3;

/** Shows another island when asked to. */
export function Fold({ count }: { readonly count: Signal<number> }) {
  const open = useSignal(false);
  return (
    <div id="fold">
      <button type="button" onClick={() => open.value = !open.value}>fold</button>
      <Counter count={count} id="inner" />
      {open.value ? <Counter count={count} id="folded" /> : null}
    </div>
  );
}
