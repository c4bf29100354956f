/**
 * Figures that programs read page by page as JSON are taken away as much as a file is: the first of each token and hour
 * is written down, and no more, so that a program which asks all day leaves 24 rows and not thousands.
 *
 * @module
 */

import type { Context } from "fresh";
import { countTry, giveBack, type Limit } from "../../kv/limits.ts";
import { appendAudit } from "../../store/audit.ts";
import type { Services, State } from "../state.ts";
import { bearerOf, tokenAuthorOf } from "./bearer.ts";
import type { Chosen } from "./chosen.ts";

/** One row a token and hour. */
const WRITTEN: Limit = { name: "api-figures-written", tries: 1, windowMs: 3_600_000 };

/** Figures that are about to leave. */
export interface Figures {
  /** What they are about. */
  readonly chosen: Chosen;
  /** What kind they are, such as `interval-readings`. */
  readonly kind: string;
  /** The answer with them. */
  readonly answer: Response;
}

/** The answer with figures, once it has been written down that they were taken. */
export async function figuresAnswer(
  { req, state }: Context<State>,
  { db, kv }: Services,
  { chosen: { site, channels, span }, kind, answer }: Figures,
): Promise<Response> {
  if (req.method === "HEAD" || answer.status !== 200) return answer;
  const tried = { who: String(bearerOf(state).token.id), nowMs: state.base.clock.nowMs() };
  if (!(await countTry(kv, WRITTEN, tried)).allowed) return answer;
  try {
    await appendAudit(db, tokenAuthorOf(state), {
      action: "figures-read",
      subject: `site ${site.id}`,
      siteId: site.id,
      after: {
        kind,
        channelIds: channels.map(({ id }) => id),
        ...span,
        more: "not written down for an hour",
      },
    });
  } catch (error) {
    // Nothing leaves without its row: whoever asks again is written down then.
    await giveBack(kv, WRITTEN, tried);
    throw error;
  }
  return answer;
}
