/**
 * Where one is in a list of pages, for its pager.
 *
 * @module
 */

import type { PagerProps } from "./Table.tsx";

/** A page of a list. */
export interface ListPage {
  /** Its number, 1 at first. */
  readonly page: number;
  /** Rows of a full page. */
  readonly pageSize: number;
  /** Rows shown. */
  readonly shown: number;
  /** Rows over all pages. */
  readonly total: number;
  /** Address of another page. */
  readonly hrefOf: (page: number) => string;
}

/** What the pager of a list says. */
export function pagerOf({ page, pageSize, shown, total, hrefOf }: ListPage): PagerProps {
  const first = shown === 0 ? 0 : (page - 1) * pageSize + 1;
  return {
    first,
    last: first === 0 ? 0 : first + shown - 1,
    total,
    previousHref: page > 1 ? hrefOf(page - 1) : null,
    nextHref: page * pageSize < total ? hrefOf(page + 1) : null,
  };
}
