/**
 * The editor's talk with the server: what is shown, what is being asked, and what an answer changes.
 *
 * @module
 */

import { type Signal, useSignal } from "@preact/signals";
import { type MutableRef, useRef } from "preact/hooks";
import type { EditorAnswer } from "../../lib/ui/pages/maps/answer.ts";
import type { MapFormProps } from "../../lib/ui/pages/maps/MapForm.tsx";
import { type EditorRow, rowFieldName } from "../../lib/ui/pages/maps/row_texts.ts";
import type { Told } from "../../lib/ui/Told.tsx";
import { sendMap } from "./send.ts";
import { type AskedFor, rowsAfter, typedHead } from "./typed.ts";

/** Milliseconds of quiet after which what is typed is judged: a long map is more to send each time. */
const JUDGE_MS = 400;
const JUDGE_ROW_MS = 8;

/** What the editor shows and asks. */
export interface Asking {
  /** The form as it is shown. */
  readonly shown: Signal<MapFormProps>;
  /** What is being asked; `null`: nothing, or what is typed is judged. */
  readonly busy: Signal<AskedFor | null>;
  /** Whether something is typed that is not saved. */
  readonly unsaved: Signal<boolean>;
  /** The row that was taken out last; `null`: none, or it is back. */
  readonly gone: Signal<EditorRow | null>;
  /** What is told at the head. */
  readonly told: Signal<Told | null>;
  /** Asks now; what was asked before is forgotten. */
  ask(asked: AskedFor): Promise<void>;
  /** Judges what is typed once nothing more is. */
  soon(): void;
  /** Stops whatever is under way. */
  stop(): void;
}

/** The form in the page. */
export type FormRef = MutableRef<HTMLFormElement | null>;

/** Keeps what is shown and asks the server. */
export function useAsking(props: MapFormProps, form: FormRef): Asking {
  const shown = useSignal<MapFormProps>(props);
  const state = {
    shown,
    busy: useSignal<AskedFor | null>(null),
    unsaved: useSignal(props.unsaved),
    gone: useSignal<EditorRow | null>(null),
    told: useSignal<Told | null>(null),
  };
  const sending = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const ask = async (asked: AskedFor): Promise<void> => {
    clearTimeout(timer.current);
    if (!form.current) return;
    sending.current?.abort();
    const control = sending.current = new AbortController();
    const body = bodyOf(form.current, { asked, version: shown.value.version });
    if (asked !== "judge") state.busy.value = asked;
    const sent = await sendMap(asked === "read" ? props.tryAction : props.action, body, control.signal);
    if (sent.kind === "overtaken" || !form.current) return;
    state.busy.value = null;
    if (sent.kind === "answered") {
      return take(state, { answer: sent.answer, asked, body, form: form.current });
    }
    if (asked !== "judge") state.told.value = { state: "critical", title: sent.words, words: "" };
  };
  return {
    ...state,
    ask,
    soon() {
      clearTimeout(timer.current);
      // A press that is under way is worth more than a judgement, which comes with its answer too.
      if (state.busy.value !== null) return;
      const quietMs = JUDGE_MS + JUDGE_ROW_MS * shown.value.rows.length;
      timer.current = setTimeout(() => void ask("judge"), quietMs);
    },
    stop() {
      clearTimeout(timer.current);
      sending.current?.abort();
    },
  };
}

interface Taking {
  readonly answer: EditorAnswer;
  readonly asked: AskedFor;
  /** What was sent. */
  readonly body: URLSearchParams;
  readonly form: HTMLFormElement;
}

function take(
  { shown, unsaved, gone, told }: Pick<Asking, "shown" | "unsaved" | "gone" | "told">,
  { answer, asked, body, form }: Taking,
): void {
  const typed = new FormData(form);
  shown.value = {
    ...shown.value,
    version: answer.version,
    notation: answer.notation,
    head: typedHead(typed),
    headFaults: asked === "show" ? shown.value.headFaults : answer.headFaults,
    rows: rowsAfter(shown.value.rows, { answer, form: typed, asked }),
    read: answer.read ?? shown.value.read,
  };
  if (asked !== "judge") told.value = answer.told;
  if (answer.saved) {
    body.set("version", "0");
    unsaved.value = bodyOf(form, { asked, version: 0 }).toString() !== body.toString();
    gone.value = null;
  }
  if (asked === "show") { for (const row of answer.rows) write(form, row); }
  if (asked === "save" && !answer.saved) showFirstFault(form);
}

function bodyOf(
  form: HTMLFormElement,
  { asked, version }: { readonly asked: AskedFor; readonly version: number },
): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.set("version", String(version));
  body.set("do", asked);
  return body;
}

/** What is typed stays in its field whatever is drawn, so that what is written otherwise is put there by hand. */
function write(form: HTMLFormElement, { id, texts }: EditorAnswer["rows"][number]): void {
  if (!texts) return;
  for (const field of ["address", "plus", "functionCode"] as const) {
    const element = form.elements.namedItem(rowFieldName(id, field));
    if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) {
      element.value = texts[field];
    }
  }
}

function showFirstFault(form: HTMLFormElement): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid='true']")?.focus())
  );
}
