/**
 * Watches the form of a device and tests what stands in it: what is typed is waited for, an older test is stopped
 * before a newer one begins, and nothing is asked while nobody looks.
 *
 * @module
 */

import type { Signal } from "@preact/signals";
import { type TestLine, withLine } from "../../lib/ui/pages/register/lines.ts";
import type { TestOutcome } from "../../lib/ui/pages/register/LiveTest.tsx";
import { judgeDrawn } from "./drawn_faults.ts";
import { type Followed, followLines } from "./follow.ts";
import { testKey, whatNow } from "./typing.ts";

/** Milliseconds after the last key before a test begins. */
const TYPED_MS = 900;

/** Where the switch is remembered, in this browser alone. */
const SWITCH = "wattpost:test-as-typed";

/** What it works on. */
export interface TypistOptions {
  /** The form of the device. */
  readonly form: HTMLFormElement;
  /** Where a test is posted. */
  readonly action: string;
  /** Whether it tests by itself. */
  readonly on: Signal<boolean>;
  /** How the test stands. */
  readonly shown: Signal<TestOutcome>;
  /** The newest step in words, for whoever hears the page. */
  readonly said: Signal<string>;
}

/** What a hand can do. */
export interface Typist {
  /** Stops the test that goes on. */
  stop(): void;
  /** Switches testing by itself on or off. */
  switchTo(on: boolean): void;
  /** Ends everything. */
  leave(): void;
}

interface Desk extends TypistOptions {
  /** What was tested last, or is being tested. */
  asked: string | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  running: AbortController | null;
}

/** Begins to watch; what stands in the form at first is taken as tested. */
export function typist(options: TypistOptions): Typist {
  const { form, action, on } = options;
  const desk: Desk = { ...options, asked: testKey(typedIn(form)), timer: undefined, running: null };
  on.value = remembered();
  const over = new AbortController();
  const { signal } = over;
  const look = () => changed(desk);
  form.addEventListener("input", look, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  globalThis.addEventListener("pagehide", () => stop(desk), { signal });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("formaction") !== action) return stop(desk);
    event.preventDefault();
    void begin(desk);
  }, { signal });
  return {
    stop() {
      stop(desk);
      desk.said.value = "Test stopped";
    },
    switchTo(next) {
      on.value = next;
      remember(next);
      look();
    },
    leave() {
      over.abort();
      stop(desk);
    },
  };
}

function changed(desk: Desk): void {
  const { form, on, asked, running } = desk;
  const key = testKey(typedIn(form));
  const now = whatNow({ on: on.value, seen: !document.hidden, key, asked, running: running !== null });
  clearTimeout(desk.timer);
  if (now.stop) stop(desk);
  if (now.stop || key !== asked) desk.asked = null;
  if (key !== asked && desk.shown.value.kind !== "none") desk.shown.value = { kind: "none" };
  if (now.wait) desk.timer = setTimeout(() => void begin(desk), TYPED_MS);
}

/** Leaves the test that goes on; the server lets go of the endpoint when it hears nobody any more. */
function stop(desk: Desk): void {
  clearTimeout(desk.timer);
  desk.running?.abort();
  desk.running = null;
  if (desk.shown.value.kind === "running") desk.shown.value = { kind: "none" };
}

async function begin(desk: Desk): Promise<void> {
  const { form, action, shown, said } = desk;
  stop(desk);
  const running = new AbortController();
  desk.running = running;
  const body = typedIn(form);
  desk.asked = testKey(body);
  shown.value = { kind: "running", labels: [], steps: {} };
  said.value = "Testing";
  const { signal } = running;
  const followed = await followLines<TestLine>({
    href: action,
    form: body,
    signal,
    hear: (line) => signal.aborted || hear(desk, line),
  });
  if (signal.aborted) return;
  desk.running = null;
  settle(desk, followed);
}

/** Takes a line; that there is one says that nothing in the form is wrong. */
function hear({ form, shown, said }: Desk, line: TestLine): void {
  if (line.kind !== "step") judgeDrawn(form, {});
  if (line.kind === "ended") {
    const version = form.elements.namedItem("version");
    if (version instanceof HTMLInputElement) version.value = String(line.version);
    shown.value = line.outcome;
    said.value = line.outcome.kind === "ran"
      ? `Test ended: ${line.outcome.words}`
      : "Others are reading here";
    return;
  }
  if (line.kind === "step") said.value = `${line.step.label}: ${line.step.seen}`;
  if (shown.value.kind === "running") shown.value = withLine(shown.value, line);
}

/** Shows why there is no outcome; one that nobody answers is not asked for again by itself. */
function settle({ form, on, shown }: Desk, followed: Followed): void {
  switch (followed.kind) {
    case "left":
      return;
    case "ended":
      if (shown.value.kind !== "running") return;
      shown.value = { kind: "refused", title: "The test broke off", words: "Test again in a moment." };
      return;
    case "faults":
      judgeDrawn(form, followed.faults);
      shown.value = { kind: "refused", title: "Not tested yet", words: faultWords(form, followed.faults) };
      return;
    case "refused":
      on.value = false;
      shown.value = { kind: "refused", title: "Not tested", words: followed.words };
      return;
  }
}

/** Faults with the names of their fields. */
function faultWords(form: HTMLFormElement, faults: Readonly<Record<string, string>>): string {
  return Object.entries(faults).map(([name, words]) => {
    const label = form.querySelector(`label[for="${CSS.escape(name)}"]`)?.textContent;
    return label ? `${label}: ${words}.` : `${words}.`;
  }).join(" ");
}

function typedIn(form: HTMLFormElement): URLSearchParams {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
  return typed;
}

/** Some browsers keep nothing; then it is on with each page. */
function remembered(): boolean {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch { /* it holds for this page */ }
}
