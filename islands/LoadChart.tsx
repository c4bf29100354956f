/**
 * The load by end use with a cursor: takes over from the server's drawing where there is JavaScript, follows mouse,
 * finger and arrow keys, switches end uses off, and takes new half-hours from a signal. It fetches nothing itself.
 *
 * @module
 */

import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { EndUse } from "../lib/domain/end_use.ts";
import { numberText } from "../lib/ui/format.ts";
import { spanText } from "../lib/ui/charts/half_hours.ts";
import { lastKnown, loadFrom } from "../lib/ui/charts/load_stack.ts";
import { LoadDrawings, LoadFigure, type LoadStackProps, StackLegend } from "../lib/ui/charts/LoadStack.tsx";
import { indexAtMs, keyTarget, msAtIndex } from "../lib/ui/charts/load_cursor.ts";
import { endPlaces } from "../lib/ui/charts/end_places.ts";
import type { LoadByUse } from "../lib/ui/charts/types.ts";
import { halfHourText, stacked, useText } from "../lib/ui/charts/words.ts";
import type { LoadCanvas } from "./(_load_chart)/canvas.ts";

/** What the island needs: plain data, made for it. */
export interface LoadChartProps extends LoadStackProps {
  /** Newer half-hours than the page came with; `null` until there are any. */
  readonly live?: Signal<LoadByUse | null>;
  /** Epoch ms of the half-hour at the cursor, shared by charts that move together; `null` without one. */
  readonly cursorMs?: Signal<number | null>;
}

const NARROW_PX = 560;
const WIDE_PX = 1000;
/** Height of a name beside the plot: what a finger can hit. */
const NAME_PX = 24;

/** A chart of the load by end use. */
export default function LoadChart(props: LoadChartProps): JSX.Element {
  const own = useSignal<number | null>(null);
  const hidden = useSignal<readonly EndUse[]>([]);
  const ready = useSignal(false);
  const widthPx = useSignal(WIDE_PX);
  const said = useSignal("");
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<LoadCanvas | null>(null);
  const cursorMs = props.cursorMs ?? own;
  const whole = props.live?.value ?? props.load;
  const load = widthPx.value < NARROW_PX && props.phoneFrom ? loadFrom(whole, props.phoneFrom) : whole;
  const cursor = indexAtMs(load, cursorMs.value);

  useEffect(() => {
    if (!canvas.current || !host.current) return;
    return follow({ canvas: canvas.current, host: host.current, drawn, ready, widthPx, load });
  }, []);
  useEffect(() => {
    const names = widthPx.value >= WIDE_PX ? endPlaces(load, { gapPx: NAME_PX }) : [];
    const nameYs = new Map(
      names.filter(({ of }) => of === "baseload" || !hidden.value.includes(of))
        .map(({ of, toPx }) => [of, toPx]),
    );
    drawn.current?.show({ load, hidden: hidden.value, cursor, nameYs });
  }, [load, hidden.value, cursor, ready.value, widthPx.value]);

  const point = (event: PointerEvent) => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    const index = drawn.current?.indexAt(event.clientX - left) ?? null;
    cursorMs.value = index === null ? null : msAtIndex(load, index);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") cursorMs.value = null;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const count = load.halfHours.length;
    const to = keyTarget(event.key, { from: cursor ?? 0, count });
    if (to === undefined) return;
    event.preventDefault();
    const index = cursor === null ? lastKnown(load) ?? count - 1 : to;
    cursorMs.value = msAtIndex(load, index);
    said.value = halfHourText(load, index);
  };
  const toggle = (use: EndUse) => {
    const off = hidden.value;
    hidden.value = off.includes(use) ? off.filter((each) => each !== use) : [...off, use];
  };

  return (
    <LoadFigure {...props} load={whole} legend={<StackLegend load={whole} named />}>
      <div class="load-still" hidden={ready.value}>
        <LoadDrawings {...props} load={whole} />
        {!ready.value && <UseList load={whole} index={lastKnown(whole)} hidden={[]} />}
      </div>
      <div class="load-live" ref={host} data-ready={ready.value ? "" : undefined}>
        <div
          class="load-canvas"
          tabIndex={ready.value ? 0 : -1}
          role="group"
          aria-roledescription="chart"
          aria-label="Load by end use. Arrow keys read half-hours, Page Up and Page Down days, Escape leaves"
          onKeyDown={press}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => cursorMs.value = null}
        >
          <canvas ref={canvas} aria-hidden="true" />
        </div>
        {ready.value && (
          <UseList load={load} index={cursor ?? lastKnown(load)} hidden={hidden.value} toggle={toggle} />
        )}
        <p class="unseen" role="status" aria-live="polite">{said.value}</p>
      </div>
    </LoadFigure>
  );
}

