/**
 * The router of a site: which of its paths answers, how well its radio hears, its SIM, where it stands, and what is
 * wired to it.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { type Fact, Facts, IoList } from "./Data.tsx";
import {
  ageText,
  bytesText,
  durationText,
  signalBars,
  signalText,
  signalWord,
  temperatureText,
} from "./format.ts";
import { Notice } from "./Over.tsx";
import { Panel, Part } from "./Page.tsx";
import { MapDot, placeText } from "./charts/MapDot.tsx";
import type { PositionModel, RouterModel, RouterPath, SimModel } from "./site_model.ts";
import { IconWord, MissingValue, SignalWord, StateWord } from "./Words.tsx";

/** A card with everything the router says of itself, and the way to what sets it up. */
export function RouterPanel(
  { router, configHref, linkHref }: {
    readonly router: RouterModel;
    readonly configHref?: string | undefined;
    /** Where the history of its link is; absent: nowhere. */
    readonly linkHref?: string | undefined;
  },
): JSX.Element {
  const { model, uptimeS, paths, ageS, reason, signal, signalChart, sim, position, io, temperatureC } =
    router;
  return (
    <Panel
      title="Router"
      id="router"
      beside={<span>{uptimeS === null ? model : `${model}, up ${durationText(uptimeS)}`}</span>}
      foot={configHref !== undefined && (
        <>
          {linkHref !== undefined && <a href={linkHref}>Link, position and data</a>}
          <a href={configHref}>Configure this router</a>
        </>
      )}
    >
      {reason !== null && (
        <div class="part">
          <Notice
            state="stale"
            title={ageS === null ? "Never heard" : `Last heard ${durationText(ageS)} ago`}
          >
            {reason}. What is below is from then.
          </Notice>
        </div>
      )}
      <section class="part">
        <Facts facts={paths.map(pathFact)} />
      </section>
      {(signal || signalChart) && (
        <Part
          title="Signal"
          beside={signal && (
            <SignalWord bars={signalBars(signal.dbm, signal.kind)}>
              {`${signal.kind.toUpperCase()} ${signalText(signal.dbm)}, ${
                signalWord(signal.dbm, signal.kind)
              }`}
            </SignalWord>
          )}
        >
          {signalChart}
        </Part>
      )}
      {sim && (
        <Part
          title={sim.slot === null ? "SIM" : `SIM ${sim.slot}`}
          beside={sim.tail !== null && `… ${sim.tail}`}
        >
          <Facts facts={simFacts(sim)} />
        </Part>
      )}
      {position && <PositionPart position={position} />}
      {(io.length > 0 || temperatureC !== null) && (
        <Part title="Inputs and outputs" beside={ageS !== null && ageText(ageS)}>
          <IoList
            points={[
              ...io.map(({ label, value, on }) => ({
                label,
                value: value ?? <MissingValue reason="not read" />,
                on,
              })),
              ...(temperatureC === null ? [] : [{ label: "Router", value: temperatureText(temperatureC) }]),
            ]}
          />
        </Part>
      )}
    </Panel>
  );
}

const PATH_NAMES = { wired: "Wired", wifi: "Wi-Fi", cellular: "Cellular" } as const;
const PATH_ICONS = { wired: "wired", wifi: "wifi", cellular: "cellular" } as const;

function pathFact(path: RouterPath): Fact {
  return {
    id: path.kind,
    label: <IconWord icon={PATH_ICONS[path.kind]}>{PATH_NAMES[path.kind]}</IconWord>,
    value: pathWord(path),
  };
}

function pathWord({ state, label }: RouterPath): ComponentChildren {
  switch (state) {
    case "in-use":
      return <StateWord state="good">{label}</StateWord>;
    case "backup-in-use":
      return <StateWord state="warn" icon="backup">{label}</StateWord>;
    case "down":
      return <StateWord state="critical" icon="offline">{label}</StateWord>;
    case "standby":
    case "unknown":
      return <span class="muted">{label}</span>;
  }
}

function simFacts(sim: SimModel): readonly Fact[] {
  const facts: Fact[] = [{
    label: "State",
    value: sim.ready ? sim.stateLabel : <StateWord state="warn">{sim.stateLabel}</StateWord>,
  }];
  if (sim.operator !== null) {
    facts.push({
      label: "Network",
      value: sim.network === null ? sim.operator : `${sim.operator}, ${sim.network}`,
    });
  }
  if (sim.todayB !== null) facts.push({ label: "Data today", value: bytesText(sim.todayB) });
  if (sim.monthB !== null) facts.push({ label: "Data this month", value: bytesText(sim.monthB) });
  return facts;
}

function PositionPart({ position }: { readonly position: PositionModel }): JSX.Element {
  const { fix, registered, accuracyM, ageS } = position;
  const map = { place: fix, accuracyM, ...(registered === null ? {} : { registered }) };
  return (
    <Part title="Position" beside={ageS === null ? "GNSS" : `GNSS, ${ageText(ageS)}`}>
      <MapDot {...map} />
      <p class="muted">
        <small>{placeText(map)}.</small>
      </p>
    </Part>
  );
}
