import { deepStrictEqual, doesNotMatch, match, ok as isTrue, strictEqual } from "node:assert/strict";
import { createTexter, SMS_DEADLINE_MS } from "../../../lib/notify/sms.ts";
import { type Texter, troubleWords } from "../../../lib/notify/transport.ts";
import { err, ok } from "../../../lib/result.ts";
import { type ManualClock, manualClock, until } from "../../fakes/manual_clock.ts";

const SECRET = "a-twilio-key-secret";
const ACCOUNT = { accountSid: `AC${"a".repeat(32)}`, keySid: `SK${"b".repeat(32)}`, from: "+441632960000" };
const SMS = { to: "+441632960001", text: "Kestrel House is silent" };

interface Asked {
  readonly path: string;
  readonly authorization: string | null;
  readonly form: URLSearchParams;
}

interface Desk {
  readonly texter: Texter;
  readonly clock: ManualClock;
  readonly asked: readonly Asked[];
}

/** Runs a test against a service on this machine that answers as told. */
async function withService(
  answer: (request: Request) => Response | Promise<Response>,
  body: (desk: Desk) => Promise<void>,
  from = ACCOUNT.from,
): Promise<void> {
  const asked: Asked[] = [];
  const clock = manualClock(0);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    asked.push({
      path: new URL(request.url).pathname,
      authorization: request.headers.get("authorization"),
      form: new URLSearchParams(await request.text()),
    });
    return await answer(request);
  });
  const texter = createTexter({
    account: () => Promise.resolve({ account: { ...ACCOUNT, from }, secret: SECRET }),
    clock,
    apiUrl: `http://127.0.0.1:${server.addr.port}`,
  });
  try {
    await body({ texter, clock, asked });
  } finally {
    await server.shutdown();
  }
}

const taken = () => Response.json({ sid: `SM${"c".repeat(32)}`, status: "queued" }, { status: 201 });

Deno.test("send() hands a short message over, signed in with the key", async () => {
  await withService(taken, async ({ texter, asked }) => {
    deepStrictEqual(await texter.send(SMS), ok(undefined));
    deepStrictEqual(asked.map(({ path }) => path), [
      `/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages.json`,
    ]);
    strictEqual(asked[0]?.authorization, `Basic ${btoa(`${ACCOUNT.keySid}:${SECRET}`)}`);
    deepStrictEqual(Object.fromEntries(asked[0]?.form ?? []), {
      To: SMS.to,
      Body: SMS.text,
      From: ACCOUNT.from,
    });
  });
});

Deno.test("send() names a messaging service where there is one", async () => {
  const service = `MG${"d".repeat(32)}`;
  await withService(taken, async ({ texter, asked }) => {
    deepStrictEqual(await texter.send(SMS), ok(undefined));
    strictEqual(asked[0]?.form.get("MessagingServiceSid"), service);
  }, service);
});

const TROUBLES = [
  { status: 401, code: 20003, permanent: true, want: /does not accept the key \(20003\)/ },
  { status: 400, code: 21211, permanent: true, want: /refused the message \(21211\)/ },
  { status: 429, code: 20429, permanent: false, want: /\(20429\)/ },
  { status: 503, code: 20503, permanent: false, want: /\(20503\)/ },
];

for (const { status, code, permanent, want } of TROUBLES) {
  Deno.test(`send() tells ${status} as ${permanent ? "permanent" : "for now"} and repeats no secret`, async () => {
    const answer = () => Response.json({ status, code, message: `You said ${SECRET}\r\nno` }, { status });
    await withService(answer, async ({ texter, asked }) => {
      const sent = await texter.send(SMS);
      isTrue(!sent.ok && sent.error.kind === "refused");
      strictEqual(sent.error.permanent, permanent);
      match(sent.error.words, want);
      doesNotMatch(sent.error.words, new RegExp(`${SECRET}|\n`));
      strictEqual(asked.length, 1, "one message, one request");
    });
  });
}

const NONSENSE = [
  { name: "a page", answer: () => new Response("<html>", { status: 200 }) },
  { name: "a page with an error", answer: () => new Response("<html>", { status: 502 }) },
  { name: "a way to elsewhere", answer: () => Response.redirect("http://127.0.0.1:1/", 302) },
  { name: "an endless answer", answer: () => new Response("x".repeat(200_000), { status: 201 }) },
];

for (const { name, answer } of NONSENSE) {
  Deno.test(`send() does not take ${name} for an answer`, async () => {
    await withService(answer, async ({ texter, asked }) => {
      const sent = await texter.send(SMS);
      isTrue(!sent.ok);
      match(troubleWords(sent.error), /Twilio/);
      strictEqual(asked.length, 1);
    });
  });
}

Deno.test("send() gives a silent service up at its deadline", async () => {
  const quiet = Promise.withResolvers<Response>();
  await withService(() => quiet.promise, async ({ texter, clock, asked }) => {
    const sending = texter.send(SMS);
    await until("it was asked", () => asked.length === 1);
    await clock.advance(SMS_DEADLINE_MS);
    deepStrictEqual(await sending, err({ kind: "unreachable", words: "Twilio did not answer in 15 s" }));
    quiet.resolve(new Response());
  });
});

Deno.test("send() asks nobody about what is no number, or too long", async () => {
  await withService(taken, async ({ texter, asked }) => {
    for (const to of ["0163296", "+0123456789", "+44163296\r\n", "whatsapp:+441632960001", ""]) {
      const sent = await texter.send({ ...SMS, to });
      isTrue(!sent.ok && sent.error.kind === "refused", to);
    }
    isTrue(!(await texter.send({ ...SMS, text: "x".repeat(1601) })).ok);
    strictEqual(asked.length, 0);
  });
});
