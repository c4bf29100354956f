/**
 * Last step of changing a registered site: every difference, as it is and as it will be, what follows from it, and the
 * button that applies all of it.
 *
 * @module
 */

import type { JSX } from "preact";
import type { StepName } from "../../../domain/registration.ts";
import { countText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";
import { Button, LinkButton, PostButton } from "../../Input.tsx";
import { Empty, Notice } from "../../Over.tsx";
import { Panel, Part } from "../../Page.tsx";
import type { StartFault } from "./CheckStepPage.tsx";
import { neighboursOf, RegisterFrame, type RegisterFrameProps, stepLabel } from "./RegisterFrame.tsx";
import { StartFaults } from "./StartFaults.tsx";

/** A difference. */
export interface DifferenceRow {
  /** What differs. */
  readonly what: string;
  /** As it is; `null`: not given. */
  readonly before: string | null;
  /** As it will be; `null`: taken away. */
  readonly after: string | null;
}

/** Differences of one step, or of one device. */
export interface DifferencePart {
  /** The step. */
  readonly step: StepName;
  /** The device; `null`: none in particular. */
  readonly device: string | null;
  /** Where they are changed. */
  readonly href: string;
  /** The differences. */
  readonly rows: readonly DifferenceRow[];
}

/** Something that follows from a change. */
export interface ChangeWarning {
  /** A few words. */
  readonly title: string;
  /** What follows. */
  readonly words: string;
}

/** What the page needs. */
export interface ChangeCheckPageProps {
  /** The frame around it. */
  readonly frame: RegisterFrameProps;
  /** Where the change is posted. */
  readonly action: string;
  /** Version of the draft. */
  readonly version: number;
  /** The differences. */
  readonly parts: readonly DifferencePart[];
  /** What keeps them from being applied. */
  readonly faults: readonly StartFault[];
  /** What follows from them. */
  readonly warnings: readonly ChangeWarning[];
  /** Where the draft is brought up to date; `null`: the site stands as it was when the draft was begun. */
  readonly takeOverAction: string | null;
  /** Where the draft is removed. */
  readonly removeAction: string;
  /** The next reading, such as `11:00`. */
  readonly nextLabel: string;
}

/** The page. */
export function ChangeCheckPage(props: ChangeCheckPageProps): JSX.Element {
  const { frame, parts, faults, warnings, takeOverAction } = props;
  const count = countOf(parts);
  return (
    <RegisterFrame frame={frame}>
      {takeOverAction !== null && <Meanwhile action={takeOverAction} />}
      {faults.length > 0 && <StartFaults faults={faults} words="it from being applied" />}
      {warnings.map(({ title, words }) => <Notice key={title} state="warn" title={title}>{words}</Notice>)}
      <Panel
        title="What will change"
        id="changes-panel"
        summary={count === 0
          ? undefined
          : "Ids and history stay: half-hours of a device go on, whatever it is called and wherever it is reached."}
        flush
      >
        {count === 0
          ? (
            <Empty icon="check" title="Nothing is changed yet">
              Go back to a step and change something there. The site stays as it is until you apply it here.
            </Empty>
          )
          : <div class="differences">{parts.map((part) => <Differences key={part.href} part={part} />)}</div>}
      </Panel>
      <ApplyFoot {...props} />
    </RegisterFrame>
  );
}

function countOf(parts: readonly DifferencePart[]): number {
  return parts.reduce((sum, { rows }) => sum + rows.length, 0);
}

function Meanwhile({ action }: { readonly action: string }): JSX.Element {
  return (
    <Notice
      state="warn"
      title="Somebody else has changed this site meanwhile"
      live="assertive"
      actions={<PostButton action={action}>Take over how it stands now</PostButton>}
    >
      Nothing was applied. What you have not touched becomes as it is now, what you have typed stays; then
      look at the differences once more.
    </Notice>
  );
}

function Differences({ part }: { readonly part: DifferencePart }): JSX.Element {
  const { step, device, href, rows } = part;
  const title = device ?? stepLabel(step);
  return (
    <Part title={title} beside={<a class="change" href={href} aria-label={`Change ${title}`}>Change</a>}>
      <dl>
        {rows.map(({ what, before, after }) => (
          <div key={what} class="difference">
            <dt>{what}</dt>
            <dd>
              <Was text={before} isNew={before === null} />
              <Icon name="next" />
              <Becomes text={after} />
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Was({ text, isNew }: { readonly text: string | null; readonly isNew: boolean }): JSX.Element {
  return (
    <span class="was">
      <span class="unseen">From:</span>
      {isNew ? <span class="muted">nothing</span> : <del>{text}</del>}
    </span>
  );
}

function Becomes({ text }: { readonly text: string | null }): JSX.Element {
  return (
    <span class="becomes">
      <span class="unseen">to:</span>
      {text === null ? <span class="muted">nothing</span> : <ins>{text}</ins>}
    </span>
  );
}

function ApplyFoot(props: ChangeCheckPageProps): JSX.Element {
  const { frame, action, version, parts, faults, takeOverAction, removeAction, nextLabel } = props;
  const { before } = neighboursOf(frame);
  const count = countOf(parts);
  const kept = faults.length > 0 || takeOverAction !== null || count === 0;
  return (
    <div class="actions step-foot">
      <details class="sure">
        <summary class="button" data-kind="quiet">Give up the changes</summary>
        <PostButton kind="danger" action={removeAction}>Remove them for good</PostButton>
      </details>
      {before && <LinkButton href={before.href}>Back</LinkButton>}
      <form method="post" action={action} class="actions">
        <input type="hidden" name="version" value={version} />
        {!kept && <span class="muted">{`The reading at ${nextLabel} is the first with them.`}</span>}
        <Button kind="primary" disabled={kept}>
          {count === 0 ? "Apply" : `Apply ${countText(count, "change")}`}
        </Button>
      </form>
    </div>
  );
}
