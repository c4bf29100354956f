/**
 * Second step of registering a site: the router, the addresses it is reached under in order, what answers behind
 * them, its SIM, and who may sign in to its own pages.
 *
 * @module
 */

import type { JSX } from "preact";
import { numberText } from "../../format.ts";
import { Field, type FieldOption, Tick } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { Panel, Split } from "../../Page.tsx";
import { StateWord } from "../../Words.tsx";
import { Entries, lastUsedRow } from "./Entries.tsx";
import { ENDPOINT_ROWS, endpointField, PATH_ROWS, pathField } from "./names.ts";
import { type Faults, RegisterFrame, StepFoot, StepForm, type StepFormProps } from "./RegisterFrame.tsx";
import { TextField } from "./TextField.tsx";

/** A path as typed. */
export interface PathTexts {
  /** `cellular`, `wifi` or `wired`. */
  readonly kind: string;
  /** IPv4 or IPv6 address, or host name. */
  readonly host: string;
}

/** An endpoint as typed. */
export interface EndpointTexts {
  /** Its number within the draft, which stays; empty: a new one. */
  readonly id: string;
  /** `router`, `gateway` or `device`. */
  readonly kind: string;
  /** TCP port. */
  readonly port: string;
  /** Milliseconds between two requests. */
  readonly pauseMs: string;
  /** Milliseconds to wait for a response; empty: the default. */
  readonly responseTimeoutMs: string;
}

/** The router as typed. */
export interface RouterTexts {
  /** Such as `Teltonika RUT956`. */
  readonly model: string;
  /** Serial number. */
  readonly serial: string;
  /** Id of the profile that reads its own registers; empty: it is not read. */
  readonly profileId: string;
  /** Its own unit id. */
  readonly unitId: string;
  /** At most four, the main path first. */
  readonly paths: readonly PathTexts[];
  /** At most six. */
  readonly endpoints: readonly EndpointTexts[];
  /** ICCID of the SIM. */
  readonly iccid: string;
  /** Telephone number of the SIM. */
  readonly simNumber: string;
  /** Who runs its network. */
  readonly operator: string;
  /** Access point name. */
  readonly apn: string;
  /** Megabytes a month. */
  readonly allowanceMB: string;
  /** User of the router's own pages. */
  readonly user: string;
}

/** What the page needs. */
export interface RouterStepPageProps extends StepFormProps {
  /** What was typed or is stored; never a password. */
  readonly values: RouterTexts;
  /** Profiles of routers, "not read" first. */
  readonly profiles: readonly FieldOption[];
  /** How its own registers are read, where they are already: its own page changes that; absent or `null`: fields do. */
  readonly fixed?: FixedRouterWords | null | undefined;
  /** Whether a password is kept already. */
  readonly passwordKept: boolean;
  /** Milliseconds that are waited where nothing is typed. */
  readonly responseTimeoutDefaultMs: number;
  /** Addresses and ports that other sites have too, in words; they do not keep it from being saved. */
  readonly warnings: readonly string[];
}

/** How a registered router is read. */
export interface FixedRouterWords {
  /** Profile and unit. */
  readonly words: string;
  /** The page of it as a device. */
  readonly href: string;
}

const PATH_KINDS: readonly FieldOption[] = [
  { value: "cellular", label: "Cellular" },
  { value: "wifi", label: "Wi-Fi" },
  { value: "wired", label: "Wired" },
];

const ENDPOINT_KINDS: readonly FieldOption[] = [
  { value: "router", label: "Router's own server" },
  { value: "gateway", label: "Serial gateway" },
  { value: "device", label: "Device with Modbus TCP" },
];

/** The page. */
export function RouterStepPage(props: RouterStepPageProps): JSX.Element {
  const { frame, warnings, responseTimeoutDefaultMs } = props;
  return (
    <RegisterFrame frame={frame}>
      <StepForm form={props}>
        <RouterPanel {...props} />
        <Panel
          title="Paths"
          id="paths-panel"
          summary="Addresses under which the router is reached, tried from the first on: its fixed cellular address first, then Wi-Fi or wired where it has them. Empty rows are left out."
        >
          {warnings.map((words) => (
            <Notice key={words} state="warn" title="Another site has this address">{words}</Notice>
          ))}
          <PathRows {...props} />
        </Panel>
        <Panel
          title="Endpoints"
          id="endpoints-panel"
          summary={`What answers Modbus behind these addresses. Its devices are read in turn, with a pause between two requests where it needs one; an empty wait is ${
            numberText(responseTimeoutDefaultMs)
          } ms. Empty rows are left out.`}
        >
          <EndpointRows {...props} />
        </Panel>
        <Split cut="1-1" even>
          <SimPanel {...props} />
          <SignInPanel {...props} />
        </Split>
        <StepFoot frame={frame} />
      </StepForm>
    </RegisterFrame>
  );
}

function RouterPanel(props: RouterStepPageProps): JSX.Element {
  const { values, faults, fixed } = props;
  return (
    <Panel title="Router" id="router-panel">
      <div class="form">
        <TextField
          faults={faults}
          name="model"
          label="Model"
          value={values.model}
          maxLength={80}
          span={6}
        />
        <TextField
          faults={faults}
          name="serial"
          label="Serial number"
          value={values.serial}
          maxLength={64}
          span={6}
        />
        {fixed
          ? (
            <p class="muted">
              {`Its own values are read as ${fixed.words}. `}
              <a href={fixed.href}>Change how it is read</a>
            </p>
          )
          : <RouterProfile {...props} />}
      </div>
    </Panel>
  );
}

