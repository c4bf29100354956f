/**
 * A site that is not there but answers: its router, gateways and meters as Modbus TCP servers on loopback.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { EndpointKind } from "../domain/site.ts";
import { createLoad, type Load, sumOf } from "./load.ts";
import { createMeter, type SimulatedMeter } from "./meter.ts";
import { readsBits } from "../profiles/profile.ts";
import { routerOf } from "./router.ts";
import type { Damage, Reply } from "./connection.ts";
import { type Listening, serve } from "./server.ts";
import { type EndpointSpec, type Fault, isActive, type SiteSpec, touchesUnit } from "./spec.ts";

/** A port that answers. */
export interface SimulatedEndpoint {
  /** What answers there. */
  readonly kind: EndpointKind;
  /** The port, the same on every host of the site. */
  readonly port: number;
  /** Its devices. */
  readonly meters: readonly SimulatedMeter[];
  /** Requests it has got. */
  requests(): number;
  /** Connections it serves now. */
  connections(): number;
}

/** A running site. */
export interface SimulatedSite {
  /** What it is made of. */
  readonly spec: SiteSpec;
  /** Its addresses, the main path first. */
  readonly hosts: readonly string[];
  /** Its ports in the order of the specification. */
  readonly endpoints: readonly SimulatedEndpoint[];
  /** Replaces what is wrong; resolves when ports that refuse do so, and the others listen. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  /** Stops it; resolves when every port and connection is closed. */
  close(): Promise<void>;
}

/** How a site is started. */
export interface StartOptions {
  /** Time. */
  readonly clock: Clock;
  /** Address to listen on instead of the specified ones. */
  readonly host?: string;
  /** Told of every request before it is answered. */
  readonly onRequest?: (request: SeenRequest) => void;
}

/** A request as a device sees it. */
export interface SeenRequest {
  /** Place of the endpoint in the site's list. */
  readonly endpoint: number;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Function code and what belongs to it. */
  readonly pdu: Uint8Array;
}

const IDLE_MS = 60_000;

/** The devices of a site, by endpoint, without any socket: what they would have answered at any instant. */
export function metersOf(spec: SiteSpec): readonly (readonly SimulatedMeter[])[] {
  const loads = new Map<string, Load>();
  const key = (endpoint: number, unitId: number) => `${endpoint}/${unitId}`;
  spec.endpoints.forEach((endpoint, e) =>
    endpoint.meters.forEach((meter) => {
      if (!meter.endUse || meter.wholeSite) return;
      const { endUse, maxPowerW, seed } = meter;
      loads.set(
        key(e, meter.unitId),
        createLoad({ endUse, maxPowerW, seed, hours: spec.hours, zone: spec.zone }),
      );
    })
  );
  const whole = (maxPowerW: number, seed: number) => {
    const rest = {
      endUse: "other",
      maxPowerW: maxPowerW * 0.04,
      seed,
      hours: spec.hours,
      zone: spec.zone,
    } as const;
    return sumOf([...loads.values(), createLoad(rest)]);
  };
  return spec.endpoints.map((endpoint, e) =>
    endpoint.meters.map((meter) => {
      const load = meter.wholeSite ? whole(meter.maxPowerW, meter.seed) : loads.get(key(e, meter.unitId));
      return createMeter(meter, load ? { load } : { source: routerOf(spec) });
    })
  );
}

