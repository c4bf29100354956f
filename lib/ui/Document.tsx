/**
 * The document around every page: language, theme, stylesheet, icon, and the patterns that charts fill with.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { Density, Theme } from "./Account.tsx";
import { ChartPatterns } from "./charts/ChartFigure.tsx";

/** What the document needs. */
export interface DocumentProps {
  /** Name of the page; the product's name is added. */
  readonly title: string;
  /** Address of the stylesheet, as the build named it. */
  readonly cssHref: string;
  /** Address of the icon. */
  readonly iconHref: string;
  /** The theme in force. */
  readonly theme: Theme;
  /** The density in force. */
  readonly density?: Density | undefined;
  /** More for the head. */
  readonly head?: ComponentChildren;
  /** The body. */
  readonly children: ComponentChildren;
}

/** The whole document. */
export function Document(props: DocumentProps): JSX.Element {
  const { title, cssHref, iconHref, theme, density, head, children } = props;
  return (
    <html
      lang="en-GB"
      data-theme={theme === "system" ? undefined : theme}
      data-density={density === "compact" ? "compact" : undefined}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <title>{`${title} · Wattpost`}</title>
        <link rel="icon" href={iconHref} type="image/svg+xml" />
        <link rel="stylesheet" href={cssHref} />
        {head}
      </head>
      <body>
        <ChartPatterns />
        {children}
      </body>
    </html>
  );
}
