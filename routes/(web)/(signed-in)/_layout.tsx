/**
 * The bar, the tabs and the live connection around every page of a signed-in person.
 *
 * @module
 */

import Live from "../../../islands/Live.tsx";
import { Shell } from "../../../lib/ui/Shell.tsx";
import { adminHrefOf, mightDo } from "../../../lib/web/allow.ts";
import { densityOf } from "../../../lib/web/cookie.ts";
import { loadFrame } from "../../../lib/web/pages/frame.ts";
import { define } from "../../../lib/web/state.ts";

export default define.layout(async ({ Component, state, url, req }) => {
  const { base, user, asker, theme } = state;
  const services = base.services();
  if (!services || !user || !asker) return <Component />;
  const frame = await loadFrame(services.db, {
    path: url.pathname,
    adminHref: adminHrefOf(asker),
    reaches: asker.reaches,
    nowMs: base.clock.nowMs(),
  });
  const density = densityOf(req.headers);
  const account = {
    name: user.name,
    email: user.email,
    theme,
    density,
    tokensHref: mightDo(state, "tokens.own") ? "/account/tokens" : undefined,
    back: `${url.pathname}${url.search}`,
  };
  return (
    <Shell
      account={account}
      nav={frame.nav}
      cycle={frame.cycle}
      finder={{ action: "/sites", placeholder: "Find a site" }}
    >
      <Component />
      <Live siteId={frame.siteId} userId={user.id} after={frame.newestChange} />
    </Shell>
  );
});
