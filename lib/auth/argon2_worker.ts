/**
 * Runs argon2id away from the event loop: one password takes 80 to 100 ms, and nothing else may wait for it.
 *
 * @module
 */

import { argon2id, argon2Verify } from "hash-wasm";

/** What the worker is asked. */
export type Argon2Request =
  | { readonly id: number; readonly kind: "hash"; readonly password: string; readonly salt: Uint8Array }
  | { readonly id: number; readonly kind: "verify"; readonly password: string; readonly hash: string };

/** What it answers: the encoded hash, or whether the password fits. */
export type Argon2Answer =
  | { readonly id: number; readonly kind: "hash"; readonly hash: string }
  | { readonly id: number; readonly kind: "verify"; readonly fits: boolean }
  | { readonly id: number; readonly kind: "failed" };

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const COST = { parallelism: 1, iterations: 2, memorySize: 19_456, hashLength: 32 } as const;

interface WorkerScope {
  onmessage: ((event: MessageEvent<Argon2Request>) => void) | null;
  postMessage(answer: Argon2Answer): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = async ({ data }) => {
  scope.postMessage(await answer(data).catch((): Argon2Answer => ({ id: data.id, kind: "failed" })));
};

async function answer(request: Argon2Request): Promise<Argon2Answer> {
  switch (request.kind) {
    case "hash": {
      const { id, password, salt } = request;
      return { id, kind: "hash", hash: await argon2id({ password, salt, ...COST, outputType: "encoded" }) };
    }
    case "verify": {
      const { id, password, hash } = request;
      return { id, kind: "verify", fits: await argon2Verify({ password, hash }) };
    }
  }
}
