/**
 * What somebody finds who signs in: the door, the pages behind it, the live stream, the way of letters, and the way
 * out again.
 *
 * @module
 */

import { answerText, assetsIn } from "./answer_look.ts";
import { endsWith } from "./ends.ts";
import { eventsOf } from "./stream_events.ts";
import type { Outcome } from "./verdict.ts";
import {
  fail,
  notRun,
  pass,
  type SmokeCheck,
  type SmokeContext,
  type TrialAccount,
} from "./smoke_context.ts";

/** Pages that everybody sees who is signed in. */
const PAGES = ["/", "/sites", "/profiles", "/account"];

/** Milliseconds in which a stream must greet. */
const HELLO_MS = 10_000;

const GATHERED = "Does a proxy gather what it says? nginx: proxy_buffering off";

const WITH_ACCOUNT = "Name a file with its account: --account";

/** Can somebody sign in? */
const signIn: SmokeCheck = {
  name: "sign-in",
  about: "a password opens the door",
  async run(context, signal) {
    const { account, client } = context;
    if (typeof account === "string") return notRun(account, WITH_ACCOUNT);
    const asked = await client.ask("/sign-in", { form: { ...account, back: "/" }, signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    return signedIn(context, account, asked.value);
  },
};

function signedIn(
  { client, learned }: SmokeContext,
  account: TrialAccount,
  { status, headers, text }: { readonly status: number; readonly headers: Headers; readonly text: string },
): Outcome {
  if (status === 422) {
    return fail(`${account.email} is refused`, "Is the password in the file the right one?");
  }
  if (status === 429) return fail("Too many have tried to sign in", "Wait ten minutes");
  const to = headers.get("location") ?? "";
  if (status !== 303) return fail(`/sign-in answers ${answerText({ status, text })}`, "Look at its log");
  if (to.startsWith("/sign-in")) {
    const remedy = "The account of these checks must do without: a technician, by the rules of Security";
    return fail(`${account.email} is asked for a second factor`, remedy);
  }
  const secure = client.publicUrl.startsWith("https:");
  const name = secure ? "__Host-wattpost" : "wattpost";
  const set = headers.getSetCookie().find((one) => one.startsWith(`${name}=`));
  if (set === undefined) {
    return fail(`No cookie ${name} came with the session`, "Does PUBLIC_URL say what people type?");
  }
  const flags = ["HttpOnly", "SameSite=Lax", "Path=/", ...(secure ? ["Secure"] : [])];
  const missing = flags.filter((flag) => !set.split("; ").includes(flag));
  if (missing.length > 0) {
    return fail(`The session's cookie lacks ${missing.join(", ")}`, "Does a proxy change cookies?");
  }
  learned.cookie = set.split(";", 1)[0] ?? null;
  return pass(`${account.email} is in`);
}

/** Are the pages there? */
const pagesBehind: SmokeCheck = {
  name: "pages inside",
  about: "the pages of those who are signed in",
  async run({ client, learned }, signal) {
    const { cookie } = learned;
    if (cookie === null) return notRun("Nobody is signed in", WITH_ACCOUNT);
    let site: string | null = null;
    const seen: string[] = [];
    for (const path of PAGES) {
      const trouble = await look(path);
      if (trouble !== null) return trouble;
    }
    if (site !== null) {
      const trouble = await look(site);
      if (trouble !== null) return trouble;
    }
    return pass(seen.join(", "));

    async function look(path: string): Promise<Outcome | null> {
      const asked = await client.ask(path, { cookie, signal });
      if (!asked.ok) return fail(asked.error, "Look at its log");
      const { status, text } = asked.value;
      if (status !== 200 || !text.includes("<main")) {
        return fail(`${path} answers ${answerText(asked.value)}`, "Look at its log");
      }
      seen.push(path);
      for (const file of assetsIn(text)) learned.assets.add(file);
      site ??= /href="(\/sites\/\d{1,10})"/.exec(text)?.[1] ?? null;
      return null;
    }
  },
};

/** Does the live stream open? */
const stream: SmokeCheck = {
  name: "live stream",
  about: "a live stream opens and greets",
  async run({ client, learned, clock }, signal) {
    if (learned.cookie === null) return notRun("Nobody is signed in", WITH_ACCOUNT);
    const over = new AbortController();
    using until = endsWith({ clock, signal, withinMs: HELLO_MS });
    until.signal.addEventListener("abort", () => over.abort());
    const silent = () => until.signal.aborted ? `The stream says nothing in ${HELLO_MS / 1000} s` : null;
    try {
      const opened = await client.open("/api/live", { cookie: learned.cookie, signal: over.signal });
      if (!opened.ok) return fail(silent() ?? opened.error, GATHERED);
      const { status, headers, body } = opened.value;
      const type = headers.get("content-type") ?? "";
      if (status !== 200 || body === null || !type.startsWith("text/event-stream")) {
        return fail(`/api/live answers ${status} with ${type || "no type"}`, "Look at its log");
      }
      for await (const { name } of eventsOf(body, over.signal)) {
        if (name === "hello") return pass("it greets at once");
      }
      return fail(silent() ?? "The stream ends before it greets", GATHERED);
    } catch {
      return fail(silent() ?? "The stream breaks off", GATHERED);
    } finally {
      over.abort();
    }
  },
};

/**
 * Does the way of letters work, without one being sent? An address that nobody can have is asked to be helped with
 * its password: the form, the limits and the look for an account are those of a real one.
 */
const letters: SmokeCheck = {
  name: "letters",
  about: "the way of messages to people, without one being sent",
  async run({ client }, signal) {
    const page = await client.ask("/forgot", { signal });
    if (!page.ok) return fail(page.error, "Look at its log");
    if (page.value.status !== 200) {
      return fail(`/forgot answers ${answerText(page.value)}`, "Look at its log");
    }
    if (!/name="email"/.test(page.value.text)) {
      return notRun("No mail server is set", "An administrator sets one on the page Mail");
    }
    const asked = await client.ask("/forgot", { form: { email: "smoke@wattpost.invalid" }, signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    if (asked.value.status === 429) return notRun("Too many letters were asked for", "Wait an hour");
    if (asked.value.status !== 200) {
      return fail(`/forgot answers ${answerText(asked.value)}`, "Look at its log");
    }
    return pass("a mail server is set, and a letter to nobody was asked for; none was sent");
  },
};

/** Does the session end? */
const signOut: SmokeCheck = {
  name: "sign-out",
  about: "the session ends",
  async run({ client, learned }, signal) {
    const { cookie } = learned;
    if (cookie === null) return notRun("Nobody is signed in", WITH_ACCOUNT);
    const asked = await client.ask("/sign-out", { form: {}, cookie, signal });
    if (!asked.ok) return fail(asked.error, "Look at its log");
    if (asked.value.status !== 303) {
      return fail(`/sign-out answers ${answerText(asked.value)}`, "Look at its log");
    }
    const after = await client.ask("/sites", { cookie, signal });
    if (!after.ok) return fail(after.error, "Look at its log");
    if (after.value.status !== 303) {
      return fail("The session lives on", "Look at its log: are sessions kept?");
    }
    return pass("its cookie opens nothing any more");
  },
};

/** The checks behind the door, in the order in which they look. */
export const INSIDE_CHECKS: readonly SmokeCheck[] = [signIn, pagesBehind, stream];

/** What comes last. */
export const LAST_CHECKS: readonly SmokeCheck[] = [letters, signOut];
