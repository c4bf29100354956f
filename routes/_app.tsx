/**
 * The document around every page.
 *
 * @module
 */

import { asset } from "fresh/runtime";
import { Document } from "../lib/ui/Document.tsx";
import { densityOf } from "../lib/web/cookie.ts";
import { define } from "../lib/web/state.ts";

export default define.layout(({ Component, state, req }) => (
  <Document
    title={state.title}
    theme={state.theme}
    density={densityOf(req.headers)}
    cssHref={asset("/css/wattpost.css")}
    iconHref={asset("/favicon.svg")}
  >
    <Component />
  </Document>
));
