/**
 * What people see when something did not work. The same request id stands in the log; nothing of the inside is
 * shown.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { errorKindOf, ErrorPage } from "../../lib/ui/pages/ErrorPage.tsx";
import { refusedWords } from "../../lib/web/refusal.ts";
import { utcTimeLabel } from "../../lib/web/labels.ts";
import { define } from "../../lib/web/state.ts";

export const handler = define.handlers((ctx) => {
  const { base, requestId } = ctx.state;
  const status = ctx.error instanceof HttpError ? ctx.error.status : 500;
  const about = { requestId, path: ctx.url.pathname, error: ctx.error };
  if (status === 503) {
    const cause = ctx.error instanceof Error ? ctx.error.cause : undefined;
    base.log.warn("Cannot answer now", { ...about, cause });
  } else if (status >= 500) base.log.error("Cannot answer", about);
  ctx.state.title = status === 404 ? "Not found" : "Error";
  const retryAfterS = status === 503 ? 10 : status === 429 ? ctx.state.retryAfterS : null;
  const headers = retryAfterS === null ? undefined : { "retry-after": String(retryAfterS) };
  const refused = status === 403 ? refusedWords(ctx.state.refusal, ctx.state.asker) : null;
  return page({ status, refused, retryAfterS, atLabel: utcTimeLabel(base.clock.nowMs()) }, {
    status,
    ...(headers ? { headers } : {}),
  });
});

export default define.page<typeof handler>(({ data, state }) => (
  <ErrorPage
    kind={errorKindOf(data.status)}
    requestId={state.requestId}
    atLabel={data.atLabel}
    retryAfterS={data.retryAfterS}
    refused={data.refused}
  />
));
