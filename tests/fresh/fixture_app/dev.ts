/**
 * Serves the fixture app while it is being written.
 *
 * @module
 */

import { Builder } from "fresh/dev";

const root = new URL(".", import.meta.url).pathname;
const onListen = ({ port }: Deno.NetAddr) => console.log(`http://127.0.0.1:${port}`);
await new Builder({ root }).listen(() => import("./main.ts"), { port: 0, hostname: "127.0.0.1", onListen });
