/**
 * Starts the islands of a page in the browser, on the elements that the server rendered.
 *
 * @module
 */

import { type ComponentType, type ContainerNode, h, render } from "preact";
import { computed, signal } from "@preact/signals";
import { deserialize, type Reviver } from "../deserialize.ts";
import { setAssetPath } from "../shared.ts";

type Props = Record<string, unknown>;

/** What the page says of its islands: the components by name, and the props of each that is shown. */
interface Page {
  readonly islands: Readonly<Record<string, ComponentType<Props>>>;
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
};

/** Starts all islands between markers; `assets` are the hashed paths that were asked for on the server. */
export function boot(
  islands: Page["islands"],
  props: string,
  assets: Readonly<Record<string, string>>,
): void {
  setAssetPath((path) => assets[path] ?? path);
  const page = { islands, props: deserialize(props, REVIVERS) as Page["props"] };
  for (const start of startMarkers()) {
    try {
      startIsland(start, page);
    } catch (error) {
      reportError(error);
    }
  }
}

/** The comments that islands begin with; an island inside another has none. */
function startMarkers(): Comment[] {
  const found: Comment[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (comment.data.startsWith("frsh:island:")) found.push(comment);
  }
  return found;
}

function startIsland(start: Comment, { islands, props }: Page) {
  const [, , name = "", index] = start.data.split(":");
  const type = islands[name];
  const entry = props[Number(index)];
  if (type === undefined || entry === undefined) throw new Error(`No island ${name} was loaded`);
  const end = endOf(start);
  // Preact looks past comments for the place to insert at, so the borders become empty texts.
  const [from, to] = [new Text(""), new Text("")];
  start.replaceWith(from);
  end.replaceWith(to);
  render(h(type, entry.props), between(from, to) as unknown as ContainerNode);
}

/** The comment that ends what a marker begins. */
function endOf(start: Comment): Comment {
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (node instanceof Comment && node.data === "/frsh:island") return node;
  }
  throw new Error(`The marker ${start.data} has no end`);
}

/** A container for Preact whose children are the nodes between two others. */
function between(from: Text, to: Text) {
  const parent = from.parentNode as Element;
  return {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: parent.namespaceURI,
    get firstChild() {
      return from.nextSibling === to ? null : from.nextSibling;
    },
    get childNodes() {
      const nodes: ChildNode[] = [];
      for (let node = from.nextSibling; node !== null && node !== to; node = node.nextSibling) {
        nodes.push(node);
      }
      return nodes;
    },
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? to),
    appendChild: (node: Node) => parent.insertBefore(node, to),
    removeChild: (node: Node) => parent.removeChild(node),
  };
}
