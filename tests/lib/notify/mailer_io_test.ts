import { deepStrictEqual, doesNotMatch, match, ok as isTrue, strictEqual } from "node:assert/strict";
import type { MailSecurity, MailServer } from "../../../lib/domain/messaging.ts";
import { createLog } from "../../../lib/log.ts";
import {
  createMailer,
  LATER_PAUSES_MS,
  SEND_DEADLINE_MS,
  SENDS_AT_ONCE,
} from "../../../lib/notify/mailer.ts";
import { type Mail, type Mailer, type MailTrouble, troubleWords } from "../../../lib/notify/transport.ts";
import { err, ok } from "../../../lib/result.ts";
import { AUTHORITY, OTHER_AUTHORITY } from "../../fakes/mail_certificate.ts";
import { type ManualClock, manualClock, until } from "../../fakes/manual_clock.ts";
import { type RawAnswer, type RawPeer, startRawPeer } from "../../fakes/silent_peer.ts";
import { type FakeSmtpServer, type SmtpServerOptions, startSmtpServer } from "../../fakes/smtp_server.ts";

const PASSWORD = "s3cret-smtp-password";
const ACCOUNT = { user: "wattpost", password: PASSWORD };

const MAIL: Mail = {
  to: "ana@example.org",
  subject: "Grüße",
  text: "Zähler 7 läuft\nhttps://wattpost.example/invite?token=abc\n",
  html: "<p>Zähler 7 läuft</p>",
};

interface Desk {
  readonly mailer: Mailer;
  readonly clock: ManualClock;
  readonly lines: string[];
}

interface DeskOptions extends Partial<MailServer> {
  readonly port: number;
  readonly password?: string | null;
  readonly authorities?: string | undefined;
}

async function withMailer(options: DeskOptions, body: (desk: Desk) => Promise<void>): Promise<void> {
  const { password = null, authorities = AUTHORITY, ...server } = options;
  const clock = manualClock(0);
  const lines: string[] = [];
  const mailer = createMailer({
    account: () =>
      Promise.resolve({
        server: {
          host: "mail.test",
          security: "starttls",
          user: password === null ? "" : ACCOUNT.user,
          from: "wattpost@example.org",
          fromName: "Wattpost",
          ...server,
        },
        password,
      }),
    addressesOf: () => Promise.resolve(ok(["127.0.0.1"])),
    clock,
    log: createLog({ clock, level: "debug", write: (line) => lines.push(line) }),
    name: "wattpost.example",
    authorities,
  });
  try {
    await body({ mailer, clock, lines });
  } finally {
    await mailer.close();
  }
}

