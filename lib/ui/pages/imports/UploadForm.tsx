/**
 * The form that uploads a sheet of sites; without scripts a plain one, with them it tells how far it is.
 *
 * @module
 */

import type { JSX } from "preact";
import { ShareBar } from "../../charts/ShareBar.tsx";
import { percentText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";
import { Button } from "../../Input.tsx";

/** What the form needs. */
export interface UploadFormProps {
  /** Where it is posted. */
  readonly action: string;
  /** Why the file was refused; `null`: it was not, or there was none yet. */
  readonly fault: string | null;
}

/** How far an upload is. */
export interface UploadProgress {
  /** 0 to 1 of the file has arrived. */
  readonly share: number;
}

/** Name of the field with the file. */
export const FILE_FIELD = "file";

/** The form. */
export function UploadForm(
  { action, fault, progress = null, onSubmit }: UploadFormProps & {
    readonly progress?: UploadProgress | null;
    readonly onSubmit?: (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => void;
  },
): JSX.Element {
  return (
    <form
      class="form import-upload"
      method="post"
      action={action}
      encType="multipart/form-data"
      onSubmit={onSubmit}
      aria-busy={progress ? "true" : undefined}
    >
      <div class="field">
        <label for={FILE_FIELD}>Sheet of sites and devices</label>
        <input
          class="input"
          type="file"
          id={FILE_FIELD}
          name={FILE_FIELD}
          required
          accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          aria-invalid={fault === null ? undefined : "true"}
          aria-describedby={fault === null ? "file-hint" : "file-hint file-fault"}
        />
        <span class="hint" id="file-hint">CSV or XLSX, at most 5 MB and 5,000 rows.</span>
        {fault !== null && (
          <span class="fault" id="file-fault" role="alert">
            <Icon name="critical" />
            {fault}
          </span>
        )}
      </div>
      {progress
        ? (
          <div class="import-progress" role="status">
            <span>
              {progress.share < 1
                ? `Uploading, ${percentText(progress.share)}`
                : "Uploaded, it is being read"}
            </span>
            <ShareBar share={progress.share} />
          </div>
        )
        : (
          <div class="actions">
            <Button kind="primary">Upload and judge</Button>
          </div>
        )}
    </form>
  );
}
