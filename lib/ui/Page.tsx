/**
 * The bones of a page: its head, columns, and the panel, the only box there is.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";

/** One step on the way to a page. */
export interface Crumb {
  /** Its name. */
  readonly label: string;
  /** Where it leads; absent for the page itself. */
  readonly href?: string | undefined;
}

/** The way to this page. */
export function Crumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }): JSX.Element {
  return (
    <nav aria-label="Breadcrumb">
      <ol class="crumbs">
        {crumbs.map((crumb) => (
          <li key={crumb.label}>{crumb.href ? <a href={crumb.href}>{crumb.label}</a> : crumb.label}</li>
        ))}
      </ol>
    </nav>
  );
}

/** What the head of a page says. */
export interface PageHeadProps {
  /** The page's one h1. */
  readonly title: string;
  /** The way here. */
  readonly crumbs?: readonly Crumb[] | undefined;
  /** A sentence under the title. */
  readonly summary?: ComponentChildren;
  /** Badges beside the title. */
  readonly badges?: ComponentChildren;
  /** Buttons at the end. */
  readonly actions?: ComponentChildren;
}

/** Crumbs, title with badges, a sentence, and what can be done. */
export function PageHead({ title, crumbs, summary, badges, actions }: PageHeadProps): JSX.Element {
  return (
    <header class="page-head">
      <div>
        {crumbs && <Crumbs crumbs={crumbs} />}
        <div class="line">
          <h1>{title}</h1>
          {badges}
        </div>
        {summary && <p>{summary}</p>}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </header>
  );
}

/** How a split shares the width when there is room. */
export type Cut = "2-1" | "1-1" | "1-3" | "5-2" | "1-1-1";

/** Columns side by side where there is room, else one after the other. */
export function Split(
  { cut, even, children }: {
    readonly cut: Cut;
    readonly even?: boolean;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return <div class="split" data-cut={cut} data-even={even ? "" : undefined}>{children}</div>;
}

/** Panels under each other. */
export function Column({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <div class="column">{children}</div>;
}

/** What a panel shows. */
export interface PanelProps {
  /** Heading; absent where the content has one, such as a chart's caption. */
  readonly title?: string | undefined;
  /** Id of the heading, to link to the panel. */
  readonly id?: string | undefined;
  /** Beside the heading: a count, a badge, a few muted words. */
  readonly beside?: ComponentChildren;
  /** At the end of the head. */
  readonly actions?: ComponentChildren;
  /** A sentence made from the data. */
  readonly summary?: ComponentChildren;
  /** Last line, ruled off. */
  readonly foot?: ComponentChildren;
  /** Whether the content reaches the edges, as tables and lists do. */
  readonly flush?: boolean | undefined;
  /** The content. */
  readonly children?: ComponentChildren;
}

/** A box with a heading, a sentence, content and a foot. */
export function Panel(props: PanelProps): JSX.Element {
  const { title, id, beside, actions, summary, foot, flush, children } = props;
  return (
    <section class="panel" aria-labelledby={title && id ? id : undefined}>
      {title !== undefined && (
        <div class="panel-head">
          <h2 id={id}>{title}</h2>
          {beside}
          {actions && <div class="actions">{actions}</div>}
          {summary && <p>{summary}</p>}
        </div>
      )}
      {flush ? children : children && <div class="panel-body">{children}</div>}
      {foot && <div class="panel-foot">{foot}</div>}
    </section>
  );
}

/** A part of a panel, ruled off from the one before. */
export function Part(
  { title, beside, children }: {
    readonly title: string;
    readonly beside?: ComponentChildren;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <section class="part">
      <header>
        <h3>{title}</h3>
        {beside && <span>{beside}</span>}
      </header>
      {children}
    </section>
  );
}
