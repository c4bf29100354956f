/**
 * The form of a register map where scripts run: rows come and go at once, what is wrong is told while it is typed, values
 * are read again without loading the page, and nothing that is not saved is lost unasked. Without it the form posts.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import {
  HeadPanel,
  mapFormAttributes,
  MapFormBegin,
  type MapFormProps,
  RowsPanel,
} from "../lib/ui/pages/maps/MapForm.tsx";
import { MapRow } from "../lib/ui/pages/maps/MapRow.tsx";
import { type EditorRow, parseRowFieldName, rowFieldName } from "../lib/ui/pages/maps/row_texts.ts";
import { ToldNotice } from "../lib/ui/Told.tsx";
import { useAsking } from "./(_maps)/asking.ts";
import { type AskedFor, newRow, typedRow } from "./(_maps)/typed.ts";

/** The editor. */
export default function RegisterEditor(props: MapFormProps): JSX.Element {
  const editor = useEditor(props);
  const { shown, busy, unsaved, gone, told, form } = editor;
  const now = shown.value;
  return (
    <form
      {...mapFormAttributes(props)}
      ref={form}
      onInput={editor.onInput}
      onSubmit={editor.onSubmit}
      onKeyDown={editor.onKeyDown}
      data-ready={editor.ready.value ? "" : undefined}
    >
      {told.value && <ToldNotice told={told.value} />}
      <MapFormBegin {...now} />
      <RowsPanel
        {...now}
        acts={editor.ready.value ? { onAdd: editor.onAdd } : undefined}
        rowOf={editor.rowOf}
        said={
          <Said
            busy={busy.value}
            unsaved={unsaved.value}
            gone={gone.value}
            onUndo={editor.onUndo}
          />
        }
      />
      <HeadPanel {...now} />
    </form>
  );
}

interface SaidProps {
  readonly busy: AskedFor | null;
  readonly unsaved: boolean;
  readonly gone: EditorRow | null;
  readonly onUndo: () => void;
}

function Said({ busy, unsaved, gone, onUndo }: SaidProps): JSX.Element | null {
  if (busy === "read") return <span>Reading…</span>;
  if (busy === "save") return <span>Saving…</span>;
  if (gone) {
    return (
      <>
        {`${gone.texts.quantity || "A row"} was taken out. `}
        <button class="button" data-kind="quiet" data-size="row" type="button" onClick={onUndo}>Undo</button>
      </>
    );
  }
  return unsaved ? <span>Not saved yet</span> : null;
}

function useEditor(props: MapFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const asking = useAsking(props, form);
  const { shown, unsaved, gone, ask, soon } = asking;
  const leaves = useRef(false);
  const ready = useSignal(false);
  const drawn = useRef(new WeakMap<EditorRow, JSX.Element>());
  useEffect(() => {
    ready.value = true;
    const stay = (event: BeforeUnloadEvent) => {
      if (unsaved.value && !leaves.current) event.preventDefault();
    };
    addEventListener("beforeunload", stay);
    return () => {
      removeEventListener("beforeunload", stay);
      asking.stop();
    };
  }, []);
  const change = (rows: readonly EditorRow[]): void => {
    shown.value = { ...shown.value, rows };
    unsaved.value = true;
    soon();
  };
  const onRemove = (id: number): void => {
    const row = shown.value.rows.find((one) => one.id === id);
    if (!row || !form.current) return;
    gone.value = { ...row, texts: typedRow(new FormData(form.current), id) };
    change(shown.value.rows.filter((one) => one.id !== id));
  };
  return {
    ...asking,
    form,
    ready,
    onAdd: () => {
      if (!form.current) return;
      const row = newRow(shown.value.rows, new FormData(form.current));
      change([...shown.value.rows, row]);
      focusSoon(form, rowFieldName(row.id, "quantity"));
    },
    onUndo: () => {
      const back = gone.value;
      if (!back) return;
      gone.value = null;
      change([...shown.value.rows, back].sort((one, other) => one.id - other.id));
      focusSoon(form, rowFieldName(back.id, "quantity"));
    },
    rowOf: (row: EditorRow): JSX.Element => {
      const before = drawn.current.get(row);
      if (before) return before;
      const made = <MapRow key={row.id} row={row} onRemove={() => onRemove(row.id)} />;
      drawn.current.set(row, made);
      return made;
    },
    onInput: (event: JSX.TargetedInputEvent<HTMLFormElement>): void => {
      const { name } = event.target as unknown as { readonly name?: string };
      if (name === "show") return void ask("show");
      if (!name || name === "at" || name === "find") return;
      unsaved.value = true;
      soon();
    },
    onSubmit: (event: JSX.TargetedSubmitEvent<HTMLFormElement>): void => {
      const { submitter } = event as unknown as { readonly submitter: HTMLButtonElement | null };
      const pressed = submitter?.value;
      // The page comes with other devices, and with what is typed.
      if (pressed === "find") return void (leaves.current = true);
      event.preventDefault();
      void ask(pressed === "read" || pressed === "show" ? pressed : "save");
    },
    onKeyDown: (event: JSX.TargetedKeyboardEvent<HTMLFormElement>): void => {
      if (event.key === "Enter" && (event.target as HTMLInputElement).name === "find") {
        event.preventDefault();
        return event.currentTarget.querySelector<HTMLButtonElement>("button[value='find']")?.click();
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        return void ask("save");
      }
      moveByKey(event, shown.value.rows);
    },
  };
}

/** Enter goes to the same field of the row below, Shift and Enter to the one above. */
function moveByKey(
  event: JSX.TargetedKeyboardEvent<HTMLFormElement>,
  rows: readonly EditorRow[],
): void {
  const target = event.target as HTMLInputElement;
  const place = event.key === "Enter" && target.tagName === "INPUT"
    ? parseRowFieldName(target.name ?? "")
    : null;
  if (!place) return;
  event.preventDefault();
  const at = rows.findIndex(({ id }) => id === place.id) + (event.shiftKey ? -1 : 1);
  const next = rows[at];
  if (next) focusOn(event.currentTarget, rowFieldName(next.id, place.field));
}

function focusOn(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

function focusSoon(form: { readonly current: HTMLFormElement | null }, name: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => form.current && focusOn(form.current, name)));
}
