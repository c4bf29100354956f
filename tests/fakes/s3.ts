/**
 * Storage that speaks as much of S3 as restic does: objects of one bucket in memory, parts of large ones, ranges, lists.
 * It believes every signature of a key whose name it knows.
 *
 * @module
 */

/** A running storage. */
export interface FakeS3 {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What lies in the bucket, by key. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Takes nothing more: every write is refused as a full storage does. */
  refuse(writes: boolean): void;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export function startS3({ bucket, keyId }: { readonly bucket: string; readonly keyId: string }): FakeS3 {
  const objects = new Map<string, Uint8Array>();
  const uploads = new Map<string, Map<number, Uint8Array>>();
  let refusing = false;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const url = new URL(request.url);
    const [, inBucket = "", ...path] = url.pathname.split("/").map(decodeURIComponent);
    const key = path.join("/");
    if (!request.headers.get("authorization")?.includes(`Credential=${keyId}/`)) {
      return refused(403, "AccessDenied");
    }
    if (inBucket !== bucket) return refused(404, "NoSuchBucket");
    const body = await bodyOf(request);
    if (key === "") return ofBucket(request, url);
    if (refusing && request.method !== "GET" && request.method !== "HEAD") {
      return refused(507, "InsufficientStorage");
    }
    const upload = url.searchParams.get("uploadId");
    if (request.method === "POST" && url.searchParams.has("uploads")) return begin(key);
    if (upload !== null) return ofUpload(request, { url, key, upload, body });
    return ofObject(request, key, body);
  });
  const ofBucket = (request: Request, url: URL): Response => {
    if (url.searchParams.has("location")) return xml("<LocationConstraint/>");
    return request.method === "GET" ? listed(url.searchParams) : new Response(null);
  };
  const listed = (asked: URLSearchParams): Response => {
    const [prefix, delimiter] = [asked.get("prefix") ?? "", asked.get("delimiter") ?? ""];
    const [keys, folders] = [[] as string[], new Set<string>()];
    for (const name of [...objects.keys()].sort()) {
      if (!name.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
      if (end < 0) keys.push(name);
      else folders.add(name.slice(0, end + 1));
    }
    const contents = keys.map((name) =>
      `<Contents><Key>${name}</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified><ETag>"e"</ETag>` +
      `<Size>${objects.get(name)?.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
    );
    const prefixes = [...folders].map((name) => `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`);
    return xml(
      `<ListBucketResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>${contents.join("")}${
        prefixes.join("")
      }</ListBucketResult>`,
    );
  };
  const begin = (key: string): Response => {
    const id = crypto.randomUUID();
    uploads.set(id, new Map());
    return xml(
      `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  };
  const ofUpload = (
    request: Request,
    { url, key, upload, body }: { url: URL; key: string; upload: string; body: Uint8Array },
  ): Response => {
    const parts = uploads.get(upload);
    if (!parts) return refused(404, "NoSuchUpload");
    if (request.method === "PUT") {
      parts.set(Number(url.searchParams.get("partNumber")), body);
      return new Response(null, { headers: { etag: '"e"' } });
    }
    uploads.delete(upload);
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    objects.set(key, joined([...parts].sort(([one], [other]) => one - other).map(([, bytes]) => bytes)));
    return xml(
      `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"e"</ETag></CompleteMultipartUploadResult>`,
    );
  };
  const ofObject = (request: Request, key: string, body: Uint8Array): Response => {
    if (request.method === "PUT") {
      objects.set(key, body);
      return new Response(null, { headers: { etag: '"e"' } });
    }
    if (request.method === "DELETE") {
      objects.delete(key);
      return new Response(null, { status: 204 });
    }
    const bytes = objects.get(key);
    return bytes === undefined ? refused(404, "NoSuchKey") : sent(request, bytes);
  };
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    objects,
    refuse: (writes) => refusing = writes,
    close: () => server.shutdown(),
  };
}

function sent(request: Request, bytes: Uint8Array): Response {
  const headers = {
    "etag": '"e"',
    "last-modified": "Sun, 29 Nov 2026 00:00:00 GMT",
    "accept-ranges": "bytes",
  };
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
  if (request.method === "HEAD") {
    return new Response(null, { headers: { ...headers, "content-length": String(bytes.length) } });
  }
  if (from === "") return new Response(bytes.slice(), { headers });
  const part = bytes.slice(Number(from), to === "" ? bytes.length : Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
  return new Response(part, { status: 206, headers: { ...headers, "content-range": range } });
}

/** The body without the signatures that clients put between its chunks where there is no TLS. */
async function bodyOf(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (!request.headers.get("x-amz-content-sha256")?.startsWith("STREAMING-")) return bytes;
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const length = parseInt(new TextDecoder().decode(bytes.subarray(at, end)), 16);
    if (!(length > 0)) break;
    chunks.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length + 2;
  }
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function xml(text: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>${text}`, {
    headers: { "content-type": "application/xml" },
  });
}

function refused(status: number, code: string): Response {
  const body =
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return new Response(body, { status, headers: { "content-type": "application/xml" } });
}
