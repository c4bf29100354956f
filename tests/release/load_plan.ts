/**
 * What is asked while releases come and go, and what is reported of it.
 *
 * @module
 */
import type { Target } from "./load_http.ts";

/** A signed-in person. */
export interface Visitor {
  readonly userId: number;
  /** The session's cookie. */
  readonly cookie: string;
}

/** What the load is. */
export interface LoadPlan {
  readonly target: Target;
  /** Pages are looked at by so many browsers that keep their connections. */
  readonly browsers: number;
  /** Live streams, shared out over the visitors. */
  readonly streams: number;
  readonly visitors: readonly Visitor[];
  /** Somebody signs in with each of these, looks and signs out, again and again. */
  readonly emails: readonly string[];
  /** Everybody's. */
  readonly password: string;
  /** A program writes with each of these tokens. */
  readonly tokens: readonly string[];
  /** Sites; each program has its own, from the first on. */
  readonly siteIds: readonly number[];
  /** Files that browsers load now and then besides those of the page that they opened first. */
  readonly files: readonly string[];
  /** Milliseconds between two requests of a browser or a program, on average. */
  readonly thinkMs: number;
}

/** What went wrong with a request. */
export interface Failure {
  /** When, as an instant. */
  readonly at: string;
  /** Who asked for what. */
  readonly what: string;
  /** What came. */
  readonly why: string;
}

/** What a program wrote. */
export interface Written {
  readonly siteId: number;
  /** Writes that were answered with success, those that were said twice counted once. */
  readonly accepted: number;
  /** The last value. */
  readonly last: string;
}

/** Counted up to now. */
export interface LoadReport {
  readonly requests: number;
  /** Connections that browsers and programs opened for them; known once they have ended. */
  readonly connections: number;
  readonly writes: number;
  /** Writes said a second time with the same key. */
  readonly repeats: number;
  /** Writes whose connection was lost before the answer, said again with the same key. */
  readonly lost: number;
  readonly written: readonly Written[];
  /** Live streams that are open now. */
  readonly streams: number;
  /** Streams that were opened again. */
  readonly resumed: number;
  /** Changes that streams told of. */
  readonly told: number;
  /** All failures; the first of them with words. */
  readonly failed: number;
  readonly failures: readonly Failure[];
}

/** A change of the feed, to be compared with what the streams heard. */
export interface FeedChange {
  readonly id: number;
  readonly halfHour: number;
  readonly siteIds: readonly number[];
}

/** A change of which a stream did not hear. */
export interface Gap {
  readonly stream: number;
  readonly change: FeedChange;
  /** When its stream was opened, with the newest change it knew and the newest there was. */
  readonly resumes: readonly string[];
}
