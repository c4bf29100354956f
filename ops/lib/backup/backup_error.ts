/**
 * A backup that cannot be made, with words for operators.
 *
 * @module
 */

/** Why not, a sentence without a full stop; the half-made backup was taken away. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

/** The words of what keeps a folder or a disk from being used; anything else is thrown on. */
export function diskWords(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not";
  if (error instanceof Deno.errors.NotADirectory) return "a part of the path is no folder";
  if (error instanceof Error && /no space left|os error 28|ENOSPC/i.test(error.message)) {
    return "the disk is full";
  }
  if (error instanceof Error && /read-only file system|os error 30|EROFS/i.test(error.message)) {
    return "the file system is read-only";
  }
  if (error instanceof Error && /os error \d+|quota|input\/output/i.test(error.message)) return error.message;
  throw error;
}
