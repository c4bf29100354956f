/**
 * What may be wrong with a backup, each by its name, and the words for it. Pure.
 *
 * @module
 */

/** What is wrong with a backup or kept it from being read. */
export type BackupTrouble =
  /** There is no such folder, or no manifest in it. */
  | { readonly kind: "no-backup"; readonly folder: string; readonly why: string }
  /** The manifest is not the one that was written. */
  | { readonly kind: "manifest"; readonly folder: string; readonly why: string }
  /** A part is not there. */
  | { readonly kind: "missing-part"; readonly part: string }
  /** A part has fewer bytes (or more) than were written. */
  | {
    readonly kind: "other-length";
    readonly part: string;
    readonly bytes: number;
    readonly expected: number;
  }
  /** A part has other bytes than were written. */
  | { readonly kind: "damaged-part"; readonly part: string; readonly why: string }
  /** The key is none of a recipient. */
  | { readonly kind: "wrong-key"; readonly part: string; readonly recipients: readonly string[] }
  /** The file of the key cannot be used. */
  | { readonly kind: "no-key"; readonly why: string }
  /** `age` is not there or does not work. */
  | { readonly kind: "no-program"; readonly why: string };

/** The words for it: a sentence without a full stop. */
export function troubleText(trouble: BackupTrouble): string {
  switch (trouble.kind) {
    case "no-backup":
      return `"${trouble.folder}" is no backup: ${trouble.why}`;
    case "manifest":
      return `The manifest of "${trouble.folder}" is not as it was written: ${trouble.why}`;
    case "missing-part":
      return `Part ${trouble.part} is missing`;
    case "other-length":
      return `Part ${trouble.part} has ${trouble.bytes} bytes where ${trouble.expected} were written`;
    case "damaged-part":
      return `Part ${trouble.part} is not as it was written: ${trouble.why}`;
    case "wrong-key":
      return `The key does not open part ${trouble.part}; it was encrypted to ${
        trouble.recipients.join(", ")
      }`;
    case "no-key":
      return `The key cannot be used: ${trouble.why}`;
    case "no-program":
      return `Cannot run age: ${trouble.why}`;
  }
}
