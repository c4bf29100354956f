/**
 * The pair that nginx starts with before there is a certificate: self-signed, for the domain's names, so that the first
 * start and the authority's question on port 80 work on a host that has nothing yet.
 *
 * @module
 */

import { type Argv, type CertificateWish, wantedNames } from "./certificate_argv.ts";
import { isPair, readCertificate } from "./certificate_facts.ts";
import { type CertificatePlace, liveFolder } from "./certificate_place.ts";
import { keepPath, makeLink, pathName, putBack } from "./kit_before.ts";
import { kindWords } from "./kit_files.ts";
import { commandText } from "./kit_reactions.ts";
import { type Host, HostError, type Part } from "./step.ts";

/** Days for which it is valid: nobody is to get used to it. */
const PAIR_DAYS = 30;

/** Makes the pair, key first; both beside their names, so that nginx never reads a half of it. */
export function pairArgv(names: readonly string[], { key, certificate }: PairFiles): Argv {
  return [
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] as const,
    ...[
      "-nodes",
      "-sha256",
      "-days",
      String(PAIR_DAYS),
      "-subj",
      "/CN=Wattpost until a certificate is issued",
    ],
    ...["-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
    ...["-keyout", key, "-out", certificate],
  ];
}

/** Where the two lie. */
export interface PairFiles {
  readonly key: string;
  readonly certificate: string;
}

/** The pair as a part of a step. */
export function selfSignedPair(wish: CertificateWish, place: CertificatePlace): Part {
  const files = pairIn(place.selfSigned);
  const beside = { key: `${files.key}.new`, certificate: `${files.certificate}.new` };
  const names = wantedNames(wish);
  const make: readonly Argv[] = [
    ["mkdir", "-p", "-m", "700", "--", place.selfSigned],
    pairArgv(names, beside),
    ["chmod", "600", beside.key],
    ["mv", "-fT", "--", beside.key, files.key],
    ["mv", "-fT", "--", beside.certificate, files.certificate],
  ];
  return {
    async check(on) {
      const is = await pairFault(on, files, names);
      const expected = `a key and a self-signed certificate for ${names.join(", ")}`;
      return is === null ? [] : [{ what: place.selfSigned, is, expected, does: make.map(commandText) }];
    },
    async apply(on) {
      if (await pairFault(on, files, names) === null) return;
      for (const argv of make) await on.must(argv);
    },
    async undo(on) {
      const all = [files.key, files.certificate, beside.key, beside.certificate];
      await on.must(["rm", "-f", "--", ...all]);
      await on.run(["rmdir", "--", place.selfSigned]);
    },
  };
}

/**
 * The link to the served certificate. One that leads to the pair or to what an authority issued is left as it is; one
 * that leads nowhere or elsewhere would keep nginx from starting, and is mended.
 */
export function servedLink(place: CertificatePlace): Part {
  const { tls, selfSigned } = place;
  return {
    keeps: [pathName(tls)],
    async check(on) {
      const there = await on.stat(tls);
      const wanted = await targetOf(on, place);
      if (there?.kind === "link" && (there.target === wanted || there.target === selfSigned)) return [];
      const is = there === null ? "missing" : kindWords(there);
      const does = [commandText(["ln", "-sfn", wanted, tls])];
      return [{ what: tls, is, expected: `a link to ${wanted}`, does }];
    },
    async apply(on) {
      if ((await on.stat(tls))?.kind === "folder") {
        throw new HostError(`Cannot make the link "${tls}": there is a folder`);
      }
      await keepPath(on, tls, []);
      await makeLink(on, tls, await targetOf(on, place));
    },
    undo: (on) => putBack(on, tls),
  };
}

/** What an authority issued, where it is whole; else the pair. */
async function targetOf(on: Host, place: CertificatePlace): Promise<string> {
  const live = pairIn(liveFolder(place));
  const found = await on.run(["realpath", "-e", "--", live.key, live.certificate]);
  return found.code === 0 ? liveFolder(place) : place.selfSigned;
}

/** The two files in a folder. */
function pairIn(folder: string): PairFiles {
  return { key: `${folder}/privkey.pem`, certificate: `${folder}/fullchain.pem` };
}

async function pairFault(on: Host, files: PairFiles, names: readonly string[]): Promise<string | null> {
  const [key, certificate] = [await on.read(files.key), await on.read(files.certificate)];
  if (key === null || certificate === null) return "missing";
  const facts = readCertificate(certificate);
  if (facts === null) return "no certificate";
  if (!isPair(certificate, key)) return "a certificate with the key of another";
  const lacking = names.filter((name) => !facts.names.includes(name));
  return lacking.length === 0 ? null : `a certificate without ${lacking.join(", ")}`;
}
