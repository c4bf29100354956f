/**
 * Reads XML piece by piece without ever keeping the whole of it. The only file that imports saxes. Whatever declares a
 * document type is refused, so that no entity can grow.
 *
 * @module
 */

import { SaxesParser } from "saxes";

/** Who hears what stands in a document. Names come without their prefix. */
export interface XmlHearer {
  /** An element begins. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Text within an element. */
  text(text: string): void;
  /** An element ends. */
  close(name: string): void;
}

/** What is no XML, or more of it than is read. */
export class XmlTrouble extends Error {}

/** Elements within elements at most. */
const DEPTH_MAX = 64;

/** Reads a document; throws {@link XmlTrouble} where it is none. */
export async function readXml(
  pieces: AsyncIterable<Uint8Array>,
  hearer: XmlHearer,
): Promise<void> {
  const parser = new SaxesParser();
  const fail = (why: string): never => {
    throw new XmlTrouble(why);
  };
  let depth = 0;
  parser.on("error", ({ message }) => fail(message));
  parser.on("doctype", () => fail("It declares a document type"));
  parser.on("opentag", ({ name, attributes }) => {
    if (++depth > DEPTH_MAX) fail("It is nested too deeply");
    hearer.open(withoutPrefix(name), attributes);
  });
  parser.on("text", (text) => hearer.text(text));
  parser.on("cdata", (text) => hearer.text(text));
  parser.on("closetag", ({ name }) => {
    depth--;
    hearer.close(withoutPrefix(name));
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of pieces) parser.write(decoder.decode(piece, { stream: true }));
    parser.write(decoder.decode()).close();
  } catch (error) {
    // What is damaged makes the decoders throw one of these; whatever else is thrown is the hearer's own.
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new XmlTrouble(error.message, { cause: error });
    }
    throw error;
  }
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
