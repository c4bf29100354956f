/**
 * Watches Preact while it renders a page on the server: wraps islands in markers that the browser finds them
 * by, completes head and body, and gives every script and style tag the page's nonce.
 *
 * @module
 */

import {
  type ComponentChildren,
  type ComponentType,
  createContext,
  Fragment,
  h,
  isValidElement,
  options,
  toChildArray,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import type { Island } from "./build_cache.ts";
import type { RenderState } from "./render_state.ts";
import { bootScript, isSignal } from "./scripts.ts";
import { setRuntime } from "./shared.ts";

let current: RenderState | null = null;

/** True below an island: islands inside are its ordinary children. */
const InIsland = createContext(false);

/** Vnodes that have had their turn, since Preact shows each to the hook again. */
const DONE = new WeakSet<object>();

type Props = Record<string, unknown>;

const hooks = options as unknown as Record<string, ((vnode: VNode<Props>) => void) | undefined>;
const BEFORE_DIFF = "__b";
const diffBefore = hooks[BEFORE_DIFF];

hooks[BEFORE_DIFF] = (vnode) => {
  if (current !== null) {
    if (typeof vnode.type === "string") visitElement(vnode, current);
    else if (!DONE.has(vnode)) visitComponent(vnode, current);
  }
  diffBefore?.(vnode);
};

/** Runs a rendering with `state` as the current one. */
export function renderWith(state: RenderState, render: () => string): string {
  const before = current;
  const runtimeBefore = setRuntime({
    asset: (path) => {
      const hashed = state.build.assets.get(path);
      if (hashed !== undefined) state.assets[path] = state.basePath + hashed;
      return state.basePath + (hashed ?? path);
    },
    head: (children) => collectHead(state, children),
  });
  current = state;
  try {
    return render();
  } finally {
    current = before;
    setRuntime(runtimeBefore);
  }
}

function visitComponent(vnode: VNode<Props>, state: RenderState) {
  const type = vnode.type as ComponentType<Props>;
  const island = state.build.islands.get(type as ComponentType);
  if (island === undefined) return;
  DONE.add(vnode);
  const key = vnode.key;
  vnode.type = (props: Props) => showIsland({ type, island, props, key });
}

interface Shown {
  readonly type: ComponentType<Props>;
  readonly island: Island;
  readonly props: Props;
  readonly key: unknown;
}

function showIsland({ type, island, props, key }: Shown): VNode {
  const state = current;
  const inside = useContext(InIsland);
  if (state === null || inside) return once(h(type, props));
  state.islands.add(island);
  const given: Props = {};
  for (const [name, value] of Object.entries(props)) {
    const isJsx = name === "children" ? hasJsx(value) : isValidElement(value) && !isSignal(value);
    given[name] = isJsx ? slotFor(state, value as ComponentChildren) : value;
  }
  const index = state.islandProps.push({ props: given }) - 1;
  const child = h(InIsland.Provider, { value: true, children: once(h(type, given)) });
  const name = String(key ?? "").replaceAll(":", "_").replaceAll("--", "__");
  return withMarkers("island", `${island.name}:${index}:${name}`, child);
}

function once<T>(vnode: VNode<T>): VNode<T> {
  DONE.add(vnode);
  return vnode;
}

/** Children that are text or numbers alone cross as they are; a function crosses nowhere and is refused. */
function hasJsx(children: unknown): boolean {
  return Array.isArray(children) ? children.some(hasJsx) : isValidElement(children) && !isSignal(children);
}

function slotFor(state: RenderState, content: ComponentChildren): VNode {
  const slot = state.slots.push(h(Fragment, null, content)) - 1;
  return h(Slot, { slot, children: content }) as VNode;
}

/** JSX that the server rendered and an island places. */
export function Slot(props: { readonly slot: number; readonly children?: ComponentChildren }): VNode {
  if (current !== null) current.slots[props.slot] = null;
  const child = h(InIsland.Provider, { value: false, children: props.children });
  return withMarkers("slot", String(props.slot), child);
}

function withMarkers<T>(kind: string, text: string, child: VNode<T>): VNode {
  const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as Props);
  return h(Fragment, null, comment(`frsh:${kind}:${text}`), child, comment(`/frsh:${kind}`));
}

