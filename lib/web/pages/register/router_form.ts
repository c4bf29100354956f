/**
 * The form of the router: its addresses in order, the ports behind them, its SIM, and who signs in to it.
 *
 * @module
 */

import type { EndpointStep, PathStep, RouterStep } from "../../../domain/registration.ts";
import type { EndpointKind, PathKind } from "../../../domain/site.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { PasswordWish } from "../../../store/site_drafts.ts";
import { ENDPOINT_ROWS, endpointField, PATH_ROWS, pathField } from "../../../ui/pages/register/names.ts";
import type { RouterTexts } from "../../../ui/pages/register/RouterStepPage.tsx";
import { type Field, type FieldErrors, password, readForm } from "../../form.ts";
import { host, number, optional, optionalNumber, tick } from "./fields.ts";
import { type ReadStep, SENT, type SentStep } from "./site_form.ts";

const PATH_ROW_NUMBERS = Array.from({ length: PATH_ROWS }, (_, i) => i + 1);
const ENDPOINT_ROW_NUMBERS = Array.from({ length: ENDPOINT_ROWS }, (_, i) => i + 1);
const PATH_KINDS: readonly PathKind[] = ["cellular", "wifi", "wired"];
const ENDPOINT_KINDS: readonly EndpointKind[] = ["router", "gateway", "device"];
const ENDPOINT_PARTS = ["Id", "Kind", "Port", "PauseMs", "ResponseTimeoutMs"] as const;

/** Longest password of a router. */
export const ROUTER_PASSWORD_MAX = 128;

/** A form of the router that was read. */
export interface ReadRouter extends ReadStep<RouterStep> {
  /** The password, which is kept apart. */
  readonly password: PasswordWish;
}

const any: Field<string> = (text) => ok((text ?? "").slice(0, 300));

/** How a router is read that is registered already: not changed here. */
export type FixedRouter = Pick<RouterStep, "profileId" | "unitId">;

/** How the form is read. */
export interface RouterReading {
  /** How the router is read already; absent or `null`: as the form says. */
  readonly fixed?: FixedRouter | null;
  /** Finds profiles. */
  readonly find: FindProfile;
}

/** Reads the form; ids of endpoints that are there stay, new ones get the next. */
export function readRouterForm(
  form: URLSearchParams,
  { fixed = null, find }: RouterReading,
): Result<ReadRouter, FieldErrors> {
  const rows: Record<string, Field<string>> = {};
  for (const row of PATH_ROW_NUMBERS) {
    for (const part of ["Kind", "Host"] as const) rows[pathField(row, part)] = any;
  }
  for (const row of ENDPOINT_ROW_NUMBERS) {
    for (const part of ENDPOINT_PARTS) rows[endpointField(row, part)] = any;
  }
  const read = readForm<Record<string, unknown>>(form, {
    ...SENT,
    ...rows,
    model: optional(80),
    serial: optional(64),
    ...(fixed ? {} : { profileId: routerProfile(find), unitId: number({ least: 0, most: 255 }) }),
    iccid,
    simNumber: optional(24),
    operator: optional(60),
    apn: optional(100),
    allowanceMB: optionalNumber({ least: 1, most: 10_000_000 }),
    user: optional(64),
    password: password({ min: 0, max: ROUTER_PASSWORD_MAX }),
    forgetPassword: tick,
  });
  const texts = typedRouter(form);
  const paths = pathsIn(texts);
  const endpoints = endpointsIn(texts);
  const errors = {
    ...(read.ok ? {} : read.error),
    ...(paths.ok ? {} : paths.error),
    ...(endpoints.ok ? {} : endpoints.error),
  };
  if (!read.ok || !paths.ok || !endpoints.ok) return err(errors);
  return ok(
    readOf({ ...read.value as unknown as RouterValues, ...fixed }, {
      paths: paths.value,
      endpoints: endpoints.value,
    }),
  );
}

interface RouterValues extends SentStep {
  readonly model: string | null;
  readonly serial: string | null;
  readonly profileId: string | null;
  readonly unitId: number;
  readonly iccid: string | null;
  readonly simNumber: string | null;
  readonly operator: string | null;
  readonly apn: string | null;
  readonly allowanceMB: number | null;
  readonly user: string | null;
  readonly password: string;
  readonly forgetPassword: boolean;
}

function readOf(
  value: RouterValues,
  { paths, endpoints }: Pick<RouterStep, "paths" | "endpoints">,
): ReadRouter {
  const { model, serial, profileId, unitId, iccid, simNumber, operator, apn, allowanceMB, user } = value;
  const sim = { iccid, number: simNumber, operator, apn, allowanceMB };
  const step = { model, serial, profileId, unitId, paths, endpoints, user, sim };
  const wish: PasswordWish = value.password !== ""
    ? { kind: "set", plain: value.password }
    : { kind: value.forgetPassword ? "forget" : "keep" };
  return { version: value.version, do: value.do, step, password: wish };
}

function routerProfile(find: FindProfile): Field<string | null> {
  return (text) => {
    if (text === undefined || text === "") return ok(null);
    return find(text)?.kind === "router" ? ok(text) : err("Choose one of the profiles of routers");
  };
}

const iccid: Field<string | null> = (text) => {
  const digits = (text ?? "").replaceAll(/[\s-]/g, "");
  if (digits === "") return ok(null);
  return /^89\d{16,18}F?$/i.test(digits)
    ? ok(digits)
    : err(`"${digits.slice(0, 24)}" is no ICCID, expected 18 to 20 digits that begin with 89`);
};