function RouterProfile({ values, profiles, faults }: RouterStepPageProps): JSX.Element {
  return (
    <>
      <TextField
        faults={faults}
        name="profileId"
        label="Profile for its own values"
        value={values.profileId}
        options={profiles}
        hint="Reads signal, data used and position from the router itself."
        span={6}
      />
      <TextField
        faults={faults}
        name="unitId"
        label="Its unit id"
        value={values.unitId}
        maxLength={3}
        span={2}
      />
    </>
  );
}

function PathRows({ values: { paths }, faults }: RouterStepPageProps): JSX.Element {
  const used = lastUsedRow(
    paths.map(({ host }) => [host]),
    (row) => (["Kind", "Host"] as const).some((part) => faults[pathField(row, part)] !== undefined),
  );
  return (
    <Entries noun="path" kind="paths" rows={PATH_ROWS} lastUsed={used}>
      {(row) => (
        <>
          <TextField
            faults={faults}
            name={pathField(row, "Kind")}
            label="Kind"
            value={paths[row - 1]?.kind ?? usualKind(row)}
            options={PATH_KINDS}
          />
          <TextField
            faults={faults}
            name={pathField(row, "Host")}
            label="Address"
            value={paths[row - 1]?.host}
            maxLength={253}
          />
        </>
      )}
    </Entries>
  );
}

/** Cellular, Wi-Fi, wired, as most routers fail over. */
function usualKind(row: number): string {
  return PATH_KINDS[Math.min(row, PATH_KINDS.length) - 1]?.value ?? "wired";
}

function EndpointRows(props: RouterStepPageProps): JSX.Element {
  const { values: { endpoints }, faults } = props;
  const used = lastUsedRow(
    endpoints.map(({ port }) => [port]),
    (row) => endpointHasFault(faults, row),
  );
  return (
    <Entries noun="endpoint" kind="endpoints" rows={ENDPOINT_ROWS} lastUsed={used}>
      {(row) => {
        const endpoint = endpoints[row - 1];
        const field = (part: "Port" | "PauseMs" | "ResponseTimeoutMs") => endpointField(row, part);
        return (
          <>
            <input type="hidden" name={endpointField(row, "Id")} value={endpoint?.id ?? ""} />
            <TextField
              faults={faults}
              name={endpointField(row, "Kind")}
              label="What answers"
              value={endpoint?.kind ?? (row === 1 ? "router" : "gateway")}
              options={ENDPOINT_KINDS}
            />
            <TextField
              faults={faults}
              name={field("Port")}
              label="Port"
              value={endpoint?.port}
              maxLength={5}
            />
            <TextField
              faults={faults}
              name={field("PauseMs")}
              label="Pause"
              value={endpoint?.pauseMs}
              maxLength={5}
              suffix="ms"
            />
            <TextField
              faults={faults}
              name={field("ResponseTimeoutMs")}
              label="Wait"
              value={endpoint?.responseTimeoutMs}
              maxLength={5}
              suffix="ms"
            />
          </>
        );
      }}
    </Entries>
  );
}

function endpointHasFault(faults: Faults, row: number): boolean {
  const parts = ["Kind", "Port", "PauseMs", "ResponseTimeoutMs"] as const;
  return parts.some((part) => faults[endpointField(row, part)] !== undefined);
}

function SimPanel({ values, faults }: RouterStepPageProps): JSX.Element {
  return (
    <Panel title="SIM" id="sim-panel">
      <div class="form">
        <TextField
          faults={faults}
          name="iccid"
          label="ICCID"
          value={values.iccid}
          maxLength={30}
          hint="18 to 20 digits, printed on the card."
          span={6}
        />
        <TextField
          faults={faults}
          name="simNumber"
          label="Telephone number"
          value={values.simNumber}
          maxLength={24}
          span={6}
        />
        <TextField
          faults={faults}
          name="operator"
          label="Operator"
          value={values.operator}
          maxLength={60}
          span={4}
        />
        <TextField
          faults={faults}
          name="apn"
          label="APN"
          value={values.apn}
          maxLength={100}
          span={4}
        />
        <TextField
          faults={faults}
          name="allowanceMB"
          label="Allowance a month"
          value={values.allowanceMB}
          maxLength={8}
          suffix="MB"
          span={4}
        />
      </div>
    </Panel>
  );
}

function SignInPanel({ values, faults, passwordKept }: RouterStepPageProps): JSX.Element {
  return (
    <Panel
      title="Router's own pages"
      id="sign-in-panel"
      beside={passwordKept && <StateWord state="good">password kept</StateWord>}
    >
      <div class="form">
        <TextField
          faults={faults}
          name="user"
          label="User"
          value={values.user}
          maxLength={64}
          span={6}
        />
        <Field
          name="password"
          label={passwordKept ? "Replace the password" : "Password"}
          type="password"
          fault={faults["password"]}
          maxLength={128}
          autocomplete="new-password"
          hint={passwordKept ? "Empty keeps the one there is." : "Stored encrypted and never shown again."}
          span={6}
        />
        {passwordKept && <Tick name="forgetPassword">Forget the kept password</Tick>}
      </div>
    </Panel>
  );
}