interface FollowOptions {
  readonly canvas: HTMLCanvasElement;
  readonly host: HTMLElement;
  readonly drawn: { current: LoadCanvas | null };
  readonly ready: Signal<boolean>;
  readonly widthPx: Signal<number>;
  readonly load: LoadByUse;
}

/** Brings the canvas, and keeps it to size and theme; without it the server's drawing stays. */
function follow({ canvas, host, drawn, ready, widthPx, load }: FollowOptions): () => void {
  let gone = false;
  const redraw = () => drawn.current?.redraw();
  const themes = new MutationObserver(redraw);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const onResize = () => widthPx.value = host.clientWidth;
  import("./(_load_chart)/canvas.ts").then(({ loadCanvas }) => {
    if (gone) return;
    onResize();
    drawn.current = loadCanvas.draw(canvas, {
      view: { load, hidden: [], cursor: null, nameYs: new Map() },
      onResize,
    });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    system.addEventListener("change", redraw);
    ready.value = true;
  }, () => undefined);
  return () => {
    gone = true;
    themes.disconnect();
    system.removeEventListener("change", redraw);
    drawn.current?.destroy();
    drawn.current = null;
  };
}

interface UseListProps {
  readonly load: LoadByUse;
  readonly index: number | undefined;
  readonly hidden: readonly EndUse[];
  /** Switches an end use off or on; absent: the server's drawing, which cannot. */
  readonly toggle?: ((use: EndUse) => void) | undefined;
}

/** End uses with what they draw at the cursor; each can be switched off. As high without a script as with one. */
function UseList({ load, index, hidden, toggle }: UseListProps): JSX.Element {
  const span = index === undefined ? "" : spanText(load.halfHours, { from: index, to: index + 1 });
  const places = new Map<string, number>(
    endPlaces(load, { gapPx: NAME_PX }).map(({ of, toPx }) => [of, toPx]),
  );
  const styleOf = (name: string) => toggle && ({ top: `${(places.get(name) ?? 0) - NAME_PX / 2}px` });
  return (
    <div class="load-uses">
      <p>
        <span>{span}</span>
        <span>kW</span>
      </p>
      <ul>
        {stacked(load).toReversed().map((each) => (
          <li key={each.use} style={styleOf(each.use)}>
            <UseRow use={each.use} shown={!hidden.includes(each.use)} toggle={toggle}>
              <span class={`key use-${each.use}`} />
              <span>{each.name}</span>
              <b>{index === undefined ? "—" : useText(each.amountsWh[index] ?? null)}</b>
            </UseRow>
          </li>
        ))}
        {load.baseloadKw !== null && (
          <li class="load-base" style={styleOf("baseload")}>
            <svg class="chart-key" width="14" height="14" aria-hidden="true">
              <path class="baseload-line" d="M0 7H14" />
            </svg>
            <span>Baseload</span>
            <b>{numberText(load.baseloadKw, 1)}</b>
          </li>
        )}
      </ul>
    </div>
  );
}

function UseRow(
  { use, shown, toggle, children }: {
    readonly use: EndUse;
    readonly shown: boolean;
    readonly toggle: UseListProps["toggle"];
    readonly children: ComponentChildren;
  },
): JSX.Element {
  if (!toggle) return <span class="load-base">{children}</span>;
  return <button type="button" aria-pressed={shown} onClick={() => toggle(use)}>{children}</button>;
}
