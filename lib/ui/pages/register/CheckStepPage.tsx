/**
 * Last step of registering a site: everything once more, what keeps it from being started, what would still make it
 * better, and the button that starts it.
 *
 * @module
 */

import type { JSX } from "preact";
import type { StepName } from "../../../domain/registration.ts";
import { ShareBar } from "../../charts/ShareBar.tsx";
import { type Fact, Facts } from "../../Data.tsx";
import { numberText } from "../../format.ts";
import { Button, LinkButton } from "../../Input.tsx";
import { Panel, Part, Split } from "../../Page.tsx";
import { StateWord } from "../../Words.tsx";
import { neighboursOf, RegisterFrame, type RegisterFrameProps, stepLabel } from "./RegisterFrame.tsx";
import { type StartFault, StartFaults } from "./StartFaults.tsx";

/** A step once more. */
export interface ReviewPart {
  /** Which. */
  readonly step: Exclude<StepName, "check">;
  /** Where it is changed. */
  readonly href: string;
  /** What was said, as name and value; empty: nothing yet. */
  readonly facts: readonly Fact[];
  /** Its devices, for that step. */
  readonly devices?: readonly ReviewDevice[] | undefined;
}

/** A device once more. */
export interface ReviewDevice {
  /** Name. */
  readonly name: string;
  /** Its form. */
  readonly href: string;
  /** Profile, unit and endpoint in words. */
  readonly words: string;
  /** How its newest test went. */
  readonly state: "good" | "warn" | "critical" | "todo";
  /** The same in words, such as `tested 10:31`. */
  readonly tested: string;
}

export type { StartFault } from "./StartFaults.tsx";

/** Something that would make the site better. */
export interface ReadinessGap {
  /** What is missing. */
  readonly what: string;
  /** What it would bring. */
  readonly brings: string;
  /** Points of 100. */
  readonly points: number;
  /** Where it is given. */
  readonly href: string;
}

/** What the page needs. */
export interface CheckStepPageProps {
  /** The frame around it. */
  readonly frame: RegisterFrameProps;
  /** Where the start is posted. */
  readonly action: string;
  /** Version of the draft. */
  readonly version: number;
  /** The steps once more. */
  readonly parts: readonly ReviewPart[];
  /** What keeps it from being started. */
  readonly startFaults: readonly StartFault[];
  /** Readiness, 0 to 100. */
  readonly score: number;
  /** What is missing, most points first. */
  readonly gaps: readonly ReadinessGap[];
  /** The half-hour with which collection begins, such as `11:00`. */
  readonly beginsLabel: string;
}

/** The page. */
export function CheckStepPage(props: CheckStepPageProps): JSX.Element {
  const { frame, parts, startFaults } = props;
  return (
    <RegisterFrame frame={frame}>
      {startFaults.length > 0 && <StartFaults faults={startFaults} words="it from being started" />}
      <Split cut="5-2">
        <Panel title="What will be registered" id="review-panel">
          <div class="review">{parts.map((part) => <Review key={part.step} part={part} />)}</div>
        </Panel>
        <Readiness {...props} />
      </Split>
      <StartFoot {...props} />
    </RegisterFrame>
  );
}

function Review({ part }: { readonly part: ReviewPart }): JSX.Element {
  const { step, href, facts, devices } = part;
  const label = stepLabel(step);
  const nothing = facts.length === 0 && (devices === undefined || devices.length === 0);
  return (
    <Part
      title={label}
      beside={<a class="change" href={href} aria-label={`Change ${label.toLowerCase()}`}>Change</a>}
    >
      {nothing && <p class="muted">Nothing yet</p>}
      {facts.length > 0 && <Facts facts={facts} />}
      {devices && devices.length > 0 && (
        <ul class="review-devices">
          {devices.map((device) => (
            <li key={device.href}>
              <a href={device.href}>
                <bdi>{device.name}</bdi>
              </a>
              <span>{device.words}</span>
              {device.state === "todo"
                ? <span class="muted">{device.tested}</span>
                : <StateWord state={device.state}>{device.tested}</StateWord>}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Readiness({ score, gaps }: CheckStepPageProps): JSX.Element {
  return (
    <Panel
      title="Readiness"
      id="readiness-panel"
      summary={gaps.length === 0
        ? "Nothing is missing: everything that Wattpost can do, it can do here."
        : "It can start as it is. What is missing can be given later, and brings:"}
      flush
    >
      <div class="readiness">
        <b>{numberText(score)}</b>
        <span class="muted">of 100</span>
        <ShareBar share={score / 100} />
      </div>
      {gaps.length > 0 && (
        <ol class="rows ranked">
          {gaps.map(({ what, brings, points, href }) => (
            <li key={what}>
              <a href={href}>{what}</a>
              <b>{`+${numberText(points)}`}</b>
              <p>{brings}</p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function StartFoot({ frame, action, version, startFaults, beginsLabel }: CheckStepPageProps): JSX.Element {
  const { before } = neighboursOf(frame);
  const kept = startFaults.length > 0;
  return (
    <form method="post" action={action} class="actions step-foot">
      <input type="hidden" name="version" value={version} />
      <span class="muted">
        {kept
          ? "It can start when the above is put right."
          : `Collection begins with the half-hour ${beginsLabel}.`}
      </span>
      {before && <LinkButton href={before.href}>Back</LinkButton>}
      <Button kind="primary" disabled={kept}>Start collecting</Button>
    </form>
  );
}
