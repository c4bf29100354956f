/**
 * A small app for the tests of the build, the server and the browser.
 *
 * @module
 */

import { App, csp, staticFiles } from "fresh";

/** The app; it serves itself once the build is in place, as a composition root does. */
export const app = new App<unknown>()
  .use(csp({ useNonce: true }))
  .use(staticFiles())
  .fsRoutes();

const port = Deno.env.get("PORT");
if (port !== undefined) {
  const onListen = ({ port }: Deno.NetAddr) => console.log(`http://127.0.0.1:${port}`);
  setTimeout(() => Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen }, app.handler()));
}
