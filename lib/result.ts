/**
 * What the world may do is returned, not thrown: an answer that did not come, a value out of range, a name
 * that is taken. Only what a bug alone can cause is thrown.
 *
 * @module
 */

/** The outcome of something that may fail for reasons outside the program. */
export type Result<T, E> = Ok<T> | Err<E>;

/** It worked. */
export interface Ok<T> {
  /** Tells the two outcomes apart. */
  readonly ok: true;
  /** What was asked for. */
  readonly value: T;
}

/** It did not, and why. */
export interface Err<E> {
  /** Tells the two outcomes apart. */
  readonly ok: false;
  /** The reason, usually a union tagged with `kind`. */
  readonly error: E;
}

/** Wraps a value that was obtained. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** Wraps the reason why there is no value. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
