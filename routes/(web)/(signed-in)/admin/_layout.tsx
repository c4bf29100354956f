/**
 * The second navigation around every administration page.
 *
 * @module
 */

import { AdminFrame } from "../../../../lib/ui/pages/AdminFrame.tsx";
import { adminPagesOf } from "../../../../lib/web/allow.ts";
import { define } from "../../../../lib/web/state.ts";

export default define.layout(({ Component, state, url }) => {
  if (!state.asker) return <Component />;
  return (
    <AdminFrame pages={adminPagesOf(state.asker)} path={url.pathname}>
      <Component />
    </AdminFrame>
  );
});
