/**
 * What pages behind links need from a request.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { LinkServices, LinkTrouble } from "../auth/letters.ts";
import type { Services, State } from "./state.ts";

/** The services together with where we answer, for sending links and following them. */
export function letterServicesOf({ base }: State): Services & LinkServices {
  const services = base.services();
  if (!services) throw new HttpError(503);
  return { ...services, publicUrl: base.config.publicUrl };
}

/** The token in the address of a page; empty: none, or one that is none of ours by its length. */
export function tokenIn(url: URL): string {
  const token = url.searchParams.get("token") ?? "";
  return token.length > TOKEN_MAX ? "" : token;
}

/** Characters of a token in a link or a form. */
export const TOKEN_MAX = 100;

/** Answers a trouble that no page is made for; `gone` has one. */
export function refuseLink(trouble: Exclude<LinkTrouble, { kind: "gone" }>): never {
  switch (trouble.kind) {
    case "throttled":
      throw new HttpError(429);
    case "failed":
      throw new HttpError(503, "No password can be hashed");
  }
}
