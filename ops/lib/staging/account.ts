/**
 * The first administrator of staging, made through the one-time link that its first process prints, so that trials can
 * sign in. The password is chance and lies in staging's credentials alone.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { IDS } from "../host/layout.ts";
import { type Host, HostError } from "../host/step.ts";
import type { Place } from "../release/place.ts";
import { createClient } from "../trial/client.ts";
import { STAGING_URL } from "./declared.ts";
import type { DockerArgv } from "./folders.ts";

/** Characters of the password before they are written in hex. */
const PASSWORD_BYTES = 24;

const EMAIL = "staging@wattpost.invalid";

/** The file of the account, as trials read it. */
export function accountFile({ paths }: Place): string {
  return `${paths.credentials}/smoke_account`;
}

/** Makes the account where there is none yet. */
export async function makeAccount(on: Host, place: Place, docker: DockerArgv): Promise<void> {
  if (await on.stat(accountFile(place))) return;
  const token = await firstToken(on, place, docker);
  const bytes = crypto.getRandomValues(new Uint8Array(PASSWORD_BYTES));
  const password = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const client = createClient({
    place: { kind: "socket", path: place.paths.upstream },
    publicUrl: STAGING_URL,
    clock: systemClock,
  });
  try {
    const form = { token, name: "Staging", email: EMAIL, password };
    const asked = await client.ask("/setup", { form });
    if (!asked.ok) throw new HostError(asked.error);
    if (asked.value.status !== 303) {
      throw new HostError(
        `Cannot make the first administrator of staging: /setup answers ${asked.value.status}`,
      );
    }
  } finally {
    client.close();
  }
  const text = `${JSON.stringify({ email: EMAIL, password })}\n`;
  await on.write(accountFile(place), { text, mode: 0o640, owner: `root:${IDS.app.id}` });
}

/** The token of the link that a process has printed at its start. */
async function firstToken(on: Host, { name }: Place, docker: DockerArgv): Promise<string> {
  const filter = `label=com.docker.compose.project=${name}`;
  const { out } = await on.must([...docker, "container", "ls", "--quiet", "--filter", filter]);
  for (const id of out.split("\n").filter((line) => line !== "")) {
    const said = await on.run([...docker, "logs", id]);
    const token = /\/setup\?token=([\w-]{20,100})/.exec(said.out + said.err)?.[1];
    if (token !== undefined) return token;
  }
  throw new HostError("No process of staging has printed the link that makes the first administrator");
}
