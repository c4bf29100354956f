/**
 * What anybody who comes finds: the process and its release, pages, headers, files, and what is closed to strangers.
 *
 * @module
 */

import { RELEASE_HEADER } from "../../../lib/domain/release_report.ts";
import { answerText, assetsIn, fitsType, headerFaults, importsIn, jsonOf, recordOf } from "./answer_look.ts";
import { fail, pass, type SmokeCheck, warn } from "./smoke_context.ts";

/** Files that are looked at, at most; scripts name further ones. */
const ASSETS_MAX = 80;

/** Does it live, and is it the release that is meant? */
const alive: SmokeCheck = {
  name: "alive",
  about: "the process answers, and is the release that is meant",
  async run({ client, release }, signal) {
    const asked = await client.ask("/livez", { signal });
    if (!asked.ok) return fail(asked.error, "Look at its log: does it run, and does it listen there?");
    const { status, headers } = asked.value;
    if (status !== 200) return fail(`/livez answers ${answerText(asked.value)}`, "Look at its log");
    const told = headers.get(RELEASE_HEADER);
    if (release !== null && told !== release) {
      const is = told === null ? "which does not say its release" : `which is ${told}`;
      return fail(`Expected release ${release}, and found one ${is}`, "Another process answers there");
    }
    return pass(told === null ? "it lives" : `release ${told} lives`);
  },
};

