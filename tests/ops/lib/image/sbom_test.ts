import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ImageParts, sbomText } from "../../../../ops/lib/image/sbom.ts";

const PARTS: ImageParts = {
  version: "0.1.0",
  deno: "2.9.6",
  distribution: "12",
  debian: [{ name: "libc6", version: "2:2.36-9+deb12u13", architecture: "amd64" }],
  npm: [
    { name: "@scope/one", version: "1.2.3", integrity: "sha512-AAEC", needs: ["two@2.0.0"] },
    { name: "two", version: "2.0.0", integrity: null, needs: [] },
  ],
  licences: new Map([["@scope/one@1.2.3", "MIT"], ["two@2.0.0", "MIT OR Apache-2.0"]]),
};

Deno.test("sbomText() names each package by its URL, its sum in hexadecimal, its licence", () => {
  const { components } = JSON.parse(sbomText(PARTS));
  deepStrictEqual(components.map((one: { purl: string }) => one.purl), [
    "pkg:deb/debian/libc6@2%3A2.36-9%2Bdeb12u13?arch=amd64&distro=debian-12",
    "pkg:npm/deno@2.9.6",
    "pkg:npm/%40scope/one@1.2.3",
    "pkg:npm/two@2.0.0",
  ]);
  deepStrictEqual(components[2].hashes, [{ alg: "SHA-512", content: "000102" }]);
  deepStrictEqual(components[2].licenses, [{ license: { id: "MIT" } }]);
  deepStrictEqual(components[3].licenses, [{ expression: "MIT OR Apache-2.0" }]);
  strictEqual("hashes" in components[3], false);
});

Deno.test("sbomText() says what depends on what, by references that are all there", () => {
  const { components, dependencies, metadata } = JSON.parse(sbomText(PARTS));
  const known = [metadata.component, ...components].map((one: { "bom-ref": string }) => one["bom-ref"]);
  const named = dependencies.flatMap((
    one: { ref: string; dependsOn: string[] },
  ) => [one.ref, ...one.dependsOn]);
  deepStrictEqual(named.filter((ref: string) => !known.includes(ref)), []);
  deepStrictEqual(dependencies[1].dependsOn, ["pkg:npm/two@2.0.0"]);
});

Deno.test("sbomText() is the same for the same parts, and says no time", () => {
  strictEqual(sbomText(PARTS), sbomText(structuredClone(PARTS)));
  strictEqual(/timestamp|serialNumber|20\d\d-/.exec(sbomText(PARTS)), null);
});