/** Starts a site; it runs until closed. Throws what the system throws if an address is taken. */
export async function startSite(spec: SiteSpec, options: StartOptions): Promise<SimulatedSite> {
  const hosts = options.host === undefined ? spec.hosts : [options.host];
  const state: State = {
    faults: spec.faults ?? [],
    ended: new AbortController(),
    changed: new AbortController(),
  };
  const devices = metersOf(spec);
  const ports: OpenPort[] = [];
  try {
    for (const [index, endpoint] of spec.endpoints.entries()) {
      const meters = devices[index] ?? [];
      const { clock, onRequest } = options;
      ports.push(
        await openEndpoint({ endpoint, index, hosts, clock, state, meters, ...onRequest && { onRequest } }),
      );
    }
  } catch (error) {
    await Promise.all(ports.map((port) => port.close()));
    throw error;
  }
  const apply = () => Promise.all(ports.map((port) => port.apply(options.clock.nowMs())));
  await apply();
  const schedule = keepSchedule(state, options.clock, apply);
  return {
    spec,
    hosts,
    endpoints: ports.map((port) => port.endpoint),
    setFaults: async (faults) => {
      state.faults = faults;
      await apply();
      state.changed.abort();
    },
    close: async () => {
      state.ended.abort();
      state.changed.abort();
      await schedule;
      await Promise.all(ports.map((port) => port.close()));
    },
  };
}

interface State {
  faults: readonly Fault[];
  readonly ended: AbortController;
  changed: AbortController;
}

/** Opens and closes ports when a fault that refuses begins or ends by itself. */
async function keepSchedule(state: State, clock: Clock, apply: () => Promise<unknown>): Promise<void> {
  while (!state.ended.signal.aborted) {
    const nowMs = clock.nowMs();
    const edges = state.faults.filter((fault) => fault.kind === "refused")
      .flatMap((fault) => [fault.fromMs ?? 0, fault.untilMs ?? 0]).filter((edge) => edge > nowMs);
    state.changed = new AbortController();
    const waitMs = edges.length > 0 ? Math.min(...edges) - nowMs : 3_600_000;
    await clock.sleep(
      Math.min(waitMs, 3_600_000),
      AbortSignal.any([state.changed.signal, state.ended.signal]),
    );
    if (!state.ended.signal.aborted) await apply();
  }
}

interface Opening {
  readonly endpoint: EndpointSpec;
  readonly index: number;
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly state: State;
  readonly meters: readonly SimulatedMeter[];
  readonly onRequest?: (request: SeenRequest) => void;
}

interface OpenPort {
  readonly endpoint: SimulatedEndpoint;
  apply(nowMs: number): Promise<void>;
  close(): Promise<void>;
}

