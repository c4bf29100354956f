/**
 * Between findings and their pages: the list by site, one finding, and what is typed to put one aside.
 *
 * @module
 */

import {
  type Finding,
  FINDING_KINDS,
  findingKey,
  type FindingKind,
  isFindingKind,
  SEVERITIES,
  type Severity,
} from "../../domain/finding.ts";
import { ASIDE_REASON_MAX, findingStateOf } from "../../domain/finding_record.ts";
import { findingTitle, findingWords, ruleWords, severityWord } from "../../domain/finding_words.ts";
import { HALF_HOUR_MS } from "../../domain/half_hour.ts";
import { localDateOf, localLabel } from "../../domain/local_day.ts";
import type { Reach } from "../../domain/permission.ts";
import type { Result } from "../../result.ts";
import type { Database } from "../../store/db.ts";
import {
  countFindings,
  FINDINGS_MAX,
  type FoundOnDevice,
  isAnyChecked,
  listFindings,
} from "../../store/findings.ts";
import type { ChecksPageProps, FindingRow, FoundSite } from "../../ui/pages/ChecksPage.tsx";
import { ASIDE_SPANS, type FindingPageProps } from "../../ui/pages/FindingPage.tsx";
import type { State } from "../../ui/state.ts";
import type { PagerProps } from "../../ui/Table.tsx";
import { choice, type FieldErrors, line, readForm } from "../form.ts";
import { dayMonth } from "./axis.ts";
import { quantityName } from "./read_now.ts";

/** Where the list of findings is. */
export const CHECKS_PATH = "/sites/checks";

const DAY_MS = 86_400_000;

/** Which findings are shown. */
export interface ChecksQuery {
  /** Open ones, or those that were put aside. */
  readonly show: "open" | "aside";
  /** Only this kind; `null`: all. */
  readonly kind: FindingKind | null;
  /** Which page, from 1. */
  readonly page: number;
}

/** Pages that are turned to at most. */
const PAGES_MAX = 2_000;

/** Reads an address; whatever is not understood means the default. */
export function parseChecksQuery(params: URLSearchParams): ChecksQuery {
  const kind = params.get("kind") ?? "";
  const asked = /^\d{1,4}$/.exec(params.get("page") ?? "")?.[0];
  return {
    show: params.get("show") === "aside" ? "aside" : "open",
    kind: isFindingKind(kind) ? kind : null,
    page: Math.min(PAGES_MAX, Math.max(1, Number(asked ?? 1))),
  };
}

