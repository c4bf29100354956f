/**
 * What an image is made of, as CycloneDX 1.5: Debian's packages, Deno, packages of npm, Wattpost itself. The same parts
 * make the same text, so it says neither when nor where it was written. Pure.
 *
 * @module
 */

import { type NpmPackage, packageId } from "./packages.ts";

/** A package of Debian of which files lie in the image. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** `amd64`, `all`. */
  readonly architecture: string;
}

/** What the image is made of. */
export interface ImageParts {
  /** Version of Wattpost, from deno.json. */
  readonly version: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Debian's release by number: `12`. */
  readonly distribution: string;
  readonly debian: readonly DebianPackage[];
  readonly npm: readonly NpmPackage[];
  /** Licences of packages of npm by {@link packageId}, as their authors wrote them. */
  readonly licences: ReadonlyMap<string, string>;
}

/** The list as text. */
export function sbomText(parts: ImageParts): string {
  const { version, deno, npm, debian } = parts;
  const own = `pkg:generic/wattpost@${version}`;
  const runtime = `pkg:npm/deno@${deno}`;
  const linked = [...debian.map((one) => debianUrl(one, parts)), runtime, ...npm.map(npmUrl)];
  const list = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": own,
        name: "wattpost",
        version,
        licenses: [{ license: { id: "MIT" } }],
        purl: own,
      },
    },
    components: [
      ...debian.map((one) => ({
        type: "library",
        "bom-ref": debianUrl(one, parts),
        name: one.name,
        version: one.version,
        purl: debianUrl(one, parts),
      })),
      {
        type: "application",
        "bom-ref": runtime,
        name: "deno",
        version: deno,
        licenses: [{ license: { id: "MIT" } }],
        purl: runtime,
      },
      ...npm.map((one) => npmComponent(one, parts.licences.get(packageId(one)))),
    ],
    dependencies: [
      { ref: own, dependsOn: linked.toSorted() },
      ...npm.map((one) => ({ ref: npmUrl(one), dependsOn: one.needs.map(npmUrlOf) })),
    ],
  };
  return `${JSON.stringify(list, null, 1)}\n`;
}

function npmComponent(one: NpmPackage, licence: string | undefined) {
  const digest = one.integrity === null ? null : hexOf(one.integrity);
  return {
    type: "library",
    "bom-ref": npmUrl(one),
    name: one.name,
    version: one.version,
    ...(digest === null ? {} : { hashes: [{ alg: "SHA-512", content: digest }] }),
    ...(licence === undefined ? {} : { licenses: [licenceOf(licence)] }),
    purl: npmUrl(one),
  };
}

/** A licence by its SPDX identifier, an expression of several, or a name that is neither. */
function licenceOf(text: string) {
  if (/ (?:OR|AND|WITH) /.test(text)) return { expression: text };
  return /^[A-Za-z0-9.+-]+$/.test(text) ? { license: { id: text } } : { license: { name: text } };
}

/** `sha512-` and base64 as hexadecimal digits; `null`: another kind of sum. */
function hexOf(integrity: string): string | null {
  const [, base64] = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity) ?? [];
  return base64 === undefined ? null : Uint8Array.fromBase64(base64).toHex();
}

function npmUrl(one: NpmPackage): string {
  return npmUrlOf(packageId(one));
}

/** The package URL of `@scope/name@1.2.3`: what begins a scope is escaped. */
function npmUrlOf(id: string): string {
  return `pkg:npm/${id.replace(/^@/, "%40")}`;
}

function debianUrl({ name, version, architecture }: DebianPackage, { distribution }: ImageParts): string {
  return `pkg:deb/debian/${name}@${
    encodeURIComponent(version)
  }?arch=${architecture}&distro=debian-${distribution}`;
}
