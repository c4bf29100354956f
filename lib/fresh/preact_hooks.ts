/**
 * Watches Preact while it renders a page on the server: wraps islands in markers that the browser finds them
 * by, completes head and body, and gives every script and style tag the page's nonce.
 *
 * @module
 */

import { type ComponentType, createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import type { Island } from "./build_cache.ts";
import type { RenderState } from "./render.ts";
import { bootScript } from "./scripts.ts";
import { setAssetPath } from "./shared.ts";

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
  setAssetPath((path) => {
    const hashed = state.build.assets.get(path);
    if (hashed !== undefined) state.assets[path] = hashed;
    return hashed ?? path;
  });
  current = state;
  try {
    return render();
  } finally {
    current = null;
    setAssetPath((path) => path);
  }
}

function visitComponent(vnode: VNode<Props>, state: RenderState) {
  const island = state.build.islands.get(vnode.type as ComponentType);
  if (island === undefined) return;
  DONE.add(vnode);
  vnode.type = markedIsland(vnode.type as ComponentType<Props>, island);
}

/** Shows an island between its markers, and notes its props. */
function markedIsland(type: ComponentType<Props>, island: Island): ComponentType<Props> {
  return (props) => {
    const inside = useContext(InIsland);
    const shown = h(type, props);
    DONE.add(shown);
    if (current === null || inside) return shown;
    current.islands.add(island);
    const index = current.islandProps.push({ props }) - 1;
    const comment = (text: string) => h(Fragment, { UNSTABLE_comment: text } as Props);
    const child = h(InIsland.Provider, { value: true, children: shown });
    return h(Fragment, null, comment(`frsh:island:${island.name}:${index}`), child, comment("/frsh:island"));
  };
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
    case "html":
    case "head":
    case "body":
      state.seen.add(vnode.type);
      if (vnode.type === "html" || DONE.has(vnode)) return;
      DONE.add(vnode);
      vnode.props = {
        ...vnode.props,
        children: [vnode.props.children, h(vnode.type === "head" ? ClientSheets : FreshScripts, null)],
      };
      return;
  }
}

/** Ends the head: the style sheets that `client.ts` imports. */
function ClientSheets(): VNode {
  const sheets = current?.build.client?.css ?? [];
  return h(Fragment, null, sheets.map((href) => h("link", { rel: "stylesheet", href })));
}

/** Ends the body: the script that starts the islands. */
export function FreshScripts(): VNode | null {
  const state = current;
  if (state === null || state.scripted) return null;
  state.scripted = true;
  const { preload, script } = bootScript(state);
  if (script === "") return null;
  const links = preload.map((href) => h("link", { rel: "modulepreload", href }));
  const props = { type: "module", dangerouslySetInnerHTML: { __html: script } };
  return h(Fragment, null, links, h("script", props));
}
