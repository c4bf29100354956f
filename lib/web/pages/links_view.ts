/**
 * The links of all sites as their page shows them.
 *
 * @module
 */

import type { LinkList, ListedLink } from "../../store/link_list.ts";
import { bytesText, countText, durationText, signalBars, signalText } from "../../ui/format.ts";
import type { Standing } from "../../ui/link_model.ts";
import type { LinkRow, LinksPageProps } from "../../ui/pages/LinksPage.tsx";
import { metresText } from "./link_words.ts";
import { PATH_NAMES } from "./site_head.ts";

/** Links of a page. */
export const LINKS_PAGE = 50;

/** What was asked. */
export interface LinksAsked {
  /** Only those that need somebody. */
  readonly onlyNeedy: boolean;
  /** From 1. */
  readonly page: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The page of links. */
export function linksView(list: LinkList, { onlyNeedy, page, nowMs }: LinksAsked): LinksPageProps {
  const { links, total, needy, sites } = list;
  const oldest = Math.min(...links.map(({ atMs }) => atMs ?? Infinity));
  const age = Number.isFinite(oldest)
    ? `; summed up ${durationText((nowMs - oldest) / 1000)} ago, paths as of now`
    : "";
  const hrefOf = (to: number) => `/sites/links?${onlyNeedy ? "" : "all&"}page=${to}`;
  const first = (page - 1) * LINKS_PAGE;
  return {
    rows: links.map(rowOf),
    needy,
    sites,
    onlyNeedy,
    summary: needy === 0
      ? `None of ${countText(sites, "site")} needs somebody${age}.`
      : `${countText(needy, "site")} of ${sites} ${needy === 1 ? "needs" : "need"} somebody${age}.`,
    pager: {
      first: links.length === 0 ? 0 : first + 1,
      last: first + links.length,
      total,
      previousHref: page > 1 ? hrefOf(page - 1) : null,
      nextHref: first + links.length < total ? hrefOf(page + 1) : null,
    },
  };
}

function rowOf(link: ListedLink): LinkRow {
  const { siteId, name, path, signalDbm, usedB, allowanceB, forecastB, changes } = link;
  const used = usedB === null ? null : bytesText(usedB);
  return {
    id: siteId,
    name,
    href: `/sites/${siteId}/link`,
    needs: needsOf(link),
    path: path && { kind: path, name: PATH_NAMES[path] },
    signal: signalDbm === null ? null : { bars: signalBars(signalDbm, "rssi"), label: signalText(signalDbm) },
    dataLabel: used === null ? null : allowanceB === null ? used : `${used} of ${bytesText(allowanceB)}`,
    forecastLabel: forecastB === null ? null : bytesText(forecastB),
    changes,
  };
}

function needsOf(link: ListedLink): readonly Standing[] {
  const { movedM, usedB, forecastB, allowanceB, asksSim, backup, weak, changes } = link;
  const needs: Standing[] = [];
  if (movedM !== null) needs.push({ state: "critical", word: `Moved by ${metresText(movedM)}` });
  if (allowanceB !== null && (usedB ?? 0) >= allowanceB) {
    needs.push({ state: "critical", word: "Allowance used up" });
  } else if (allowanceB !== null && (forecastB ?? 0) > allowanceB) {
    needs.push({ state: "critical", word: "Over its allowance by forecast" });
  }
  if (asksSim) needs.push({ state: "warn", word: "SIM changed?" });
  if (backup) needs.push({ state: "warn", word: "On another path" });
  if (weak) needs.push({ state: "warn", word: "Weak signal" });
  if (changes > 20) needs.push({ state: "warn", word: "Its paths flap" });
  return needs;
}
