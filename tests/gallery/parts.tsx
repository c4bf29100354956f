/**
 * Every state and part on one page, as a sheet of specimens.
 *
 * @module
 */

import { END_USES } from "../../lib/domain/end_use.ts";
import { IoList, RankedList, Readout } from "../../lib/ui/Data.tsx";
import { DRAWINGS, type IconName } from "../../lib/ui/drawings.ts";
import { Steps, TestRungs, Timeline } from "../../lib/ui/Flow.tsx";
import { Icon } from "../../lib/ui/Icon.tsx";
import { Button, Choices, Field, Filter, LinkButton, Tick } from "../../lib/ui/Input.tsx";
import { Dialog, Empty, Menu, Notice, Toast } from "../../lib/ui/Over.tsx";
import { PageHead, Panel, Split } from "../../lib/ui/Page.tsx";
import { STATES } from "../../lib/ui/state.ts";
import {
  ErrorNotice,
  EstimatedNotice,
  ForbiddenNotice,
  LoadingNotice,
  MaintenanceNotice,
  OfflineNotice,
  PartialNotice,
  StaleNotice,
} from "../../lib/ui/States.tsx";
import { Count, Delta, EndUseKey, MissingValue, StateBadge, StateWord } from "../../lib/ui/Words.tsx";
import { framed, type Specimen } from "./frame.tsx";

function Words() {
  return (
    <Panel title="State words">
      <div class="line">
        {STATES.map((state) => <StateWord key={state} state={state} />)}
      </div>
      <hr />
      <div class="line">
        {STATES.map((state) => <StateBadge key={state} state={state} />)}
        <Count>12</Count>
        <Delta>−4%</Delta>
        <Delta state="warn">+41%</Delta>
        <MissingValue reason="router unreachable" said />
      </div>
      <hr />
      <div class="line">
        {END_USES.map((use) => <EndUseKey key={use} use={use} />)}
      </div>
      <hr />
      <div class="line">
        {(Object.keys(DRAWINGS) as IconName[]).map((name) => <Icon key={name} name={name} label={name} />)}
      </div>
    </Panel>
  );
}

function States() {
  const readNow = <LinkButton icon="read" href="#read">Read now</LinkButton>;
  return (
    <div class="specimens">
      <Panel title="Empty">
        <Empty
          icon="site"
          title="No sites yet"
          action={<LinkButton icon="plus" href="#new">Register a site</LinkButton>}
        >
          Register the first one by hand, or paste a list. Its first half-hour arrives within 30 minutes.
        </Empty>
      </Panel>
      <Panel title="Partial">
        <PartialNotice have={46} expected={48}>
          03:00–04:00 is missing: the router was unreachable. Sums are marked ~ and leave it out.
        </PartialNotice>
      </Panel>
      <Panel title="Stale">
        <StaleNotice
          lastLabel="07:30"
          ageS={11_820}
          next="Tried each half-hour, next 11:00"
          actions={readNow}
        />
      </Panel>
      <Panel title="Estimated">
        <EstimatedNotice count={5}>
          13:00–15:30 was filled from the counter and shared out. It stays out of the load shape.
        </EstimatedNotice>
      </Panel>
      <Panel title="Error">
        <ErrorNotice
          what="No answer from 203.0.113.7"
          since="Since 09:00, 4 half-hours"
          next="Tried 6 times, next at 10:52, then each half-hour"
          advice="If the site has power, restart the router or ask the operator about SIM … 4471"
          actions={<LinkButton icon="read" href="#try">Try now</LinkButton>}
        />
      </Panel>
      <Panel title="Forbidden">
        <ForbiddenNotice title="You can see this site, not change it">
          Your role is viewer. Ana Costa and Tunde Okafor can change operating hours.
        </ForbiddenNotice>
      </Panel>
      <Panel title="Offline">
        <OfflineNotice
          sinceLabel="10:41"
          pageLabel="10:38"
          actions={<LinkButton icon="read" href="">Try again</LinkButton>}
        />
      </Panel>
      <Panel title="Loading">
        <LoadingNotice
          what="Reading heat pump 2…"
          waitsFor="Connected in 87 ms, waiting for unit 12"
          givesUp="Gives up after 10 s"
          actions={<Button>Stop</Button>}
        />
      </Panel>
      <Panel title="Maintenance">
        <MaintenanceNotice until="Window until 12:00">
          Half-hours are collected as always, nobody is told. Opened by Ana Costa at 09:30: “new board”.
        </MaintenanceNotice>
      </Panel>
    </div>
  );
}

