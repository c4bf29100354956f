/**
 * The page of one site: how it is, its figures, its half-hours as charts, its devices and its router. Charts come
 * drawn, each a figure with its own caption.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { type Fact, Facts, Readout } from "../Data.tsx";
import { DevicesPanel } from "../DevicesPanel.tsx";
import {
  ageText,
  completenessText,
  countText,
  numberText,
  signalBars,
  signalText,
  signalWord,
} from "../format.ts";
import { Timeline, type TimelineDay } from "../Flow.tsx";
import { Empty } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { RouterPanel } from "../RouterPanel.tsx";
import type { Completeness, DeviceRow, PathInUse, RouterModel, SiteFigure, SiteHead } from "../site_model.ts";
import { Delta, IconWord, MissingValue, SignalWord, StateBadge, StateWord } from "../Words.tsx";

/** What the page needs. */
export interface SitePageProps {
  /** The head. */
  readonly head: SiteHead;
  /** Key figures in order, at most six. */
  readonly figures: readonly SiteFigure[];
  /** The last 48 half-hours. */
  readonly strip?: ComponentChildren;
  /** Load by end use. */
  readonly load?: ComponentChildren;
  /** Every half-hour by day. */
  readonly heat?: ComponentChildren;
  /** Devices in order. */
  readonly devices: readonly DeviceRow[];
  /** The router; `null`: none registered. */
  readonly router: RouterModel | null;
  /** Where the router's configuration is; absent: nowhere. */
  readonly routerHref?: string | undefined;
  /** Where the history of its link is; absent: nowhere. */
  readonly linkHref?: string | undefined;
  /** What the nightly check found, in a panel; absent: nothing. */
  readonly findings?: ComponentChildren;
  /** What happened lately, newest first: paths changed, devices silent, half-hours recovered; absent: not known. */
  readonly timeline?: readonly TimelineDay[] | undefined;
  /** What may be done with the whole site: buttons at the end of the head. */
  readonly actions?: ComponentChildren;
  /** Devices that are no longer read, each with its page; absent: none. */
  readonly retired?: readonly { readonly name: string; readonly href: string }[] | undefined;
  /** A notice about the whole site: maintenance, nothing collected. */
  readonly notice?: ComponentChildren;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** One site. */
export function SitePage(props: SitePageProps): JSX.Element {
  const { head, figures, strip, load, heat, devices, router, routerHref, timeline, notice, csrf } = props;
  return (
    <>
      <PageHead
        title={head.name}
        crumbs={[{ label: "Sites", href: "/sites" }, ...(head.town === "" ? [] : [{ label: head.town }])]}
        badges={<StateBadge state={head.state}>{head.stateWord}</StateBadge>}
        actions={props.actions}
      />
      {notice}
      <section class="panel" aria-label="Now">
        <Facts kind="row" facts={factsOf(head)} />
        {figures.length > 0 && <Readout figures={figures.map(keyFigureOf)} />}
      </section>
      {head.waiting ? <WaitingPanel waiting={head.waiting} /> : (
        <>
          {strip && <Panel>{strip}</Panel>}
          {load && <Panel>{load}</Panel>}
          {heat && <Panel>{heat}</Panel>}
        </>
      )}
      <Split cut="5-2">
        <Column>
          {props.findings}
          <DevicesPanel
            devices={devices}
            siteReason={head.state === "critical" ? router?.reason ?? "No answer" : undefined}
            csrf={csrf}
            retired={props.retired}
          />
          {timeline && head.state !== "loading" && (
            <Panel title="What happened" id="timeline">
              {timeline.length > 0
                ? <Timeline days={timeline} />
                : <p class="muted">Every half-hour of the last 24 hours was read over the main path.</p>}
            </Panel>
          )}
        </Column>
        <Column>
          {router && <RouterPanel router={router} configHref={routerHref} linkHref={props.linkHref} />}
        </Column>
      </Split>
    </>
  );
}

/** Instead of charts with nothing in them. */
function WaitingPanel({ waiting }: { readonly waiting: NonNullable<SiteHead["waiting"]> }): JSX.Element {
  const { devices, fromLabel } = waiting;
  return (
    <Panel title="Half-hours" id="half-hours">
      {fromLabel === null
        ? (
          <Empty icon="calendar" title="Nothing is collected yet">
            {devices === 0
              ? "The charts stand here once a device is registered and its first half-hour is read."
              : "The charts stand here as soon as the first half-hour is read."}
          </Empty>
        )
        : (
          <Empty icon="calendar" title={`The first half-hour is read at ${fromLabel}`}>
            {`The charts stand here from then on. ${
              countText(devices, "device is", "devices are")
            } registered, and nothing needs to be done.`}
          </Empty>
        )}
    </Panel>
  );
}

function keyFigureOf({ note, noteState, ...figure }: SiteFigure) {
  return { ...figure, note: noteState === undefined ? note : <Delta state={noteState}>{note}</Delta> };
}

function factsOf(head: SiteHead): readonly Fact[] {
  const facts: Fact[] = [
    { label: "Last half-hour", value: lastOf(head) },
    { label: "Complete, 24 h", value: completeOf(head.complete24h) },
  ];
  if (head.complete30d) facts.push({ label: "Complete, 30 d", value: shareOf(head.complete30d) });
  facts.push({ label: "Path in use", value: <PathWord path={head.path} /> });
  if (head.signal) {
    const { dbm, kind } = head.signal;
    facts.push({
      label: "Signal",
      value: (
        <>
          <SignalWord bars={signalBars(dbm, kind)}>{signalText(dbm)}</SignalWord>
          <small>{signalWord(dbm, kind)}</small>
        </>
      ),
    });
  }
  facts.push({ label: "Devices", value: devicesOf(head) }, {
    label: "Local time",
    value: (
      <>
        {head.localTimeLabel}
        <small>{head.zone}</small>
      </>
    ),
  });
  if (head.openTodayLabel !== null) facts.push({ label: "Open today", value: head.openTodayLabel });
  return facts;
}

function lastOf({ lastHalfHourLabel, lastAgeS, stale }: SiteHead): ComponentChildren {
  if (lastHalfHourLabel === null) return <MissingValue reason="nothing collected yet" said />;
  if (stale) {
    return (
      <>
        <StateWord state="stale">{lastHalfHourLabel}</StateWord>
        {lastAgeS !== null && <span class="delta" data-state="stale">{ageText(lastAgeS)}</span>}
      </>
    );
  }
  return (
    <>
      {lastHalfHourLabel}
      {lastAgeS !== null && <small>{ageText(lastAgeS)}</small>}
    </>
  );
}

function completeOf({ have, expected }: Completeness): ComponentChildren {
  if (expected === 0) return <MissingValue reason="none due yet" said />;
  if (have >= expected) return `${numberText(have)} of ${numberText(expected)}`;
  return <StateWord state="warn" icon="partial">{`${numberText(have)} of ${numberText(expected)}`}
  </StateWord>;
}

function shareOf({ have, expected }: Completeness): string {
  return completenessText(have, expected, 1);
}

function devicesOf({ devicesHeard, devices, waiting }: SiteHead): ComponentChildren {
  if (waiting) {
    const { fromLabel } = waiting;
    if (waiting.devices === 0) return <MissingValue reason="none registered" said />;
    return `${numberText(waiting.devices)}, ${
      fromLabel === null ? "not read yet" : `read from ${fromLabel}`
    }`;
  }
  if (devicesHeard === devices) return numberText(devices);
  return (
    <>
      {`${numberText(devicesHeard)} of ${numberText(devices)}`}
      <small>{countText(devices - devicesHeard, "is", "are")} silent</small>
    </>
  );
}

function PathWord({ path }: { readonly path: PathInUse }): JSX.Element {
  if (path.kind === "none") return <StateWord state="critical" icon="offline">{path.label}</StateWord>;
  if (path.backup) return <StateWord state="warn" icon="backup">{path.label}</StateWord>;
  switch (path.kind) {
    case "wired":
    case "wifi":
      return <IconWord icon={path.kind}>{path.label}</IconWord>;
    case "cellular":
      return <IconWord icon="cellular">{path.label}</IconWord>;
    case "unknown":
      return <span class="muted">{path.label}</span>;
  }
}