async function openEndpoint(opening: Opening): Promise<OpenPort> {
  const { endpoint, index, hosts, clock, state, meters } = opening;
  const places = placesFor(endpoint.maxConnections ?? (endpoint.kind === "router" ? 4 : 1));
  let requests = 0;
  const listenings: Listening[] = [];
  const close = async () => {
    await Promise.all(listenings.map((listening) => listening.refuse()));
  };
  const answerOn = (path: number) => (unitId: number, pdu: Uint8Array) => {
    requests += 1;
    opening.onRequest?.({ endpoint: index, unitId, pdu });
    const nowMs = clock.nowMs();
    const faults = state.faults.filter((fault) =>
      isActive(fault, nowMs) && touchesUnit(fault, index, unitId) && (fault.path ?? path) === path
    );
    const meter = meters.find((one) => one.spec.unitId === unitId);
    return answerOf({ endpoint, meter, faults, nowMs }, pdu);
  };
  try {
    for (const [path, host] of hosts.entries()) {
      listenings.push(serve({ host, port: listenings[0]?.port ?? endpoint.port }, {
        clock,
        idleMs: endpoint.idleMs ?? IDLE_MS,
        takePlace: places.take,
        leavePlace: places.leave,
        answer: answerOn(path),
      }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint: {
      kind: endpoint.kind,
      port: listenings[0]?.port ?? endpoint.port,
      meters,
      requests: () => requests,
      connections: places.taken,
    },
    apply: async (nowMs) => {
      for (const [path, listening] of listenings.entries()) {
        const refused = state.faults.some((fault) =>
          fault.kind === "refused" && isActive(fault, nowMs) && (fault.path ?? path) === path &&
          (fault.endpoint ?? index) === index
        );
        if (refused) await listening.refuse();
        else listening.listen();
      }
    },
    close,
  };
}

interface Places {
  take(ended: AbortSignal): Promise<boolean>;
  leave(): void;
  taken(): number;
}

/** So many connections are served at once; the others wait, as in a gateway that serves one after the other. */
function placesFor(most: number): Places {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    take: async (ended) => {
      while (taken >= most && !ended.aborted) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          ended.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      if (ended.aborted) return false;
      taken += 1;
      return true;
    },
    leave: () => {
      taken -= 1;
      for (const wake of waiting.splice(0)) wake();
    },
    taken: () => taken,
  };
}

interface Asked {
  readonly endpoint: EndpointSpec;
  readonly meter: SimulatedMeter | undefined;
  readonly faults: readonly Fault[];
  readonly nowMs: number;
}

const NOTHING: Reply = { kind: "nothing" };

/** What the endpoint says to a request, as the faults let it. */
function answerOf(asked: Asked, pdu: Uint8Array): Reply {
  const { endpoint, meter, faults } = asked;
  if (faults.some((fault) => fault.kind === "hang")) return NOTHING;
  const functionCode = pdu[0] ?? 0;
  const delayMs = faults.reduce((ms, fault) => fault.kind === "slow" ? ms + fault.ms : ms, 0);
  const frame = (bytes: Uint8Array): Reply => ({
    kind: "frame",
    pdu: bytes,
    delayMs,
    damage: damageOf(faults),
  });
  if (!meter || faults.some((fault) => fault.kind === "silent")) {
    const says = endpoint.kind === "gateway" && endpoint.silence !== "silence";
    return says ? frame(exception(functionCode, 0x0b)) : NOTHING;
  }
  const forced = faults.find((fault) => fault.kind === "exception");
  if (forced) return frame(exception(functionCode, forced.code));
  return frame(read(meter, pdu, asked));
}

function damageOf(faults: readonly Fault[]): Damage {
  for (const { kind } of faults) {
    if (
      kind === "wrong-transaction" || kind === "late" || kind === "garbage" || kind === "half-frame" ||
      kind === "dropped"
    ) return kind;
  }
  return "none";
}

function exception(functionCode: number, code: number): Uint8Array {
  return Uint8Array.of(functionCode | 0x80, code);
}

/** Function codes 1 to 4 as the standard says: 1 for others, 3 for a bad count, 2 for addresses it lacks. */
function read(meter: SimulatedMeter, pdu: Uint8Array, { faults, nowMs }: Asked): Uint8Array {
  const functionCode = pdu[0] ?? 0;
  if (functionCode !== 1 && functionCode !== 2 && functionCode !== 3 && functionCode !== 4) {
    return exception(functionCode, 1);
  }
  if (pdu.length !== 5) return exception(functionCode, 3);
  const view = new DataView(pdu.buffer, pdu.byteOffset);
  const address = view.getUint16(1);
  const count = view.getUint16(3);
  if (count < 1 || count > meter.profile.wordsPerRequest) return exception(functionCode, 3);
  if (address + count > 65_536) return exception(functionCode, 2);
  const words = meter.wordsAt({ functionCode, address, count }, nowMs, faults);
  if (!words) return exception(functionCode, 2);
  if (readsBits(functionCode)) return coilsAnswer(functionCode, words);
  const answer = new Uint8Array(2 + count * 2);
  answer[0] = functionCode;
  answer[1] = count * 2;
  const out = new DataView(answer.buffer);
  words.forEach((word, i) => out.setUint16(2 + i * 2, word));
  return answer;
}

/** Eight coils a byte, the first one lowest, the last byte filled up with zeros. */
function coilsAnswer(functionCode: 1 | 2, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(words.length / 8));
  words.forEach((word, i) => bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (word & 1) << (i & 7));
  return Uint8Array.of(functionCode, bytes.length, ...bytes);
}
