/**
 * Follows what is being done for an import, and loads the page anew when it has ended.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type WorkModel, WorkPanel } from "../lib/ui/pages/imports/WorkPanel.tsx";

/** What it needs. */
export interface ImportWorkProps {
  /** How it stood when the page was made. */
  readonly work: WorkModel;
  /** Where its progress is told. */
  readonly progressHref: string;
}

/** Milliseconds between two questions. */
const EVERY_MS = 800;

/** The panel, followed. */
export default function ImportWork({ work, progressHref }: ImportWorkProps): JSX.Element {
  const done = useSignal(work.done);
  const followed = useSignal(false);
  useEffect(() => {
    followed.value = true;
    const stopping = new AbortController();
    const timer = setInterval(async () => {
      const told = await progressOf(progressHref, stopping.signal);
      if (told === null || stopping.signal.aborted) return;
      if (told.running) return void (done.value = told.done);
      clearInterval(timer);
      location.replace(work.href);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      stopping.abort();
    };
  }, []);
  return <WorkPanel work={{ ...work, done: done.value }} followed={followed.value} />;
}

interface Told {
  readonly running: boolean;
  readonly done: number;
}

/** What is told; `null`: nobody answers just now. */
async function progressOf(href: string, signal: AbortSignal): Promise<Told | null> {
  const answer = await fetch(href, { signal, headers: { accept: "application/json" } }).catch(() => null);
  if (!answer || answer.redirected) return null;
  if (answer.status === 404) return { running: false, done: 0 };
  const told: unknown = answer.ok ? await answer.json().catch(() => null) : null;
  return told as Told | null;
}