function Inputs() {
  return (
    <Split cut="1-1" even>
      <Panel
        title="Buttons"
        summary="One primary on a page. 32 px by mouse, 44 px by finger. Focus is 2 px, 2 px away, never removed."
      >
        <div class="line">
          <Button kind="primary" icon="check">Save</Button>
          <Button icon="read">Read now</Button>
          <Button kind="quiet" icon="table">Show table</Button>
          <Button kind="danger">Remove device</Button>
          <Button disabled>Not yet</Button>
          <Button busy>Reading…</Button>
          <Button pressed>Filter on</Button>
        </div>
        <hr />
        <div class="line">
          <Button row>Look</Button>
          <Button row icon="read">Read now</Button>
          <Choices
            label="Range"
            choices={[
              { label: "Day", href: "#day", current: false },
              { label: "7 days", href: "#week", current: true },
              { label: "30 days", href: "#month", current: false },
            ]}
          />
          <Filter
            name="state"
            label="State:"
            value="silent"
            options={[{ value: "any", label: "any" }, { value: "silent", label: "silent" }]}
          />
          <Filter name="path" label="Path:" value="any" options={[{ value: "any", label: "any" }]} />
        </div>
      </Panel>
      <Panel title="Fields">
        <form class="form">
          <Field
            name="name"
            label="Name"
            value="Lighting board"
            hint="As on the door of the board"
            span={6}
          />
          <Field
            name="unit"
            label="Unit"
            value="300"
            fault="Units go from 1 to 247. 300 looks like a port."
            span={6}
          />
          <Field
            name="profile"
            label="Profile"
            value="b"
            options={[{ value: "a", label: "Eastron SDM120" }, { value: "b", label: "Schneider iEM3155" }]}
            span={6}
          />
          <Field name="wait" label="Wait" value="1500" suffix="ms" span={6} />
          <Field name="serial" label="Serial" value="read from the meter" disabled span={6} />
          <Field name="why" label="Why" value="Engineer on site" lines={2} span={6} />
          <div class="line">
            <Tick name="sms" checked>SMS</Tick>
            <Tick name="mail">E-mail</Tick>
          </div>
          <Notice state="critical" title="2 things stop this form">
            <a href="#unit">Unit is 300</a>, and{" "}
            <a href="#name">another device has this name</a>. Everything else is as you typed it.
          </Notice>
        </form>
      </Panel>
    </Split>
  );
}

function Over() {
  return (
    <Split cut="1-1">
      <Panel title="Toasts">
        <div class="toasts">
          <Toast state="good" action={<Button kind="quiet" row>Close</Button>}>
            Heat pump 2 read: 6.1 kW, 1.1 s
          </Toast>
          <Toast state="stale" action={<Button kind="quiet" row>Try again</Button>}>
            Car park lighting did not answer. Still 3 h old.
          </Toast>
        </div>
      </Panel>
      <Dialog
        id="remove"
        title="Remove heat pump 2?"
        inline
        actions={
          <>
            <Button>Keep it</Button>
            <Button kind="danger">Remove</Button>
          </>
        }
      >
        <p>Its half-hours stay. It is not read any more from the next half-hour on.</p>
        <Field name="reason" label="Why" value="Replaced by a new pump" lines={2} />
      </Dialog>
      <Menu
        label="Found"
        items={[
          { label: "Kestrel House", href: "#1", icon: "site", note: "Leeds, on backup path", selected: true },
          { label: "Kestrel House, heat pump 1", href: "#2", icon: "heating", note: "device" },
          { label: "Read Kestrel House now", href: "#3", icon: "read" },
        ]}
      />
      <Panel title="Inputs and outputs">
        <IoList
          points={[{ label: "DI1 Mains", value: "on", on: true }, {
            label: "DI2 Door",
            value: "closed",
            on: false,
          }, { label: "AI1", value: "21.4 °C" }]}
        />
      </Panel>
    </Split>
  );
}

