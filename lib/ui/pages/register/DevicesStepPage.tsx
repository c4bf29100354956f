/**
 * Third step of registering a site: its devices in a list, one of them in a form, tested as it is typed.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { LinkButton } from "../../Input.tsx";
import { Column, Split } from "../../Page.tsx";
import { DeviceButton, DeviceForm, type DeviceFormProps, isNewDevice } from "./DeviceForm.tsx";
import { DevicesNav, type DevicesNavProps } from "./DevicesNav.tsx";
import { LiveTest, type LiveTestProps } from "./LiveTest.tsx";
import { neighboursOf, RegisterFrame, type RegisterFrameProps, stepLabel } from "./RegisterFrame.tsx";
import { type ScanModel, ScanPanel } from "./ScanPanel.tsx";

/** What the page needs. */
export interface DevicesStepPageProps {
  /** The frame around it. */
  readonly frame: RegisterFrameProps;
  /** Version of the draft. */
  readonly version: number;
  /** The list. */
  readonly nav: DevicesNavProps;
  /** The open device. */
  readonly device: DeviceFormProps;
  /** Its test. */
  readonly test: LiveTestProps;
  /** A scan that runs or has ended; `null`: none. */
  readonly scan: ScanModel | null;
  /** What a test costs, in words: `about 4 kB`. */
  readonly testCostWords: string;
  /** Where its registers are looked for when no profile fits; absent: it is not stored yet. */
  readonly workbenchHref?: string | undefined;
}

/** What goes in place of the panels where scripts run. */
export interface DevicesStepParts {
  /** The test. */
  readonly test?: ComponentChildren;
  /** The scan. */
  readonly scan?: ComponentChildren;
}

/** The page. */
export function DevicesStepPage(
  { parts = {}, ...props }: DevicesStepPageProps & { readonly parts?: DevicesStepParts },
): JSX.Element {
  const { frame, version, nav, device, test, scan, testCostWords } = props;
  return (
    <RegisterFrame frame={frame}>
      <Split cut="1-3">
        <Column>
          <DevicesNav {...nav} />
          <p class="muted aside">{`A test reads and never writes. It costs ${testCostWords} of the SIM.`}</p>
          {props.workbenchHref && (
            <p class="muted aside">
              {"No profile fits? "}
              <a href={props.workbenchHref}>Find its registers</a>
              {" from what the display shows."}
            </p>
          )}
        </Column>
        <Column>
          {parts.scan ?? (scan && <ScanPanel scan={scan} />)}
          <DeviceForm device={device} version={version} />
          {parts.test ?? <LiveTest {...test} />}
          <DevicesFoot frame={frame} isNew={isNewDevice(device)} />
        </Column>
      </Split>
    </RegisterFrame>
  );
}

/** On from a stored device its form is sent along; a new one has a button of its own. */
function DevicesFoot(
  { frame, isNew }: { readonly frame: RegisterFrameProps; readonly isNew: boolean },
): JSX.Element {
  const { before, after } = neighboursOf(frame);
  const words = after && `Next: ${stepLabel(after.name, frame.change).toLowerCase()}`;
  return (
    <div class="actions step-foot">
      {before && <LinkButton href={before.href}>Back</LinkButton>}
      {after && (isNew
        ? <LinkButton href={after.href}>{words}</LinkButton>
        : <DeviceButton kind="primary" value="next">{words}</DeviceButton>)}
    </div>
  );
}
