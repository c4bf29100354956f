/**
 * The settings, and the app that runs by them.
 *
 * @module
 */

import { type Config, strangeCredentials } from "../../../lib/config.ts";
import { RELEASE_HEADER } from "../../../lib/domain/release_report.ts";
import { createClient } from "../trial/client.ts";
import { placeText, type TrialPlace } from "../trial/place.ts";
import type { Outcome } from "../trial/verdict.ts";
import type { Doctor, DoctorCheck } from "./context.ts";

/** Whether the settings are understood and fit for people who come over the network. */
export const settingsCheck: DoctorCheck = {
  name: "settings",
  about: "settings and credentials are understood",
  run: ({ settings, place }) =>
    Promise.resolve(judgeSettings(settings.ok ? settings.value : settings.error, place)),
};

function judgeSettings(settings: Config | string, { paths }: Doctor["place"]): Outcome {
  if (typeof settings === "string") {
    const evidence = settings.split("\n").map((line) => line.trim()).join(" ");
    return { verdict: "fail", evidence, remedy: `See docs/configuration.md, then mend ${paths.settings}` };
  }
  const { publicUrl, databaseUrl } = settings;
  const said = `${publicUrl}, on ${databaseUrl.split(":", 1)[0]}`;
  const odd = [
    ...strangeCredentials(settings).map((name) => `no setting is called as the credential ${name}`),
    ...(settings.loopbackSites ? ["sites may be on this machine, as in a demo"] : []),
    ...(settings.secureCookies || /^http:\/\/(127\.|localhost|\[::1\])/.test(publicUrl)
      ? []
      : ["people come over plain http, so passwords can be read on the way"]),
    ...(settings.secureCookies && settings.trustProxy.kind === "nobody"
      ? ["TRUST_PROXY is off behind https, so all clients look alike"]
      : []),
  ];
  if (odd.length === 0) return { verdict: "pass", evidence: said };
  return { verdict: "warn", evidence: `${said}; ${odd.join("; ")}`, remedy: "See docs/configuration.md" };
}

/** Whether the app answers and has all it needs. */
export const appCheck: DoctorCheck = {
  name: "app",
  about: "the app answers and is ready",
  async run(doctor, signal) {
    const { settings, clock, ca } = doctor;
    const publicUrl = settings.ok ? settings.value.publicUrl : "http://127.0.0.1";
    const place = appPlace(doctor);
    if (place.kind === "socket" && !mayUse(place.path)) {
      return {
        verdict: "not-run",
        evidence: `This task was not given ${place.path}`,
        remedy: "Ask the app by --url, or at a socket of this host",
      };
    }
    const client = createClient({ place, publicUrl, clock, ...(ca === undefined ? {} : { ca }) });
    try {
      const answer = await client.ask("/readyz", { signal, withinMs: ANSWER_MS });
      if (!answer.ok) {
        const remedy = `Start it, or look why it ended: journalctl -u "wattpost@*", or docker logs`;
        return { verdict: "fail", evidence: answer.error, remedy };
      }
      const { status, headers, text, tookMs } = answer.value;
      const release = headers.get(RELEASE_HEADER) ?? "of no name";
      const who = `release ${release} at ${placeText(place)}`;
      if (status === 200) {
        return { verdict: "pass", evidence: `${who} is ready, in ${Math.round(tookMs)} ms` };
      }
      const lines = text.slice(0, 500).trim().split("\n").join("; ");
      if (status === 503) {
        return {
          verdict: "fail",
          evidence: `${who} is not ready: ${lines}`,
          remedy: "Mend what it waits for",
        };
      }
      return {
        verdict: "fail",
        evidence: `${who} answered ${status}: ${lines}`,
        remedy: "Is it Wattpost that answers there?",
      };
    } finally {
      client.close();
    }
  },
};

/** Milliseconds for the app to say how it is: it asks its database first. */
const ANSWER_MS = 8_000;

/** Where the app is asked: as told, else at the socket that nginx follows, else where the settings say. */
function appPlace({ app, place, settings }: Pick<Doctor, "app" | "place" | "settings">): TrialPlace {
  if (app !== null) return app;
  if (isThere(place.paths.upstream)) return { kind: "socket", path: place.paths.upstream };
  const listen = settings.ok
    ? settings.value.listen
    : { kind: "tcp", hostname: "127.0.0.1", port: 8_000 } as const;
  if (listen.kind === "unix") return { kind: "socket", path: listen.path };
  const anywhere: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };
  const host = anywhere[listen.hostname] ??
    (listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname);
  return { kind: "url", origin: `http://${host}:${listen.port}` };
}

function mayUse(socket: string): boolean {
  return Deno.permissions.querySync({ name: "write", path: socket }).state === "granted";
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false; // not there, or this user may not look: then the settings say
  }
}