/** Can it work? */
const ready: SmokeCheck = {
  name: "ready",
  about: "nothing is missing for its work",
  async run({ client }, signal) {
    const asked = await client.ask("/readyz", { signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    if (asked.value.status === 200) return pass("nothing is missing");
    return fail(
      `Missing: ${answerText(asked.value)}`,
      "Bring back what is missing; deno task doctor looks further",
    );
  },
};

/** How are its parts? */
const health: SmokeCheck = {
  name: "health",
  about: "how its parts are",
  async run({ client, release }, signal) {
    const asked = await client.ask("/health", { signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    const body = jsonOf(asked.value.text);
    if (body === null) return fail(`/health answers ${answerText(asked.value)}`, "Look at its log");
    if (release !== null && body["releaseId"] !== release) {
      return fail(`/health is of release ${body["releaseId"]}`, "Another process answers there");
    }
    const bad = partsNot(body["checks"], "pass");
    if (bad.length === 0) return pass("every part is well");
    return warn(
      `Not well: ${bad.join("; ")}`,
      "Whatever it is, it may have been so before: /health says more",
    );
  },
};

/** Are the pages there that anybody sees? */
const pages: SmokeCheck = {
  name: "pages",
  about: "the page to sign in, the way to it, and what is not there",
  async run({ client, learned }, signal) {
    const page = await client.ask("/sign-in", { signal });
    if (!page.ok) return fail(page.error, "Look at its log");
    if (page.value.status !== 200 || !/<form[^>]*method="post"/i.test(page.value.text)) {
      return fail(`/sign-in answers ${answerText(page.value)} and no form`, "Look at its log");
    }
    for (const path of assetsIn(page.value.text)) learned.assets.add(path);
    for (
      const [path, wanted] of [["/", 303], ["/robots.txt", 200], ["/there-is-no-such-page", 404]] as const
    ) {
      const asked = await client.ask(path, { signal });
      if (!asked.ok) return fail(asked.error, "Look at its log");
      if (asked.value.status !== wanted) {
        return fail(`${path} answers ${answerText(asked.value)}, expected ${wanted}`, "Look at its log");
      }
    }
    return pass("sign-in, start, robots.txt and a page that is not there answer as they should");
  },
};

/** Do answers carry what keeps people safe? */
const headers: SmokeCheck = {
  name: "headers",
  about: "answers carry what keeps people's browsers safe",
  async run({ client }, signal) {
    const seen: string[] = [];
    for (const path of ["/sign-in", "/livez", "/there-is-no-such-page", "/api/v1/openapi.json"]) {
      const asked = await client.ask(path, { signal });
      if (!asked.ok) return fail(asked.error, "Look at its log");
      const faults = headerFaults(asked.value, { secure: client.publicUrl.startsWith("https:") });
      seen.push(...faults.map((fault) => `${path}: ${fault}`));
    }
    if (seen.length === 0) {
      return pass("policy, frames, types, referrer, origin and HTTPS are as they should be");
    }
    return fail(seen.join("; "), "Does a proxy take headers away or add some? deno task nginx check");
  },
};

/** Are the files there that pages ask for, and what those ask for? */
const assets: SmokeCheck = {
  name: "files",
  about: "styles, scripts and what they load besides",
  async run({ client, learned }, signal) {
    const seen = new Set<string>();
    const waiting = [...learned.assets];
    if (waiting.length === 0) return fail("No page asked for any file", "Was it built? deno task build");
    while (waiting.length > 0 && seen.size < ASSETS_MAX) {
      const path = waiting.pop() ?? "";
      if (seen.has(path)) continue;
      seen.add(path);
      const asked = await client.ask(path, { signal });
      if (!asked.ok) return fail(asked.error, "Look at its log");
      const type = asked.value.headers.get("content-type") ?? "";
      if (asked.value.status !== 200 || asked.value.text === "" || !fitsType(path, type)) {
        return fail(`${path} answers ${asked.value.status} with ${type || "no type"}`, "Was it built whole?");
      }
      if (/\.js$/.test(path.split("?", 1)[0] ?? "")) waiting.push(...importsIn(asked.value.text, path));
    }
    return pass(`${seen.size} files, with those that scripts load later`);
  },
};

/** Is what is not for strangers closed to them? */
const closed: SmokeCheck = {
  name: "closed doors",
  about: "what strangers and other sites must not get",
  async run({ client }, signal) {
    const forged = { method: "POST", headers: { origin: "https://another.invalid", "content-length": "0" } };
    const doors = [
      ["/sites", {}, 303],
      ["/api/live", {}, 401],
      ["/api/v1/sites", {}, 401],
      ["/sign-out", forged, 403],
    ] as const;
    for (const [path, how, wanted] of doors) {
      const asked = await client.ask(path, { ...how, signal });
      if (!asked.ok) return fail(asked.error, "Look at its log");
      if (asked.value.status !== wanted) {
        return fail(
          `${path} answers strangers ${answerText(asked.value)}, expected ${wanted}`,
          "Do not switch to it",
        );
      }
    }
    const metrics = await client.ask("/metrics", { signal });
    if (!metrics.ok) return fail(metrics.error, "Look at its log");
    if (metrics.value.status === 200 && client.publicUrl.startsWith("https:")) {
      return warn(
        "/metrics answers without a token",
        "Set METRICS_TOKEN, if this was not asked on the machine itself",
      );
    }
    return pass("pages, streams, the API and forms of other sites are refused");
  },
};

/** Does the API say what it is? */
const api: SmokeCheck = {
  name: "API",
  about: "the API describes itself",
  async run({ client }, signal) {
    const asked = await client.ask("/api/v1/openapi.json", { signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    const { status, text } = asked.value;
    const body = jsonOf(text);
    const paths = Object.keys(recordOf(body?.["paths"]));
    if (status !== 200 || !/^3\./.test(String(body?.["openapi"])) || paths.length === 0) {
      return fail(`/api/v1/openapi.json answers ${answerText(asked.value)}`, "Look at its log");
    }
    return pass(`${paths.length} paths are described`);
  },
};

/** The checks, in the order in which they look. */
export const PUBLIC_CHECKS: readonly SmokeCheck[] = [alive, ready, health, pages, headers, closed, api];

/** The files: after every page that asks for some has been looked at. */
export const ASSETS_CHECK: SmokeCheck = assets;

/** The parts of a health answer that are not as they should be, in words. */
function partsNot(checks: unknown, wanted: string): readonly string[] {
  return Object.entries(recordOf(checks)).flatMap(([name, list]) => {
    const first = recordOf(Array.isArray(list) ? list[0] : null);
    if (first["status"] === wanted) return [];
    const output = typeof first["output"] === "string" ? `: ${first["output"]}` : "";
    return [`${name} ${first["status"]}${output}`];
  });
}
