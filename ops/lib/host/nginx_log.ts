/**
 * What nginx writes down: one JSON line a request, without anything that opens a door and without anything that a
 * visitor could shape into a line of its own; and what the limits refused, for bans.
 *
 * Links in e-mails carry their token in the query, the API in a header, browsers in a cookie. So the path is written
 * without its query, and neither headers nor cookies are; of the path and of the browser's name only printable ASCII
 * is, up to a length.
 *
 * @module
 */

import type { NginxPaths } from "./nginx_options.ts";
import { type Lines, mapOf, remark } from "./nginx_text.ts";

/** Characters of a path and of a browser's name that are written. */
const WRITTEN_MAX = 300;

/** Fields of a line, in this order. */
const FIELDS: readonly (readonly [name: string, value: string, kind: "text" | "number"])[] = [
  ["at", "$time_iso8601", "text"],
  ["id", "$wattpost_id", "text"],
  ["client", "$remote_addr", "text"],
  ["method", "$wattpost_method", "text"],
  ["path", "$wattpost_path", "text"],
  ["status", "$wattpost_status", "number"],
  ["bytes", "$body_bytes_sent", "number"],
  ["received", "$request_length", "number"],
  ["seconds", "$request_time", "number"],
  ["app", "$upstream_response_time", "text"],
  ["zone", "$wattpost_zone", "text"],
  ["limited", "$wattpost_limited", "text"],
  ["protocol", "$server_protocol", "text"],
  ["tls", "$ssl_protocol", "text"],
  ["agent", "$wattpost_agent", "text"],
];

/** Formats and the variables in them; stands in `http`. */
export function logLines(): Lines {
  const fields = FIELDS.map(([name, value, kind]) =>
    kind === "number" ? `"${name}":${value}` : `"${name}":"${value}"`
  );
  return [
    ...remark("The path without its query, as it was sent; what is no printable ASCII ends it"),
    ...mapOf("$request_uri", "$wattpost_path", {
      [`~^(?<wattpost_path_long>/[!->@-~]{${WRITTEN_MAX - 1}})[!->@-~]`]: "$wattpost_path_long...",
      [`~^(?<wattpost_path_short>/[!->@-~]{0,${WRITTEN_MAX - 1}})`]: "$wattpost_path_short",
      default: "",
    }),
    ...mapOf("$http_user_agent", "$wattpost_agent", {
      [`~^(?<wattpost_agent_start>[ -~]{1,${WRITTEN_MAX}})`]: "$wattpost_agent_start",
      default: "",
    }),
    ...mapOf("$request_method", "$wattpost_method", {
      "~^(?<wattpost_method_known>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$": "$wattpost_method_known",
      default: "other",
    }),
    ...remark("000 where nothing was answered, which is no number in JSON"),
    ...mapOf("$status", "$wattpost_status", {
      "~^(?<wattpost_status_known>[1-9][0-9][0-9])$": "$wattpost_status_known",
      default: "0",
    }),
    ...remark("The app names what it answered; its own log says the same"),
    ...mapOf("$upstream_http_x_request_id", "$wattpost_id", {
      "~^(?<wattpost_id_of_app>[0-9A-Za-z]{1,40})$": "$wattpost_id_of_app",
      default: "$request_id",
    }),
    ...mapOf("$limit_req_status$limit_conn_status", "$wattpost_limited", {
      "~REJECTED": "yes",
      default: "",
    }),
    "log_format wattpost escape=json",
    `  '{${fields.join(",")}}';`,
    ...remark("Time and address, nothing that a visitor chose; of IPv6 the network, as it is banned"),
    ...mapOf("$remote_addr", "$wattpost_banned_as", {
      "~:": "$remote_addr/64",
      default: "$remote_addr",
    }),
    "log_format wattpost_limits '$time_iso8601 $wattpost_banned_as';",
  ];
}

/** Where a server writes to. */
export function logsOf({ accessLog, limitLog, errorLog }: NginxPaths): Lines {
  return [
    `access_log ${accessLog} wattpost;`,
    `access_log ${limitLog} wattpost_limits if=$wattpost_limited;`,
    `error_log ${errorLog} error;`,
  ];
}
