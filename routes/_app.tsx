/**
 * The document around every page.
 *
 * @module
 */

import { asset } from "fresh/runtime";
import { Document } from "../lib/ui/Document.tsx";
import { define } from "../lib/web/state.ts";

export default define.layout(({ Component, state }) => (
  <Document
    title={state.title}
    theme={state.theme}
    cssHref={asset("/css/wattpost.css")}
    iconHref={asset("/favicon.svg")}
  >
    <Component />
  </Document>
));
