/**
 * Uploads a sheet and tells how much of it has arrived; the form is the one that works without scripts.
 *
 * @module
 */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import {
  UploadForm,
  type UploadFormProps,
  type UploadProgress,
} from "../lib/ui/pages/imports/UploadForm.tsx";

/** The form with its progress. */
export default function ImportUpload({ action, fault }: UploadFormProps): JSX.Element {
  const progress = useSignal<UploadProgress | null>(null);
  const words = useSignal<string | null>(fault);
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (progress.value === null) send(new FormData(event.currentTarget), { action, progress, words });
  };
  return <UploadForm action={action} fault={words.value} progress={progress.value} onSubmit={submit} />;
}

interface Doing {
  readonly action: string;
  readonly progress: Signal<UploadProgress | null>;
  readonly words: Signal<string | null>;
}

const NO_ANSWER =
  "Wattpost does not answer, or the upload took longer than 30 s. Try again, or save the sheet as XLSX";

/** Fetching tells nothing of what was sent, so this is asked the older way. */
function send(form: FormData, { action, progress, words }: Doing): void {
  const request = new XMLHttpRequest();
  const end = (why: string) => {
    progress.value = null;
    words.value = why;
  };
  words.value = null;
  progress.value = { share: 0 };
  request.upload.onprogress = ({ loaded, total }) =>
    progress.value = { share: total > 0 ? loaded / total : 0 };
  request.upload.onload = () => progress.value = { share: 1 };
  request.onerror = () => end(NO_ANSWER);
  request.onload = () => {
    const { to, title } = answerOf(request.responseText);
    if (request.status < 300 && to !== null) location.assign(to);
    else end(title ?? `Wattpost could not take the file (answer ${request.status}). Try again in a moment`);
  };
  request.open("POST", action);
  request.setRequestHeader("accept", "application/json");
  request.send(form);
}

function answerOf(text: string): { readonly to: string | null; readonly title: string | null } {
  const { to, title } = parsed(text);
  return { to: typeof to === "string" ? to : null, title: typeof title === "string" ? title : null };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}