async function withServer(
  options: SmtpServerOptions,
  body: (server: FakeSmtpServer) => Promise<void>,
): Promise<void> {
  const server = await startSmtpServer(options);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

async function withPeer(answer: RawAnswer, body: (peer: RawPeer) => Promise<void>): Promise<void> {
  const peer = await startRawPeer(answer);
  try {
    await body(peer);
  } finally {
    await peer.close();
  }
}

async function troubleOf(mailer: Mailer, mail = MAIL): Promise<MailTrouble> {
  const sent = await mailer.send(mail);
  isTrue(!sent.ok);
  return sent.error;
}

for (const security of ["tls", "starttls", "none"] as const satisfies readonly MailSecurity[]) {
  Deno.test(`send() hands a message over with security ${security}`, async () => {
    await withServer({ security }, async (server) => {
      await withMailer({ port: server.port, security }, async ({ mailer }) => {
        deepStrictEqual(await mailer.send(MAIL), ok(undefined));
      });
      const [mail] = server.mails;
      isTrue(mail);
      deepStrictEqual([mail.from, mail.to], ["wattpost@example.org", ["ana@example.org"]]);
      strictEqual(mail.secure, security !== "none");
      match(mail.text, /Zähler 7 läuft/);
      match(mail.html, /<p>Zähler 7 läuft<\/p>/);
      strictEqual(mail.headers.get("auto-submitted"), "auto-generated");
    });
  });
}

Deno.test("send() signs in where a password has been set", async () => {
  await withServer({ account: ACCOUNT }, async (server) => {
    await withMailer({ port: server.port, password: PASSWORD }, async ({ mailer }) => {
      deepStrictEqual(await mailer.send(MAIL), ok(undefined));
    });
    strictEqual(server.mails[0]?.user, ACCOUNT.user);
  });
});

Deno.test("send() says that the password is wrong, without the password", async () => {
  await withServer({ account: ACCOUNT }, async (server) => {
    await withMailer({ port: server.port, password: "not the right one" }, async ({ mailer }) => {
      const trouble = await troubleOf(mailer);
      strictEqual(trouble.kind, "refused");
      match(troubleWords(trouble), /does not accept the user name and password: 535/);
      doesNotMatch(troubleWords(trouble), /not the right one/);
    });
  });
});

Deno.test("send() hides a password that the server repeats, bare and in base64", async () => {
  const plain = btoa(`\0${ACCOUNT.user}\0${PASSWORD}`);
  const answer: RawAnswer = (line) => {
    if (line === null) return "220 hello\r\n";
    if (line.startsWith("EHLO")) return "250-hello\r\n250 AUTH PLAIN\r\n";
    return line.startsWith("AUTH") ? `535 you said ${line} which is ${PASSWORD}\r\n` : "250 ok\r\n";
  };
  await withPeer(answer, async (peer) => {
    await withMailer({ port: peer.port, security: "none", password: PASSWORD }, async ({ mailer }) => {
      const words = troubleWords(await troubleOf(mailer));
      isTrue(peer.said().includes(plain));
      for (const secret of [PASSWORD, btoa(PASSWORD).slice(0, 20), plain.slice(16, 36)]) {
        isTrue(!words.includes(secret), `${secret} in ${words}`);
      }
    });
  });
});

const REFUSALS = [
  { at: "sign-in", code: 454, permanent: false },
  { at: "sender", code: 550, permanent: true },
  { at: "recipient", code: 550, permanent: true },
  { at: "recipient", code: 451, permanent: false },
  { at: "message", code: 554, permanent: true },
  { at: "message", code: 452, permanent: false },
] as const;

for (const { at, code, permanent } of REFUSALS) {
  Deno.test(`send() tells ${code} at the ${at} as ${permanent ? "permanent" : "for now"}`, async () => {
    await withServer({ account: ACCOUNT, refuse: { at, code, text: "no such luck" } }, async (server) => {
      await withMailer({ port: server.port, password: PASSWORD }, async ({ mailer }) => {
        const trouble = await troubleOf(mailer);
        isTrue(trouble.kind === "refused", trouble.kind);
        strictEqual(trouble.permanent, permanent);
        match(trouble.words, new RegExp(`${code}.*no such luck`));
      });
      strictEqual(server.mails.length, 0);
    });
  });
}

Deno.test("send() trusts no certificate of an unknown authority and says nothing to its owner", async () => {
  for (const security of ["tls", "starttls"] as const) {
    await withServer({ security, account: ACCOUNT }, async (server) => {
      const options = { port: server.port, security, password: PASSWORD, authorities: OTHER_AUTHORITY };
      await withMailer(options, async ({ mailer }) => {
        const trouble = await troubleOf(mailer);
        strictEqual(trouble.kind, "unreachable");
        match(troubleWords(trouble), /not from an authority that this machine trusts/);
      });
      strictEqual(server.mails.length, 0);
    });
  }
});

Deno.test("send() refuses a certificate for another name", async () => {
  await withServer({ security: "tls" }, async (server) => {
    await withMailer({ port: server.port, security: "tls", host: "other.test" }, async ({ mailer }) => {
      match(troubleWords(await troubleOf(mailer)), /certificate is for another name/);
    });
  });
});

Deno.test("send() never goes on without STARTTLS where it was chosen", async () => {
  const answer: RawAnswer = (line) => {
    if (line === null) return "220 hello\r\n";
    if (line.startsWith("EHLO")) return "250-hello\r\n250 AUTH PLAIN LOGIN\r\n";
    return line === "STARTTLS" ? "502 never heard of it\r\n" : "250 ok\r\n";
  };
  await withPeer(answer, async (peer) => {
    await withMailer({ port: peer.port, password: PASSWORD }, async ({ mailer }) => {
      const trouble = await troubleOf(mailer);
      strictEqual(trouble.kind, "unreachable");
      match(troubleWords(trouble), /refuses STARTTLS: 502/);
    });
    doesNotMatch(peer.said(), /AUTH|MAIL FROM/);
  });
});

Deno.test("send() gives a silent server up at its deadline", async () => {
  await withPeer(() => null, async (peer) => {
    await withMailer({ port: peer.port }, async ({ mailer, clock }) => {
      const sending = troubleOf(mailer);
      await until("the server was called", () => peer.connections() === 1);
      await clock.advance(SEND_DEADLINE_MS);
      deepStrictEqual(await sending, {
        kind: "unreachable",
        words: `mail.test:${peer.port} did not take the message in time`,
      });
    });
  });
});

const BROKEN = [
  { name: "a connection that is cut at once", answer: () => "cut", want: /closed the connection|cut/ },
  {
    name: "a connection that is cut in the middle",
    answer: (line: string | null) => line === null ? "220 hello\r\n" : "cut",
    want: /closed the connection|cut/,
  },
  {
    name: "a web server",
    answer: (line: string | null) => line === null ? "HTTP/1.1 400 Bad Request\r\n\r\n" : null,
    want: /does not speak as a mail server does: HTTP\/1.1 400 Bad Request/,
  },
  {
    name: "an endless answer",
    answer: (line: string | null) => line === null ? `220-${"x".repeat(20_000)}` : null,
    want: /mail\.test/,
  },
] as const;

for (const { name, answer, want } of BROKEN) {
  Deno.test(`send() calls ${name} unreachable`, async () => {
    await withPeer(answer, async (peer) => {
      await withMailer({ port: peer.port, security: "none" }, async ({ mailer }) => {
        const trouble = await troubleOf(mailer);
        strictEqual(trouble.kind, "unreachable");
        match(troubleWords(trouble), want);
      });
    });
  });
}

Deno.test("send() says that nothing listens there", async () => {
  const gone = await startRawPeer(() => null);
  await gone.close();
  await withMailer({ port: gone.port }, async ({ mailer }) => {
    match(troubleWords(await troubleOf(mailer)), /nothing listens there/);
  });
});

const INJECTIONS = [
  "ana@example.org\r\nBcc: eve@example.org",
  "ana@example.org, eve@example.org",
  "ana@example.org> SIZE=1\r\nRCPT TO:<eve@example.org",
  "<ana@example.org>",
  "ana@example.org;eve@example.org",
  "ana",
  "",
];

Deno.test("send() takes nothing but one address for a recipient", async () => {
  await withServer({}, async (server) => {
    await withMailer({ port: server.port }, async ({ mailer }) => {
      for (const to of INJECTIONS) {
        const trouble = await troubleOf(mailer, { ...MAIL, to });
        strictEqual(trouble.kind, "refused", to);
      }
    });
    strictEqual(server.mails.length, 0);
  });
});

Deno.test("send() keeps a subject and a name of the sender from becoming headers", async () => {
  await withServer({}, async (server) => {
    const fromName = "Wattpost\r\nBcc: eve@example.org";
    await withMailer({ port: server.port, fromName }, async ({ mailer }) => {
      const subject = "Hello\r\nBcc: eve@example.org\r\n\r\nAnother body";
      deepStrictEqual(await mailer.send({ ...MAIL, subject }), ok(undefined));
    });
    const [mail] = server.mails;
    isTrue(mail);
    strictEqual(mail.headers.has("bcc"), false);
    deepStrictEqual(mail.to, ["ana@example.org"]);
    strictEqual(mail.headers.get("subject"), "Hello Bcc: eve@example.org Another body");
  });
});

Deno.test("send() lets few messages wait behind a silent server, and none of them for long", async () => {
  await withPeer(() => null, async (peer) => {
    await withMailer({ port: peer.port }, async ({ mailer, clock }) => {
      const sending = Array.from({ length: SENDS_AT_ONCE }, () => troubleOf(mailer));
      deepStrictEqual(await troubleOf(mailer), {
        kind: "unreachable",
        words: "Too many messages are waiting to be sent",
      });
      await until("the server was called", () => peer.connections() === 1);
      await clock.advance(SEND_DEADLINE_MS);
      for (const trouble of await Promise.all(sending)) match(troubleWords(trouble), /in time|all the time/);
    });
  });
});

Deno.test("send() does not dial what may not be dialled", async () => {
  const clock = manualClock(0);
  const mailer = createMailer({
    account: () => Promise.resolve(null),
    addressesOf: () => Promise.resolve(err("not allowed")),
    clock,
    log: createLog({ clock, level: "debug", write: () => {} }),
    name: "wattpost.example",
  });
  deepStrictEqual(await mailer.send(MAIL), err({ kind: "not-set-up" }));
  strictEqual(await mailer.ready(), false);
  await mailer.close();
});

Deno.test("sendLater() tries again while that helps, and writes no address down", async () => {
  await withServer(
    { refuse: { at: "message", code: 451, text: "later for ana@example.org" } },
    async (server) => {
      await withMailer({ port: server.port }, async ({ mailer, clock, lines }) => {
        mailer.sendLater(() => Promise.resolve(MAIL));
        for (const pauseMs of LATER_PAUSES_MS.slice(1)) {
          await until("it waits for the next try", () => clock.nextInMs() === pauseMs);
          await clock.advance(pauseMs);
        }
        await until("it gives up", () => lines.length === 1);
        match(lines[0] ?? "", /could not be sent.*"why":"refused".*"tries":5/);
        doesNotMatch(lines[0] ?? "", /ana@/);
      });
    },
  );
});

Deno.test("sendLater() gives up at once what will never be taken", async () => {
  await withServer({ refuse: { at: "recipient", code: 550, text: "unknown" } }, async (server) => {
    await withMailer({ port: server.port }, async ({ mailer, lines }) => {
      mailer.sendLater(() => Promise.resolve(MAIL));
      await until("it gives up", () => lines.length === 1);
      match(lines[0] ?? "", /"tries":1/);
    });
  });
});

Deno.test("sendLater() logs what could not be made, and close() ends what waits", async () => {
  await withServer({ refuse: { at: "message", code: 451, text: "later" } }, async (server) => {
    await withMailer({ port: server.port }, async ({ mailer, clock, lines }) => {
      mailer.sendLater(() => Promise.reject(new Error("no database")));
      mailer.sendLater(() => Promise.resolve(null));
      mailer.sendLater(() => Promise.resolve(MAIL));
      await until("it waits for the next try", () => clock.nextInMs() === LATER_PAUSES_MS[1]);
      match(lines[0] ?? "", /could not be made.*no database/);
      await mailer.close();
      strictEqual(clock.sleepers(), 0);
    });
  });
});
