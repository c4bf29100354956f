/**
 * A Modbus TCP client on a raw socket for tests: it knows nothing of the collector and hides nothing.
 *
 * @module
 */

/** What came back. */
export interface Heard {
  /** Transaction id of the answer. */
  readonly transactionId: number;
  /** Unit that answers. */
  readonly unitId: number;
  /** Function code, 128 added by an exception. */
  readonly functionCode: number;
  /** Registers. */
  readonly words: readonly number[];
  /** Exception code; 0: none. */
  readonly exception: number;
}

/** Bytes of a request for registers. */
export function requestOf(
  ask: { unitId: number; functionCode: number; address: number; count: number; transactionId?: number },
): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ask.transactionId ?? 1);
  view.setUint16(4, 6);
  bytes[6] = ask.unitId;
  bytes[7] = ask.functionCode;
  view.setUint16(8, ask.address);
  view.setUint16(10, ask.count);
  return bytes;
}

/** Reads bytes up to `count`, or what came before the end; gives up after 2 s. */
export async function readBytes(connection: Deno.TcpConn, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let got = 0;
  const timer = setTimeout(() => connection.close(), 2000);
  try {
    while (got < count) {
      const read = await connection.read(bytes.subarray(got));
      if (read === null) break;
      got += read;
    }
  } finally {
    clearTimeout(timer);
  }
  return bytes.slice(0, got);
}

/** One answer. */
export async function hear(connection: Deno.TcpConn): Promise<Heard> {
  const header = await readBytes(connection, 7);
  if (header.length < 7) throw new Error(`Only ${header.length} bytes of a header`);
  const view = new DataView(header.buffer);
  const body = await readBytes(connection, view.getUint16(4) - 1);
  const functionCode = body[0] ?? 0;
  const failed = functionCode > 127;
  const data = new DataView(body.buffer);
  const words = failed ? [] : Array.from({ length: (body[1] ?? 0) / 2 }, (_, i) => data.getUint16(2 + i * 2));
  return {
    transactionId: view.getUint16(0),
    unitId: header[6] ?? 0,
    functionCode,
    words,
    exception: failed ? body[1] ?? 0 : 0,
  };
}

/** Connects, asks once, hears once and closes. */
export async function ask(
  address: { host: string; port: number },
  request: { unitId: number; functionCode: number; address: number; count: number },
): Promise<Heard> {
  const connection = await Deno.connect({ hostname: address.host, port: address.port });
  try {
    await connection.write(requestOf(request));
    return await hear(connection);
  } finally {
    connection.close();
  }
}