function pathsIn({ paths }: RouterTexts): Result<readonly PathStep[], FieldErrors> {
  const errors: Record<string, string> = {};
  const found: PathStep[] = [];
  for (const row of PATH_ROW_NUMBERS) {
    const { kind = "", host: typed = "" } = paths[row - 1] ?? {};
    if (typed.trim() === "") continue;
    const read = host(typed);
    const known = PATH_KINDS.find((one) => one === kind);
    if (!read.ok) errors[pathField(row, "Host")] = read.error;
    else if (!known) errors[pathField(row, "Kind")] = `Expected one of ${PATH_KINDS.join(", ")}`;
    else if (found.some((one) => one.host === read.value)) {
      errors[pathField(row, "Host")] = `"${read.value}" stands here twice`;
    } else found.push({ kind: known, host: read.value });
  }
  if (found.length === 0 && Object.keys(errors).length === 0) {
    errors[pathField(1, "Host")] = "Is missing: the fixed address of the router";
  }
  return Object.keys(errors).length > 0 ? err(errors) : ok(found);
}

function endpointsIn({ endpoints }: RouterTexts): Result<readonly EndpointStep[], FieldErrors> {
  const errors: Record<string, string> = {};
  const found: EndpointStep[] = [];
  let next = Math.max(0, ...endpoints.map(({ id }) => /^\d{1,3}$/.test(id) ? Number(id) : 0)) + 1;
  const field = <T>(
    row: number,
    part: (typeof ENDPOINT_PARTS)[number],
    read: Result<T, string>,
  ): T | undefined => {
    if (read.ok) return read.value;
    errors[endpointField(row, part)] = read.error;
    return undefined;
  };
  for (const row of ENDPOINT_ROW_NUMBERS) {
    const typed = endpoints[row - 1];
    if (!typed || typed.port.trim() === "") continue;
    const port = field(row, "Port", number({ least: 1, most: 65_535 })(typed.port));
    const kind = field(row, "Kind", kindOf(typed.kind));
    const pauseMs = field(row, "PauseMs", optionalNumber({ least: 0, most: 5_000 })(typed.pauseMs));
    const wait = optionalNumber({ least: 100, most: 60_000 })(typed.responseTimeoutMs);
    const responseTimeoutMs = field(row, "ResponseTimeoutMs", wait);
    if (
      port === undefined || kind === undefined || pauseMs === undefined || responseTimeoutMs === undefined
    ) continue;
    if (found.some((one) => one.port === port)) {
      errors[endpointField(row, "Port")] = `Port ${port} stands here twice`;
    }
    const known = /^[1-9]\d{0,2}$/.test(typed.id) && !found.some(({ id }) => id === Number(typed.id));
    found.push({
      id: known ? Number(typed.id) : next++,
      port,
      kind,
      pauseMs: pauseMs ?? 0,
      responseTimeoutMs,
    });
  }
  if (found.length === 0 && Object.keys(errors).length === 0) {
    errors[endpointField(1, "Port")] = "Is missing: the port behind which meters answer, usually 502";
  }
  return Object.keys(errors).length > 0 ? err(errors) : ok(found);
}

function kindOf(text: string): Result<EndpointKind, string> {
  const kind = ENDPOINT_KINDS.find((one) => one === text);
  return kind ? ok(kind) : err(`Expected one of ${ENDPOINT_KINDS.join(", ")}`);
}

/** What the form shows of a stored step. */
export function routerTexts(step: RouterStep | null): RouterTexts {
  const text = (value: string | number | null | undefined) => value == null ? "" : String(value);
  return {
    model: text(step?.model),
    serial: text(step?.serial),
    profileId: text(step?.profileId),
    unitId: text(step?.unitId ?? 1),
    paths: step?.paths ?? [{ kind: "cellular", host: "" }],
    endpoints: step?.endpoints.map((one) => ({
      id: String(one.id),
      kind: one.kind,
      port: String(one.port),
      pauseMs: one.pauseMs === 0 ? "" : String(one.pauseMs),
      responseTimeoutMs: text(one.responseTimeoutMs),
    })) ?? [{ id: "", kind: "gateway", port: "502", pauseMs: "", responseTimeoutMs: "" }],
    iccid: text(step?.sim.iccid),
    simNumber: text(step?.sim.number),
    operator: text(step?.sim.operator),
    apn: text(step?.sim.apn),
    allowanceMB: text(step?.sim.allowanceMB),
    user: text(step?.user),
  };
}

/** What was typed, for showing it again; never a password. */
export function typedRouter(form: URLSearchParams): RouterTexts {
  const text = (name: string) => (form.get(name) ?? "").slice(0, 300);
  return {
    model: text("model"),
    serial: text("serial"),
    profileId: text("profileId"),
    unitId: text("unitId"),
    paths: PATH_ROW_NUMBERS.map((row) => ({
      kind: text(pathField(row, "Kind")),
      host: text(pathField(row, "Host")),
    })),
    endpoints: ENDPOINT_ROW_NUMBERS.map((row) => ({
      id: text(endpointField(row, "Id")),
      kind: text(endpointField(row, "Kind")),
      port: text(endpointField(row, "Port")),
      pauseMs: text(endpointField(row, "PauseMs")),
      responseTimeoutMs: text(endpointField(row, "ResponseTimeoutMs")),
    })),
    iccid: text("iccid"),
    simNumber: text("simNumber"),
    operator: text("operator"),
    apn: text("apn"),
    allowanceMB: text("allowanceMB"),
    user: text("user"),
  };
}
