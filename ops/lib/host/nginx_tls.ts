/**
 * TLS as Mozilla's Server Side TLS guidelines 6.0 have it in their intermediate configuration
 * (https://ssl-config.mozilla.org/guidelines/6.0.json).
 *
 * @module
 */

import type { NginxAbilities, NginxPaths } from "./nginx_options.ts";
import { type Lines, remark } from "./nginx_text.ts";

/** For TLS 1.2; those of 1.3 are OpenSSL's own, which are the guideline's. */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/**
 * The guideline's without its first, X25519MLKEM768: OpenSSL knows that from 3.5 on, the systems we set up have 3.0,
 * and nginx does not start with a name that OpenSSL does not know.
 */
const CURVES = ["X25519", "prime256v1", "secp384r1"];

/** What all names share; stands in `http`. */
export function tlsLines(): Lines {
  return [
    ...remark("Mozilla Server Side TLS 6.0, intermediate"),
    "ssl_protocols TLSv1.2 TLSv1.3;",
    `ssl_ciphers ${CIPHERS.join(":")};`,
    `ssl_ecdh_curve ${CURVES.join(":")};`,
    "ssl_prefer_server_ciphers off;",
    "ssl_session_cache shared:wattpost:10m;",
    "ssl_session_timeout 1d;",
    ...remark(
      "A key of tickets lives as long as nginx does and opens what was recorded; the cache does instead",
    ),
    "ssl_session_tickets off;",
    ...remark("Data before the handshake has ended can be sent again by anybody"),
    "ssl_early_data off;",
    ...remark("Let's Encrypt ended OCSP in 2025: there is nothing to staple"),
    "ssl_stapling off;",
  ];
}

/** Listens for HTTPS over IPv4 and IPv6. */
export function httpsListen(port: number, can: NginxAbilities, options = ""): Lines {
  const words = `ssl${can.http2Directive ? "" : " http2"}${options}`;
  return [
    `listen ${port} ${words};`,
    `listen [::]:${port} ${words};`,
    ...(can.http2Directive ? ["http2 on;"] : []),
  ];
}

/** The certificate. */
export function certificateLines({ tls }: Pick<NginxPaths, "tls">): Lines {
  return [`ssl_certificate ${tls}/fullchain.pem;`, `ssl_certificate_key ${tls}/privkey.pem;`];
}