/** For whom, and when. */
export interface ChecksRequest {
  /** Which findings. */
  readonly query: ChecksQuery;
  /** Sites within reach. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Loads the list. */
export async function loadChecksView(
  db: Database,
  { query, reaches, nowMs }: ChecksRequest,
): Promise<Omit<ChecksPageProps, "told">> {
  const { show, kind } = query;
  const [open, aside, isChecked] = await Promise.all([
    countFindings(db, { reaches, nowMs, state: "open" }),
    countFindings(db, { reaches, nowMs, state: "aside" }),
    isAnyChecked(db, reaches),
  ]);
  const counted = show === "open" ? open : aside;
  const total = kind === null ? sumOf(counted) : counted.get(kind) ?? 0;
  // A page beyond the last one means the last: what stood there was put aside or cleared meanwhile.
  const page = Math.max(1, Math.min(query.page, Math.ceil(total / FINDINGS_MAX)));
  const wanted = kind === null ? {} : { kind };
  const found = await listFindings(db, { reaches, nowMs, state: show, page, ...wanted });
  const kinds = FINDING_KINDS.flatMap((value) => {
    const count = counted.get(value) ?? 0;
    return count > 0 || value === kind ? [{ value, label: `${findingTitle(value)} (${count})` }] : [];
  });
  return {
    show,
    kind: kind ?? "",
    kinds,
    sites: foundSites(found, nowMs),
    open: sumOf(open),
    aside: sumOf(aside),
    isChecked,
    pager: pagerOf({ ...query, page }, found.length, total),
  };
}

/** Ways to the other pages; `null`: all findings are on this one. */
function pagerOf({ show, kind, page }: ChecksQuery, shown: number, total: number): PagerProps | null {
  const before = (page - 1) * FINDINGS_MAX;
  if (page === 1 && shown >= total) return null;
  const hrefOf = (to: number) => {
    const params = new URLSearchParams(show === "aside" ? { show } : {});
    if (kind !== null) params.set("kind", kind);
    params.set("page", String(to));
    return `${CHECKS_PATH}?${params}`;
  };
  return {
    first: shown === 0 ? 0 : before + 1,
    last: before + shown,
    total,
    previousHref: page > 1 ? hrefOf(page - 1) : null,
    nextHref: before + shown < total && shown > 0 ? hrefOf(page + 1) : null,
  };
}

function sumOf(counts: ReadonlyMap<FindingKind, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Findings by site, in the order in which they come. */
export function foundSites(found: readonly FoundOnDevice[], nowMs: number): readonly FoundSite[] {
  return [...Map.groupBy(found, ({ siteId }) => siteId)].flatMap(([id, own]) => {
    const [first] = own;
    if (!first) return [];
    const { siteName: name, groupName: group } = first;
    return [{ id, name, href: `/sites/${id}`, group, findings: findingRows(own, nowMs) }];
  });
}

/** Open findings of a site, those that matter most first. */
export async function loadSiteFindings(
  db: Database,
  { siteId, nowMs }: { readonly siteId: number; readonly nowMs: number },
): Promise<readonly FindingRow[]> {
  return findingRows(
    await listFindings(db, { reaches: [{ kind: "all" }], nowMs, state: "open", siteId }),
    nowMs,
  );
}

function findingRows(found: readonly FoundOnDevice[], nowMs: number): readonly FindingRow[] {
  const rank = ({ finding }: FoundOnDevice) => FINDING_KINDS.indexOf(finding.kind);
  return found.toSorted((one, other) => rank(one) - rank(other)).map((each): FindingRow => {
    const { finding, meterId, siteId, meterName, unitId, zone, firstMs, aside } = each;
    const { title, seen, advice } = findingWords(finding, quantityName);
    const isAside = findingStateOf(each, nowMs) === "aside";
    return {
      id: `${meterId}-${finding.kind}`,
      href: findingHref({ siteId, meterId, finding }),
      title,
      seen,
      state: STATES[SEVERITIES[finding.kind]],
      stateWord: severityWord(finding.kind),
      device: `${meterName}, unit ${unitId}`,
      deviceHref: deviceHref(each),
      sinceLabel: dayLabel(zone, firstMs),
      advice,
      asideReason: isAside ? aside?.reason ?? "" : null,
    };
  });
}

/** The page of a finding. */
export function findingHref(
  { siteId, meterId, finding }: {
    readonly siteId: number;
    readonly meterId: number;
    readonly finding: Pick<Finding, "kind">;
  },
): string {
  return `/sites/${siteId}/devices/${meterId}/checks/${finding.kind}`;
}

/** The page of a device, with its history. */
function deviceHref({ siteId, meterId }: Pick<FoundOnDevice, "siteId" | "meterId">): string {
  return `/sites/${siteId}/devices/${meterId}`;
}

const STATES: Readonly<Record<Severity, State>> = { critical: "critical", warn: "warn", info: "info" };

function dayLabel(zone: string, instantMs: number): string {
  return dayMonth(localDateOf(zone, Math.floor(instantMs / HALF_HOUR_MS)));
}

function timeLabel(zone: string, instantMs: number): string {
  return `${dayLabel(zone, instantMs)}, ${localLabel(zone, instantMs)}`;
}

/** What the page of a finding depends on besides. */
export interface FindingAround {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What its profile is called; `undefined`: there is none any more. */
  readonly model: string | undefined;
  /** Whether whoever looks may put it aside. */
  readonly mayPutAside: boolean;
  /** Whether they may read the device now. */
  readonly mayRead: boolean;
}

/** The page of a finding before anything was typed. */
export function findingPageOf(
  found: FoundOnDevice,
  { nowMs, model, mayPutAside, mayRead }: FindingAround,
): FindingPageProps {
  const { finding, siteId, meterId, zone, aside } = found;
  const href = findingHref(found);
  const isAside = findingStateOf(found, nowMs) === "aside";
  return {
    ...findingWords(finding, quantityName),
    rule: ruleWords(finding.kind),
    state: STATES[SEVERITIES[finding.kind]],
    stateWord: severityWord(finding.kind),
    firstLabel: timeLabel(zone, found.firstMs),
    lastLabel: timeLabel(zone, found.lastMs),
    site: { name: found.siteName, href: `/sites/${siteId}` },
    device: {
      name: found.meterName,
      model: `${model ?? found.profileId}, unit ${found.unitId}`,
      href: deviceHref(found),
    },
    profileHref: model === undefined ? null : profileHrefOf(found.profileId),
    readAction: mayRead ? `/sites/${siteId}/devices/${meterId}/read` : null,
    aside: isAside && aside
      ? {
        by: found.asideBy,
        atLabel: timeLabel(zone, aside.atMs),
        reason: aside.reason,
        untilLabel: aside.untilMs === null ? null : dayLabel(zone, aside.untilMs),
      }
      : null,
    asideAction: mayPutAside ? href : null,
    backAction: `${href}/back`,
    seenKey: findingKey(finding),
    values: { reason: "", until: "changes" },
    faults: {},
  };
}

/** The page of a register map: people's own have an editor. */
function profileHrefOf(profileId: string): string {
  const own = /^own-(\d+)@\d+$/.exec(profileId)?.[1];
  return own ? `/profiles/own/${own}` : `/profiles/${profileId}`;
}

/** What is typed to put a finding aside. */
export interface AsideForm {
  /** Why. */
  readonly reason: string;
  /** How long. */
  readonly until: (typeof ASIDE_SPANS)[number]["value"];
  /** What was seen. */
  readonly key: string;
}

/** Reads the form. */
export function readAsideForm(form: URLSearchParams): Result<AsideForm, FieldErrors> {
  return readForm<AsideForm>(form, {
    reason: line({ min: 1, max: ASIDE_REASON_MAX }),
    until: choice(ASIDE_SPANS.map(({ value }) => value)),
    key: line({ min: 0, max: 2_000 }),
  });
}

/** Until when a span reaches; `null`: only until it changes. */
export function untilMsOf(span: AsideForm["until"], nowMs: number): number | null {
  switch (span) {
    case "changes":
      return null;
    case "week":
      return nowMs + 7 * DAY_MS;
    case "month":
      return nowMs + 30 * DAY_MS;
    case "quarter":
      return nowMs + 91 * DAY_MS;
  }
}
