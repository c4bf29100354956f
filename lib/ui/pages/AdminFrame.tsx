/**
 * The frame of every administration page: beside which others it stands.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Choices } from "../Input.tsx";

/** What the frame needs. */
export interface AdminFrameProps {
  /** Pages that there are and that whoever looks may see, in order. */
  readonly pages: readonly {
    /** Its name. */
    readonly label: string;
    /** Where it is. */
    readonly href: string;
  }[];
  /** Path of the page that is open. */
  readonly path: string;
  /** The page. */
  readonly children: ComponentChildren;
}

/** The second navigation and the page below it. */
export function AdminFrame({ pages, path, children }: AdminFrameProps): JSX.Element {
  const choices = pages.map(({ label, href }) => ({
    label,
    href,
    current: path === href || path.startsWith(`${href}/`),
  }));
  return (
    <>
      <div>
        <Choices label="Administration" choices={choices} />
      </div>
      {children}
    </>
  );
}
