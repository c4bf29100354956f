/**
 * What the nightly check found at one site, beside its devices: calm, and absent where nothing was found.
 *
 * @module
 */

import type { JSX } from "preact";
import { Panel } from "./Page.tsx";
import { type FindingRow, FindingsTable } from "./pages/ChecksPage.tsx";
import { Count } from "./Words.tsx";

/** What the panel needs. */
export interface FindingsPanelProps {
  /** Open findings. */
  readonly findings: readonly FindingRow[];
}

/** The panel; `null`: there is nothing to look at. */
export function FindingsPanel({ findings }: FindingsPanelProps): JSX.Element | null {
  if (findings.length === 0) return null;
  return (
    <Panel
      title="Found at night"
      id="findings"
      beside={<Count>{findings.length}</Count>}
      flush
      foot={<a href="/sites/checks">All findings</a>}
    >
      <FindingsTable caption="Findings at this site" findings={findings} />
    </Panel>
  );
}
