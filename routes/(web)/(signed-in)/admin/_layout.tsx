/**
 * The second navigation around every administration page.
 *
 * @module
 */

import { Choices } from "../../../../lib/ui/Input.tsx";
import { adminPagesOf } from "../../../../lib/web/allow.ts";
import { define } from "../../../../lib/web/state.ts";

export default define.layout(({ Component, state, url }) => {
  if (!state.asker) return <Component />;
  const choices = adminPagesOf(state.asker).map(({ label, href }) => ({
    label,
    href,
    current: url.pathname === href,
  }));
  return (
    <>
      <div>
        <Choices label="Administration" choices={choices} />
      </div>
      <Component />
    </>
  );
});
