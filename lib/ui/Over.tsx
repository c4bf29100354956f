/**
 * What interrupts: notices in the page; toast, dialog and menu over it.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { IconName } from "./drawings.ts";
import { Icon } from "./Icon.tsx";
import type { State } from "./state.ts";

/** What a notice says: what, since when, what is tried next, what you can do. */
export interface NoticeProps {
  /** Chooses icon, colour and tint. */
  readonly state: State;
  /** What it is, a few words. */
  readonly title: string;
  /** Since when, and what is tried next. */
  readonly children?: ComponentChildren;
  /** What you can do: buttons. */
  readonly actions?: ComponentChildren;
  /** Another icon than the state's own. */
  readonly icon?: IconName | undefined;
  /** How it is announced when it appears; absent: it was there when the page came. */
  readonly live?: "polite" | "assertive" | undefined;
}

/** A notice in the page. */
export function Notice({ state, title, children, actions, icon, live }: NoticeProps): JSX.Element {
  const role = live === "assertive" ? "alert" : live === "polite" ? "status" : undefined;
  return (
    <div class="notice" data-state={state} role={role}>
      <Icon name={icon ?? state} />
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

/** What an empty place says. */
export interface EmptyProps {
  /** What would be here. */
  readonly icon: IconName;
  /** That there is none. */
  readonly title: string;
  /** What to do next. */
  readonly children: ComponentChildren;
  /** The one button that does it. */
  readonly action?: ComponentChildren;
}

/** An empty place: what to do next, and one button. */
export function Empty({ icon, title, children, action }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h3>{title}</h3>
      <p>{children}</p>
      {action && <div class="actions">{action}</div>}
    </div>
  );
}

/** A short message that something was done or came. */
export function Toast(
  { state, children, action }: {
    readonly state: State;
    readonly children: ComponentChildren;
    readonly action?: ComponentChildren;
  },
): JSX.Element {
  return (
    <div class="toast" data-state={state} role={state === "critical" ? "alert" : "status"}>
      <Icon name={state} />
      <span>{children}</span>
      {action}
    </div>
  );
}

/** What a dialog asks. */
export interface DialogProps {
  /** Id of the dialog, to open it by. */
  readonly id: string;
  /** The question. */
  readonly title: string;
  /** What follows from the answer. */
  readonly children: ComponentChildren;
  /** The answers, the one that changes nothing first. */
  readonly actions: ComponentChildren;
  /** Drawn in the page instead of over it, as the page of a browser without JavaScript does. */
  readonly inline?: boolean | undefined;
}

/** A question that must be answered first. */
export function Dialog({ id, title, children, actions, inline }: DialogProps): JSX.Element {
  return (
    <dialog
      class="dialog"
      id={id}
      aria-labelledby={`${id}-title`}
      open={inline}
      data-kind={inline ? "inline" : undefined}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
      <div class="actions">{actions}</div>
    </dialog>
  );
}

/** One entry of a menu. */
export interface MenuItem {
  /** What it is or does. */
  readonly label: string;
  /** Where it leads. */
  readonly href: string;
  /** Before the words. */
  readonly icon: IconName;
  /** At the end: where it is, or its key. */
  readonly note?: string | undefined;
  /** Whether it is the chosen one. */
  readonly selected?: boolean | undefined;
}

/** A list of links over the page. */
export function Menu(
  { label, items }: { readonly label: string; readonly items: readonly MenuItem[] },
): JSX.Element {
  return (
    <nav class="menu" aria-label={label}>
      {items.map((item) => (
        <a
          key={item.href}
          class="menu-item"
          href={item.href}
          aria-current={item.selected ? "true" : undefined}
        >
          <Icon name={item.icon} />
          {item.label}
          {item.note && <small>{item.note}</small>}
        </a>
      ))}
    </nav>
  );
}
