/**
 * What stays on every page: the bar with navigation, the cycle's heartbeat, a finder and the account; on a phone the
 * tabs at the bottom. Navigation lists only pages that exist.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { IconName } from "./drawings.ts";
import { Icon, Mark } from "./Icon.tsx";
import { AccountMenu, type AccountProps } from "./Account.tsx";
import { numberText } from "./format.ts";
import type { State } from "./state.ts";

/** One page in the navigation. */
export interface NavItem {
  /** Its name. */
  readonly label: string;
  /** Where it is. */
  readonly href: string;
  /** For the tabs of a phone. */
  readonly icon: IconName;
  /** Things there that wait for someone; 0 and absent show nothing. */
  readonly waiting?: number | undefined;
  /** Whether this page or one below it is open. */
  readonly current: boolean;
}

/** The newest cycle in numbers. */
export interface CycleProps {
  /** The boundary in the reader's zone, such as `10:30`. */
  readonly label: string;
  /** Sites that reported it. */
  readonly reported: number;
  /** Sites expected. */
  readonly expected: number;
  /** `loading` while it runs, `good` when it is over, else what is wrong. */
  readonly state: State;
  /** Where its outcome is shown. */
  readonly href?: string | undefined;
}

/** What the shell needs. */
export interface ShellProps {
  /** Who is signed in, and the choices of the account menu. */
  readonly account: AccountProps;
  /** Pages in order. */
  readonly nav: readonly NavItem[];
  /** The newest cycle; `null`: none has run yet. */
  readonly cycle: CycleProps | null;
  /** Where the finder looks, and what it is asked; absent: no finder. */
  readonly finder?: FinderProps | undefined;
  /** The page. */
  readonly children: ComponentChildren;
}

/** Where the finder looks. */
export interface FinderProps {
  /** A list that takes `q`. */
  readonly action: string;
  /** Shown while it is empty. */
  readonly placeholder: string;
}

/** Bar, page and tabs. Body of the document: `<main>` is in it. */
export function Shell({ account, nav, cycle, finder, children }: ShellProps): JSX.Element {
  return (
    <div class="frame">
      <a class="skip button" href="#page">Skip to the page</a>
      <header class="topbar">
        <Brand href="/" />
        <nav class="nav" aria-label="Main">
          {nav.map((item) => <NavLink key={item.href} item={item} />)}
        </nav>
        <div class="topbar-end">
          {cycle && <Cycle {...cycle} />}
          {finder && <Finder {...finder} />}
          <AccountMenu {...account} />
        </div>
      </header>
      <main class="page" id="page" tabIndex={-1}>{children}</main>
      <nav class="tabbar" aria-label="Main, at the bottom">
        {nav.map((item) => <TabLink key={item.href} item={item} />)}
      </nav>
    </div>
  );
}

/** Mark and name. */
export function Brand({ href }: { readonly href?: string | undefined }): JSX.Element {
  if (href === undefined) return <span class="brand">{<Mark />}Wattpost</span>;
  return (
    <a class="brand" href={href}>
      <Mark />
      Wattpost
    </a>
  );
}

function NavLink({ item }: { readonly item: NavItem }): JSX.Element {
  return (
    <a href={item.href} aria-current={item.current ? "page" : undefined}>
      {item.label}
      <Waiting count={item.waiting ?? 0} />
    </a>
  );
}

function TabLink({ item }: { readonly item: NavItem }): JSX.Element {
  return (
    <a href={item.href} aria-current={item.current ? "page" : undefined}>
      <Icon name={item.icon} />
      {item.label}
      <Waiting count={item.waiting ?? 0} />
    </a>
  );
}

function Waiting({ count }: { readonly count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <span class="count">
      {numberText(count)}
      <span class="unseen">waiting</span>
    </span>
  );
}

/** The newest half-hour and how many sites reported it. */
export function Cycle({ label, reported, expected, state, href }: CycleProps): JSX.Element {
  const inner = (
    <>
      <Icon name={state} />
      <span>
        <b>{label}</b>
        {" · "}
        <span class="unseen">reported by</span>
        {`${numberText(reported)} of ${numberText(expected)}`}
        <span class="unseen">sites</span>
      </span>
    </>
  );
  return href === undefined
    ? <span class="cycle" data-state={state}>{inner}</span>
    : <a class="cycle" data-state={state} href={href}>{inner}</a>;
}

function Finder({ action, placeholder }: FinderProps): JSX.Element {
  return (
    <form class="jump" role="search" action={action}>
      <Icon name="search" />
      <input type="search" name="q" aria-label={placeholder} placeholder={placeholder} />
    </form>
  );
}