function visitElement(vnode: VNode<Props>, state: RenderState) {
  switch (vnode.type) {
    case "script":
    case "style":
      if (DONE.has(vnode) || !vnode.props.nonce) {
        vnode.props = { ...vnode.props, nonce: state.nonce };
        DONE.add(vnode);
      }
      return;
    case "img":
    case "source": {
      const hashed = state.build.assets.get(String(vnode.props.src));
      if (hashed !== undefined) vnode.props = { ...vnode.props, src: state.basePath + hashed };
      return;
    }
    case "html":
    case "head":
    case "body":
      state.seen.add(vnode.type);
      if (vnode.type === "html" || DONE.has(vnode)) return;
      DONE.add(vnode);
      vnode.props = {
        ...vnode.props,
        children: vnode.type === "head"
          ? h(HeadContents, { children: vnode.props.children as ComponentChildren })
          : [vnode.props.children, h(FreshScripts, null)],
      };
      return;
  }
}

/** Tells whether two elements of the head say the same thing: their key, or what they are about. */
function headKey(vnode: VNode<Props>): string {
  if (vnode.key !== undefined && vnode.key !== null) return `key:${vnode.key}`;
  if (vnode.type === "title") return "title";
  const about = Object.entries(vnode.props)
    .filter(([name]) => !["children", "nonce", "ref"].includes(name))
    .filter(([name]) => !(vnode.type === "meta" && name === "content"))
    .map(([name, value]) => `${name}=${name === "dangerouslySetInnerHTML" ? JSON.stringify(value) : value}`);
  return `${String(vnode.type)}:${about.sort().join(":")}:${
    vnode.type === "style" ? vnode.props.children : ""
  }`;
}

function collectHead(state: RenderState, children: ComponentChildren) {
  for (const child of toChildArray(flat(children))) {
    if (typeof child === "object") state.head.set(headKey(child as VNode<Props>), child as VNode);
  }
}

/** Takes fragments apart, so that what they hold can be told apart. Keeps keys, which toChildArray changes. */
function flat(children: ComponentChildren): VNode<Props>[] {
  if (Array.isArray(children)) return children.flatMap(flat);
  if (!isValidElement(children)) return [];
  const vnode = children as VNode<Props>;
  return vnode.type === Fragment ? flat(vnode.props.children as ComponentChildren) : [vnode];
}

/** What `_app` put into the head, replaced where a page said otherwise, with the rest after it. */
function HeadContents(props: { readonly children?: ComponentChildren }): VNode | null {
  const state = current;
  if (state === null) return h(Fragment, null, props.children);
  const own = flat(props.children).map((vnode) => {
    const key = headKey(vnode);
    const replacement = state.head.get(key);
    state.head.delete(key);
    return replacement ?? vnode;
  });
  const sheets = state.build.client?.css ?? [];
  const links = sheets.map((href) => h("link", { rel: "stylesheet", href: state.basePath + href }));
  const added = [...state.head.values()];
  state.head.clear();
  return h(Fragment, null, ...own, ...links, ...added);
}

/** Ends the body: slots not shown yet, and the script that starts the islands. */
export function FreshScripts(): VNode | null {
  const state = current;
  if (state === null || state.scripted) return null;
  state.scripted = true;
  const templates = state.slots.map((content, slot) =>
    content === null ? null : h("template", { id: `frsh-slot-${slot}` }, content)
  );
  return h(Fragment, null, templates, h(Scripts, null));
}

/** Comes after the templates, which may hold islands too. */
function Scripts(): VNode | null {
  const state = current;
  if (state === null) return null;
  const { preload, script } = bootScript(state, Slot);
  const links = preload.map((href) => h("link", { rel: "modulepreload", href }));
  if (script === "") return null;
  const props = { type: "module", dangerouslySetInnerHTML: { __html: script } };
  return h(Fragment, null, links, h("script", props));
}
