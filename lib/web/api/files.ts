/**
 * Files that are taken away: streamed a piece at a time, named by what they are made from, written down in the audit
 * trail.
 *
 * @module
 */

import type { Context } from "fresh";
import { appendAudit } from "../../store/audit.ts";
import { fingerprintOf } from "../../store/api_readings.ts";
import { fileNameOf } from "../csv.ts";
import type { Services, State } from "../state.ts";
import { tokenAuthorOf } from "./bearer.ts";
import type { Chosen } from "./chosen.ts";
import { etagOf, isKnown, tagged, unchanged } from "./etag.ts";
import type { Span } from "./span.ts";

/** A file. */
export interface TakenFile {
  /** What it is about. */
  readonly chosen: Chosen;
  /** The half-hours it is made from. */
  readonly made: Span;
  /** What kind of table it is, such as `interval-readings-wide`. */
  readonly kind: string;
  /** Its text, a piece at a time. */
  readonly pieces: AsyncGenerator<string>;
}

/** The answer with a file; 304 where it is known already. Whoever takes it away is written down. */
export async function fileAnswer(
  ctx: Context<State>,
  { db }: Services,
  { chosen, made, kind, pieces }: TakenFile,
): Promise<Response> {
  const { site, channels, span } = chosen;
  const channelIds = channels.map(({ id }) => id);
  const fingerprint = await fingerprintOf(db, { channelIds, ...made });
  const etag = etagOf(kind, JSON.stringify([site.name, site.zone, channels, span]), fingerprint);
  if (isKnown(ctx.req.headers, etag)) return unchanged(etag);
  const headers = {
    ...tagged(etag),
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${fileNameOf(site.name)}-${kind}.csv"`,
  };
  if (ctx.req.method === "HEAD") return new Response(null, { headers });
  await appendAudit(db, tokenAuthorOf(ctx.state), {
    action: "export",
    subject: `site ${site.id}`,
    siteId: site.id,
    after: { kind, channelIds, ...span },
  });
  const onTrouble = (error: unknown) =>
    ctx.state.base.log.warn("A file broke off", { requestId: ctx.state.requestId, error });
  return new Response(streamOf(pieces, onTrouble), { headers });
}

/** A stream that asks for the next piece when the one before is gone; a reader who leaves ends it. */
export function streamOf(
  pieces: AsyncGenerator<string>,
  onTrouble: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        for (;;) {
          const next = await pieces.next();
          if (next.done) return controller.close();
          if (next.value !== "") return controller.enqueue(encoder.encode(next.value));
        }
      } catch (error) {
        onTrouble(error);
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  }, { highWaterMark: 1 });
}
