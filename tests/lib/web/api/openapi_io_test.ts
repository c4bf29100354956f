import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../../../../lib/web/api/openapi.ts";
import { OPERATIONS } from "../../../../lib/web/api/operations.ts";

// deno-lint-ignore no-explicit-any
const document: any = JSON.parse(JSON.stringify(openApiDocument()));

Deno.test("openApiDocument() is OpenAPI 3.1 as its own schema has it", async () => {
  const { valid, errors } = await new Validator().validate(document);
  strictEqual(valid, true, JSON.stringify(errors));
});

Deno.test("openApiDocument() refers to nothing that is not there, and has nothing that is not used", () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  const have = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  deepStrictEqual([...new Set(refs)].sort(), have.sort());
});

Deno.test("openApiDocument() asks for a token everywhere but at its own description", () => {
  const open = OPERATIONS.filter((it) =>
    document.paths[it.path][it.method.toLowerCase()].security?.length === 0
  );
  deepStrictEqual(open.map(({ path }) => path), ["/openapi.json"]);
  deepStrictEqual(document.security, [{ token: [] }]);
});

Deno.test("openApiDocument() says of every operation how it is refused", () => {
  for (const { path, method, open } of OPERATIONS) {
    const { responses } = document.paths[path][method.toLowerCase()];
    for (const status of [405, 406, 429, 500, 503, ...open ? [] : [401]]) {
      ok(responses[status]?.content["application/problem+json"], `${method} ${path} ${status}`);
    }
  }
});

Deno.test("openApiDocument() allows nothing that is not named in what goes in and out", () => {
  const { OpenApiDocument: _, ...schemas } = document.components.schemas;
  for (
    const [name, schema] of Object.entries<{ readonly type: string; readonly additionalProperties: boolean }>(
      schemas,
    )
  ) {
    if (schema.type === "object") strictEqual(schema.additionalProperties, false, name);
  }
});
