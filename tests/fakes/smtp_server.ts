/**
 * A real mail server on this machine that keeps what it is given: with TLS, STARTTLS or neither, with a password or
 * without, and that says no where the test wants it to.
 *
 * @module
 */

import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { CERTIFICATE, CERTIFICATE_KEY } from "./mail_certificate.ts";

/** A message as it arrived. */
export interface ReceivedMail {
  /** Address of the envelope. */
  readonly from: string;
  /** Addresses of the envelope. */
  readonly to: readonly string[];
  /** Header lines, unfolded, the name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The plain text. */
  readonly text: string;
  /** The HTML; empty: none. */
  readonly html: string;
  /** All of it. */
  readonly raw: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** Who signed in; `null`: nobody. */
  readonly user: string | null;
}

/** How the server behaves. */
export interface SmtpServerOptions {
  /** `tls`: from the first byte; `starttls`: offered; `none`: not offered. */
  readonly security?: "tls" | "starttls" | "none";
  /** Who may sign in; absent: nobody is asked to. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Refuses a step with a reply of this code and text. */
  readonly refuse?: {
    readonly at: "sign-in" | "sender" | "recipient" | "message";
    readonly code: number;
    readonly text: string;
  };
}

/** A running mail server. */
export interface FakeSmtpServer {
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** What arrived so far. */
  readonly mails: readonly ReceivedMail[];
  /** Resolves with the message of this place, 0 first; gives up after 10 s. */
  arrived(place: number): Promise<ReceivedMail>;
  /** Ends it. */
  close(): Promise<void>;
}

type Step = NonNullable<SmtpServerOptions["refuse"]>["at"];

/** Starts a mail server on a free port. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<FakeSmtpServer> {
  const { security = "starttls", account } = options;
  const mails: ReceivedMail[] = [];
  const heard = new EventTarget();
  const no = (step: Step): Error | null => {
    if (options.refuse?.at !== step) return null;
    return Object.assign(new Error(options.refuse.text), { responseCode: options.refuse.code });
  };
  const server = new SMTPServer({
    secure: security === "tls",
    name: "mail.test",
    key: CERTIFICATE_KEY,
    cert: CERTIFICATE,
    logger: false,
    disableReverseLookup: true,
    disabledCommands: [...(security === "starttls" ? [] : ["STARTTLS"]), ...(account ? [] : ["AUTH"])],
    authOptional: !account,
    allowInsecureAuth: true,
    closeTimeout: PATIENCE_MS,
    onAuth(auth, _session, callback) {
      const refused = no("sign-in");
      if (refused) return callback(refused);
      const right = auth.username === account?.user && auth.password === account?.password;
      if (right) callback(null, { user: auth.username });
      else callback(Object.assign(new Error("Invalid username or password"), { responseCode: 535 }));
    },
    onMailFrom: (_address, _session, callback) => callback(no("sender")),
    onRcptTo: (_address, _session, callback) => callback(no("recipient")),
    onData(stream, session, callback) {
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () => {
        const refused = no("message");
        if (refused) return callback(refused);
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...parse(new TextDecoder().decode(new Uint8Array(chunks.flatMap((chunk) => [...chunk])))),
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: typeof session.user === "string" ? session.user : null,
        });
        callback(null, "Kept");
        heard.dispatchEvent(new Event("mail"));
      });
    },
  });
  const sockets = new Set<Socket>();
  let cameMs = -Infinity;
  server.server.on("connection", (socket: Socket) => {
    cameMs = performance.now();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("error", () => {}); // a client that goes away is what some tests want
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    arrived: (place) => arrived({ mails, heard }, place),
    async close() {
      const greeting = server.connections.size > 0;
      await new Promise<void>((resolve) => {
        // Whoever does not say goodbye is cut off; it is over when every connection is, so that nothing of it is left.
        const over = setTimeout(() => sockets.forEach((socket) => socket.destroy()), GOODBYE_MS);
        server.close(() => {
          clearTimeout(over);
          resolve();
        });
      });
      // The library greets 100 ms after a client came, by a timer that nothing ends when the client has gone before.
      const restMs = greeting ? GREETED_MS : cameMs + GREETED_MS - performance.now();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    },
  };
}

const PATIENCE_MS = 10_000;
const GOODBYE_MS = 100;
const GREETED_MS = 150;

async function arrived(
  { mails, heard }: { readonly mails: readonly ReceivedMail[]; readonly heard: EventTarget },
  place: number,
): Promise<ReceivedMail> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedMail>();
  const look = () => {
    const mail = mails[place];
    if (mail) resolve(mail);
  };
  const giveUp = () => reject(new Error(`Waited ${PATIENCE_MS} ms in vain for message ${place}`));
  heard.addEventListener("mail", look);
  late.addEventListener("abort", giveUp);
  look();
  return await promise.finally(() => {
    heard.removeEventListener("mail", look);
    late.removeEventListener("abort", giveUp);
  });
}

function parse(raw: string): Pick<ReceivedMail, "headers" | "text" | "html" | "raw"> {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1];
  const parts = boundary === undefined ? [{ headers, body }] : body.split(`--${boundary}`).map(split);
  const partOf = (type: string) => {
    const part = parts.find((one) => one.headers.get("content-type")?.startsWith(type));
    return part ? decoded(part.body, part.headers.get("content-transfer-encoding") ?? "7bit") : "";
  };
  return { headers, text: partOf("text/plain"), html: partOf("text/html"), raw };
}

function split(raw: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const [head = "", ...rest] = raw.replace(/^\r\n/, "").split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = new Map(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { headers, body: rest.join("\r\n\r\n") };
}

function decoded(body: string, encoding: string): string {
  if (encoding === "base64") {
    return new TextDecoder().decode(Uint8Array.fromBase64(body.replaceAll(/\s/g, "")));
  }
  if (encoding !== "quoted-printable") return body;
  const bytes = body.replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

/** The link with a token in a message's text; fails if there is none. */
export function linkIn(mail: ReceivedMail): URL {
  const [link] = /https?:\/\/\S+\?token=\S+/.exec(mail.text) ?? [];
  if (link === undefined) throw new Error(`No link in: ${mail.text}`);
  return new URL(link);
}
