import { signal } from "@preact/signals";
import Counter from "../islands/Counter.tsx";
import { Fold, Kinds } from "../islands/Kinds.tsx";
import { Part } from "./(_components)/Part.tsx";

/** A page of islands. */
export default function Home() {
  const count = signal(3);
  return (
    <>
      <h1>Islands</h1>
      <Part />
      <Counter count={count} id="one">
        given by the page
      </Counter>
      <Counter count={count} id="two" />
      <Kinds
        at={new Date(Date.UTC(2026, 10, 25))}
        map={new Map([["a", 5n]])}
        text="</script><script>window.hacked = 1</script><!--"
      />
      <Fold count={count} />
    </>
  );
}