function Flow() {
  return (
    <>
      <Steps
        steps={[
          { label: "Site", href: "#s", at: "done" },
          { label: "Router", href: "#r", at: "done" },
          { label: "Devices", at: "now" },
          { label: "Operating hours", at: "later" },
          { label: "Check and start", at: "later" },
        ]}
      />
      <Split cut="2-1">
        <Panel title="Live test" beside={<StateBadge state="warn">13 of 14 plausible</StateBadge>} flush>
          <TestRungs
            rungs={[
              {
                label: "Path",
                state: "good",
                what: "Wired to 203.0.113.17, no loss in 5",
                fromMs: 0,
                tookMs: 61,
              },
              { label: "Connect", state: "good", what: "TCP 502 open over wired", fromMs: 61, tookMs: 87 },
              {
                label: "Unit 3",
                state: "good",
                what: "Answers as Schneider iEM3155",
                fromMs: 148,
                tookMs: 254,
              },
              {
                label: "Block",
                state: "good",
                what: "3 requests, 132 words, no exception",
                fromMs: 402,
                tookMs: 786,
              },
              {
                label: "Plausible",
                state: "warn",
                what: "13 of 14 values. Energy import reads 4.2 × 10¹⁵ kWh",
                fromMs: 1188,
                tookMs: 6,
                advice: (
                  <Notice
                    state="warn"
                    title="The gateway swaps the words of 64-bit counters"
                    actions={<Button>Swap words for this device</Button>}
                  >
                    Reading it swapped gives 184,302.117 kWh, and it grew as the power says it must.
                  </Notice>
                ),
              },
            ]}
          />
        </Panel>
        <Panel title="Timeline">
          <Timeline
            days={[
              {
                label: "Today",
                events: [
                  {
                    id: 1,
                    timeLabel: "07:42",
                    at: "2026-11-23T07:42:00Z",
                    state: "warn",
                    icon: "backup",
                    what: "Wired path lost, router went to 4G on SIM 2",
                    more: "Readings complete, 340 ms slower.",
                  },
                  {
                    id: 2,
                    timeLabel: "07:30",
                    at: "2026-11-23T07:30:00Z",
                    state: "stale",
                    what: "Car park lighting last answered",
                    more: "Gateway exception 11.",
                  },
                ],
              },
              {
                label: "Yesterday",
                events: [
                  {
                    id: 3,
                    timeLabel: "14:05",
                    at: "2026-11-22T14:05:00Z",
                    state: "info",
                    icon: "note",
                    what: (
                      <>
                        <b>Tunde Okafor</b> wrote
                      </>
                    ),
                    quote: "Landlord has the key to the plant room.",
                  },
                ],
              },
            ]}
          />
        </Panel>
      </Split>
      <Panel title="Figures" flush>
        <Readout
          figures={[
            { label: "Now", figure: { text: "39.5", unit: "kW" }, note: "peak today 48.9 kW at 07:00" },
            {
              label: "Yesterday",
              figure: { text: "412", unit: "kWh" },
              estimated: true,
              note: "5 of 48 half-hours estimated",
            },
            { label: "Month so far", figure: null, reason: "registered 9 days ago" },
          ]}
        />
        <RankedList
          items={[{ label: "Heat pump 1", value: "204 kWh", share: 1, note: "45% of the site" }, {
            label: "Lighting",
            value: "88 kWh",
            share: 0.43,
          }]}
        />
      </Panel>
    </>
  );
}

/** The sheet of specimens. */
export function partsSpecimen(): Specimen {
  return {
    name: "parts",
    title: "States and parts",
    body: framed(
      "none",
      <>
        <PageHead
          title="States and parts"
          summary="Every state is a shape, a word and a colour. Outline means fine, filled means a person is needed."
        />
        <Words />
        <States />
        <Inputs />
        <Over />
        <Flow />
      </>,
    ),
  };
}
