/**
 * Which certificate is really served: nginx goes on with the old one until it was told of the new one, whatever lies
 * on the disk.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { serialOf } from "./certificate_facts.ts";

/** Where it is asked, and by which name. */
export interface ServedAt {
  readonly hostname: string;
  readonly port: number;
  /** The name that a browser would ask for. */
  readonly name: string;
}

/** Longest wait for an answer in ms. */
const ANSWER_MS = 5_000;

/** Serial number of the certificate that is served, in upper-case hexadecimal digits; `null`: nobody answers. */
export function servedSerial({ hostname, port, name }: ServedAt): Promise<string | null> {
  return new Promise((resolve) => {
    // Whoever issued it is not of interest here, only which one it is.
    const socket = connect({ host: hostname, port, servername: name, rejectUnauthorized: false });
    const done = (serial: string | null) => {
      socket.removeAllListeners();
      socket.on("error", () => undefined);
      socket.destroy();
      resolve(serial);
    };
    socket.setTimeout(ANSWER_MS, () => done(null));
    socket.on("error", () => done(null));
    socket.on("close", () => done(null));
    socket.on("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      done(raw ? serialOf(new X509Certificate(raw)) : null);
    });
  });
}
