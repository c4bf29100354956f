/**
 * Starts the islands of a page in the browser, on the elements that the server rendered.
 *
 * @module
 */

import { type ComponentChildren, type ComponentType, type ContainerNode, Fragment, h, render } from "preact";
import { computed, signal } from "@preact/signals";
import { deserialize, type Reviver } from "../deserialize.ts";
import { setRuntime } from "../shared.ts";

type Props = Record<string, unknown>;
type Islands = Readonly<Record<string, ComponentType<Props>>>;

const SLOT = Symbol("slot");

/** Stands in the props for JSX that the server rendered. */
interface SlotRef {
  readonly [SLOT]: number;
}

function isSlotRef(value: unknown): value is SlotRef {
  return typeof value === "object" && value !== null && SLOT in value;
}

/** What reviving needs to know of the page. */
interface Page {
  readonly islands: Islands;
  readonly props: readonly { readonly props: Props }[];
}

const REVIVERS: Readonly<Record<string, Reviver>> = {
  Signal: (read, made) => {
    const revived = signal<unknown>(undefined);
    made(revived);
    revived.value = read();
    return revived;
  },
  Computed: (read, made) => {
    const box = { value: undefined as unknown };
    const revived = computed(() => box.value);
    made(revived);
    box.value = read();
    return revived;
  },
  Slot: (read): SlotRef => ({ [SLOT]: Number(read()) }),
};

/** Starts all islands between markers; `assets` are the hashed paths that they asked for on the server. */
export function boot(islands: Islands, props: string, assets: Readonly<Record<string, string>>): void {
  setRuntime({ asset: (path) => assets[path] ?? path, head: () => {} });
  const page = { islands, props: deserialize(props, REVIVERS) as Page["props"] };
  for (const start of topMarkers()) {
    try {
      startIsland(start, page);
    } catch (error) {
      reportError(error);
    }
  }
}

/** The markers of islands that lie in no other island. */
function topMarkers(): Comment[] {
  const found: Comment[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  let depth = 0;
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (comment.data.startsWith("frsh:island:") && depth++ === 0) found.push(comment);
    if (comment.data === "/frsh:island") depth--;
  }
  return found;
}

function startIsland(start: Comment, page: Page) {
  const end = endOf(start);
  const vnode = islandOf(start, page);
  // Preact looks past comments for the place to insert at, so the borders become empty texts.
  const [from, to] = [new Text(""), new Text("")];
  start.replaceWith(from);
  end.replaceWith(to);
  render(vnode, between(from, to) as unknown as ContainerNode);
}

function islandOf(start: Comment, page: Page) {
  const [, , name = "", index, key] = start.data.split(":");
  const type = page.islands[name];
  const entry = page.props[Number(index)];
  if (type === undefined || entry === undefined) throw new Error(`No island ${name} was loaded`);
  const props: Props = {};
  for (const [prop, value] of Object.entries(entry.props)) {
    props[prop] = isSlotRef(value) ? slotContent(start, { slot: value[SLOT], page }) : value;
  }
  return h(type, key ? { ...props, key } : props);
}

/** The end that belongs to a start, past those of the same kind in between. */
function endOf(start: Comment): Comment {
  const kind = start.data.split(":")[1] ?? "";
  let depth = 0;
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (node.nodeType !== Node.COMMENT_NODE) continue;
    const { data } = node as Comment;
    if (data.startsWith(`frsh:${kind}:`)) depth++;
    if (data === `/frsh:${kind}` && depth-- === 0) return node as Comment;
  }
  throw new Error(`The marker ${start.data} has no end`);
}

/** Finds JSX given to an island: inside it if it was shown, else in a template. */
function slotContent(island: Comment, { slot, page }: { slot: number; page: Page }) {
  const template = document.getElementById(`frsh-slot-${slot}`);
  if (template instanceof HTMLTemplateElement) {
    return h(Fragment, null, vnodesOf(template.content.firstChild, { end: null, page }));
  }
  const walker = document.createTreeWalker(island.getRootNode(), NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const start = walker.currentNode as Comment;
    if (start.data !== `frsh:slot:${slot}`) continue;
    return h(Fragment, null, vnodesOf(start.nextSibling, { end: endOf(start), page }));
  }
  return null;
}

/** Describes elements that are there, so that Preact takes them over instead of making new ones. */
function vnodesOf(first: ChildNode | null, { end, page }: { end: ChildNode | null; page: Page }) {
  const vnodes: ComponentChildren[] = [];
  for (let node = first; node !== null && node !== end; node = node.nextSibling) {
    if (node instanceof Text) vnodes.push(node.data);
    if (node instanceof Element) vnodes.push(vnodeOf(node, page));
    if (node instanceof Comment && node.data.startsWith("frsh:island:")) {
      vnodes.push(islandOf(node, page));
      node = endOf(node);
    }
  }
  return vnodes;
}

function vnodeOf(element: Element, page: Page) {
  const props: Props = {};
  for (const { name, value } of element.attributes) {
    const isSet = (element as unknown as Props)[name] === true;
    props[name] = isSet ? true : value;
  }
  return h(element.localName, props, ...vnodesOf(element.firstChild, { end: null, page }));
}

/** A container for Preact whose children are the nodes between two others. */
function between(from: Text, to: Text) {
  const parent = from.parentNode as Element;
  function nodes(): ChildNode[] {
    const list: ChildNode[] = [];
    for (let node = from.nextSibling; node !== null && node !== to; node = node.nextSibling) list.push(node);
    return list;
  }
  return {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: parent.namespaceURI,
    get firstChild() {
      return from.nextSibling === to ? null : from.nextSibling;
    },
    get childNodes() {
      return nodes();
    },
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? to),
    appendChild: (node: Node) => parent.insertBefore(node, to),
    removeChild: (node: Node) => parent.removeChild(node),
  };
}
