/**
 * The shell and document around every page of the gallery.
 *
 * @module
 */

import type { ComponentChildren, VNode } from "preact";
import type { Theme } from "../../lib/ui/Account.tsx";
import { Document } from "../../lib/ui/Document.tsx";
import { Shell } from "../../lib/ui/Shell.tsx";

/** One page of the gallery. */
export interface Specimen {
  /** File name without ending. */
  readonly name: string;
  /** Title of the document. */
  readonly title: string;
  /** The body. */
  readonly body: VNode;
}

/** A page inside the shell. */
export function framed(current: "today" | "sites" | "none", children: ComponentChildren): VNode {
  return (
    <Shell
      account={{
        name: "Priya Nair",
        email: "priya.nair@northfold.example",
        theme: "system",
        density: "roomy",
        back: "/",
        csrf: "token",
      }}
      nav={[
        { label: "Today", href: "/", icon: "today", current: current === "today" },
        { label: "Sites", href: "/sites", icon: "site", current: current === "sites" },
      ]}
      cycle={{ label: "10:30", reported: 409, expected: 412, state: "good", href: "/#completeness" }}
      finder={{ action: "/sites", placeholder: "Find a site" }}
    >
      {children}
    </Shell>
  );
}

/** The whole document. */
export function documentOf(specimen: Specimen, theme: Theme): VNode {
  return (
    <Document title={specimen.title} cssHref="css/wattpost.css" iconHref="favicon.svg" theme={theme}>
      {specimen.body}
    </Document>
  );
}
