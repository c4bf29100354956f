/**
 * The OpenAPI 3.1 document, made of the schemas that judge requests.
 *
 * @module
 */

import { z } from "zod";
import { API_PATH, type Media, type Operation, OPERATIONS } from "./operations.ts";
import { problem } from "./schemas.ts";

type Json = { readonly [name: string]: unknown };

const TITLES: Readonly<Record<number, string>> = {
  304: "Nothing has changed since the answer with this `ETag`",
  400: "A parameter is wrong, unknown, or sent twice",
  401: "The token is missing, wrong, over or revoked",
  403: "The token, or the person it acts for, may not do this",
  404: "There is no such thing within reach",
  405: "This method is not answered here",
  406: "Nothing of what is accepted can be answered",
  408: "The body did not arrive in time",
  409: "The name is taken",
  412: "The site has changed since the answer with this `ETag`",
  413: "The body is too large",
  415: "The body is no JSON",
  422: "What is sent is wrong",
  428: "`If-Match` is missing",
  429: "Too many requests: `Retry-After` says when to come again",
  500: "Something broke on our side",
  503: "Not now: `Retry-After` says when to come again",
};

const EVERYWHERE = [405, 406, 429, 500, 503];

/** The words of a refusal or of a 304. */
export function titleOf(status: number): string {
  return TITLES[status] ?? "The request was refused";
}

/** The document. */
export function openApiDocument(): Json {
  const components: Record<string, unknown> = {};
  const lift = (schema: z.ZodType) => lifted(schema, components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const it of OPERATIONS) {
    paths[it.path] = { ...paths[it.path], [it.method.toLowerCase()]: operationOf(it, lift) };
  }
  lift(problem);
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "Wattpost",
      version: "1",
      summary: "Half-hourly readings of meters, and the sites they stand at",
      description:
        "Instants are UTC, amounts whole numbers in the unit that stands beside them, and what is missing " +
        "is `null` with its reason. A thing out of reach does not exist. What is not described here is refused.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: API_PATH }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => a < b ? -1 : 1)),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "An API token, made under Account, API tokens: it may what its owner may, cut to its own reach",
        },
      },
    },
  };
}

type Lift = (schema: z.ZodType) => Json;

function operationOf(it: Operation, lift: Lift): Json {
  const statuses = [...new Set([...it.refusals, ...it.open ? [] : [401], ...EVERYWHERE])].sort((a, b) =>
    a - b
  );
  return {
    operationId: it.id,
    summary: it.summary,
    ...(it.words === undefined ? {} : { description: it.words }),
    ...(it.open ? { security: [] } : {}),
    parameters: [
      ...parametersOf(it.params, "path"),
      ...parametersOf(it.query, "query"),
      ...headersOf(it),
    ],
    ...(it.body
      ? { requestBody: { required: true, content: { "application/json": { schema: lift(it.body) } } } }
      : {}),
    responses: {
      "200": {
        description: "What was asked for",
        headers: { ETag: ETAG },
        content: contentOf(it.media, lift),
      },
      ...(it.method === "GET" ? { "304": { description: titleOf(304), headers: { ETag: ETAG } } } : {}),
      ...Object.fromEntries(statuses.map((status) => [String(status), refusalOf(status)])),
    },
  };
}

const ETAG = { description: "Names this answer, strongly", schema: { type: "string" } };
const AFTER = { description: "Seconds", schema: { type: "integer", minimum: 1 } };

function headersOf({ method }: Operation): readonly Json[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: "header",
    required,
    description,
    schema: { type: "string" },
  });
  if (method === "GET") return [header("If-None-Match", false, "An `ETag` that is known already")];
  return [
    header("If-Match", true, "The `ETag` of what is to be changed"),
    header("Idempotency-Key", false, "Names this change: asked again under it, it is not done twice"),
  ];
}

function refusalOf(status: number): Json {
  return {
    description: titleOf(status),
    ...(status === 429 || status === 503 ? { headers: { "Retry-After": AFTER } } : {}),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

function contentOf(media: readonly Media[], lift: Lift): Json {
  return Object.fromEntries(media.map(({ type, schema, words }) => [type, {
    schema: schema
      ? lift(schema)
      : { type: "string", ...(words === undefined ? {} : { description: words }) },
  }]));
}

function parametersOf(schema: z.ZodType, where: "path" | "query"): readonly Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(([name, field]) => {
    const { $schema: _, description, ...own } = z.toJSONSchema(field, { io: "output" }) as Record<
      string,
      unknown
    >;
    return {
      name,
      in: where,
      required: where === "path" || !field.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: own,
      ...(own.type === "array" ? { style: "form", explode: false } : {}),
    };
  });
}

/** A schema as a reference where it has a name; what it names goes to the components. */
function lifted(schema: z.ZodType, components: Record<string, unknown>): Json {
  const made = z.toJSONSchema(z.array(schema), { io: "output" }) as Record<string, unknown>;
  const { $defs = {}, items } = renamed(made) as {
    readonly $defs?: Record<string, unknown>;
    readonly items: Json;
  };
  Object.assign(components, $defs);
  return items;
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "$ref" && typeof inner === "string"
        ? inner.replace(/^#\/\$defs\//, "#/components/schemas/")
        : renamed(inner),
    ]),
  );
}
