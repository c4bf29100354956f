/**
 * Fourth step of registering a site: when it is meant to run, one text a day, drawn beside it as it was read.
 *
 * @module
 */

import type { JSX } from "preact";
import { WEEKDAYS } from "../../../domain/hours.ts";
import type { OpenStretch, WeekHours } from "../../../domain/site.ts";
import { coordinate } from "../../charts/scale.ts";
import { Button, Field, Tick } from "../../Input.tsx";
import { Panel } from "../../Page.tsx";
import { dayField } from "./names.ts";
import { RegisterFrame, StepFoot, StepForm, type StepFormProps } from "./RegisterFrame.tsx";

/** What the page needs. */
export interface HoursStepPageProps extends StepFormProps {
  /** Texts of the seven days as typed or stored, Monday first. */
  readonly days: readonly string[];
  /** Whether Tuesday to Friday are as Monday. */
  readonly sameAsMonday: boolean;
  /** The hours as read; `null`: none, or not valid. */
  readonly hours: WeekHours | null;
}

const DAY_MIN = 1440;
const HEIGHT_PX = 24;

/** The page. */
export function HoursStepPage(props: HoursStepPageProps): JSX.Element {
  const { frame, sameAsMonday } = props;
  return (
    <RegisterFrame frame={frame}>
      <StepForm form={props}>
        <Panel
          title="Operating hours"
          id="hours-panel"
          summary="When the site is meant to run, in its own local time. What runs outside of them is called waste, so they are worth five minutes on the telephone."
          foot={
            <span>
              Write 08:00-18:00, 8-12, 13-17 for a break at noon, 24h, or closed; hours and half-hours only.
              An empty day is closed; a week without any hours says nothing about them.
            </span>
          }
        >
          <div class="week">
            <div class="week-same">
              <Tick name="sameAsMonday" checked={sameAsMonday}>Tuesday to Friday are the same as Monday</Tick>
              <span class="hint">What stands in those four days is then replaced by Monday's hours.</span>
            </div>
            {WEEKDAYS.map((name, weekday) => <Day key={name} weekday={weekday} name={name} {...props} />)}
            {props.hours && <Clock />}
          </div>
        </Panel>
        <StepFoot frame={frame}>
          <Button name="do" value="skip" unchecked>Skip for now</Button>
        </StepFoot>
      </StepForm>
    </RegisterFrame>
  );
}

function Day(
  { weekday, name, days, hours, faults }: HoursStepPageProps & {
    readonly weekday: number;
    readonly name: string;
  },
): JSX.Element {
  const field = dayField(weekday);
  return (
    <div class="week-day">
      <Field
        name={field}
        label={name}
        value={days[weekday]}
        fault={faults[field]}
        maxLength={60}
        autocomplete="off"
      />
      {hours && <DayBar stretches={hours[weekday] ?? []} />}
    </div>
  );
}

function DayBar({ stretches }: { readonly stretches: readonly OpenStretch[] }): JSX.Element {
  const at = (minute: number) => `${coordinate(minute / DAY_MIN * 100)}%`;
  return (
    <svg class="day-bar" width="100%" height={HEIGHT_PX} aria-hidden="true" focusable="false">
      <rect class="track" width="100%" height={HEIGHT_PX} />
      {stretches.map(({ fromMin, toMin }) => (
        <rect key={fromMin} class="load" x={at(fromMin)} width={at(toMin - fromMin)} height={HEIGHT_PX} />
      ))}
      {[6, 12, 18].map((hour) => (
        <line key={hour} class="mesh" x1={at(hour * 60)} x2={at(hour * 60)} y2={HEIGHT_PX} />
      ))}
    </svg>
  );
}

function Clock(): JSX.Element {
  return (
    <div class="week-day week-clock" aria-hidden="true">
      <span />
      <span class="day-clock">
        {["00:00", "06:00", "12:00", "18:00", "24:00"].map((label) => <span key={label}>{label}</span>)}
      </span>
    </div>
  );
}
