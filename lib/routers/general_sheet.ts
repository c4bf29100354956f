/**
 * What to set on a router of any maker, and why, as a sheet that a person works through beside it.
 *
 * @module
 */

import type { EndpointKind, PathKind } from "../domain/site.ts";
import {
  budgetOf,
  checkTargetsOf,
  isPrivateAccess,
  OWN_ADDRESSES_FIRST,
  rankedWans,
  type RouterFacts,
  serverPortOf,
} from "./facts.ts";
import { budgetWords, headerLines } from "./header.ts";
import { markdownText } from "./shell_text.ts";

/** Rises with every change of what the sheet asks. */
export const GENERAL_SHEET_VERSION = 2;

const WAN_WORDS: Readonly<Record<PathKind, string>> = {
  cellular: "cellular",
  wifi: "Wi-Fi as WAN",
  wired: "wired",
};

const ANSWERS: Readonly<Record<EndpointKind, string>> = {
  router: "the router's own Modbus TCP server",
  gateway: "a serial gateway (Modbus TCP to RTU)",
  device: "a device in the LAN, by port forwarding",
};

/** The sheet as Markdown; the facts must be without faults. */
export function generalSheet(facts: RouterFacts): string {
  const header = headerLines(facts, { title: "General sheet", version: GENERAL_SHEET_VERSION });
  const sections = [
    [`# Router of ${markdownText(facts.siteName)}`],
    header.map((line) => `- ${markdownText(line)}`),
    wayIn(facts),
    firewall(facts),
    server(facts),
    failover(facts),
    rest(facts),
    [
      "## 6. Test",
      "",
      "- In Wattpost, test the site path by path: pull the cable, then the Wi-Fi, and see that each way answers.",
      "- From any other address, try the same ports: nothing may answer.",
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function wayIn(facts: RouterFacts): readonly string[] {
  const { sim, paths, lanAddress } = facts;
  return [
    "## 1. Way in",
    "",
    "Each path needs an address that stays: a fixed public address, or one in a private APN or VPN. It comes with the",
    "contract of the SIM or line and is not made on the router.",
    "",
    ...paths.map(({ kind, host }, i) => `- Path ${i + 1}, ${WAN_WORDS[kind]}: ${markdownText(host)}`),
    `- APN: ${sim?.apn ? markdownText(sim.apn) : "not registered with the site: as the operator says"}`,
    ...(sim?.number ? [`- Number of the SIM: ${markdownText(sim.number)}`] : []),
    "- User and password of the APN, if it has any: from the operator, typed on the router; they are in no template.",
    ...(lanAddress === null ? [] : [`- Fixed address in the LAN: ${markdownText(lanAddress)}`]),
  ];
}

function firewall({ ownAddresses, ports }: RouterFacts): readonly string[] {
  const head = ["## 2. Firewall: Wattpost's addresses and nobody else", ""];
  if (ownAddresses.length === 0) return [...head, `**${markdownText(OWN_ADDRESSES_FIRST)}.**`];
  return [
    ...head,
    "Modbus knows no password: whoever reaches a port may read it, and with most devices write. So for each of these",
    "ports a rule that names who may come, and none that admits everybody (often called “allow remote access”).",
    "",
    ...ports.map(({ port, kind }) => `- TCP ${port}: ${ANSWERS[kind]}`),
    ...ownAddresses.map((one) => `- Admit from the outside: ${markdownText(one)}`),
    "- Everything else from the outside is dropped, the router's web pages and SSH among it.",
  ];
}

function server(facts: RouterFacts): readonly string[] {
  const port = serverPortOf(facts);
  return [
    "## 3. Modbus server of the router",
    "",
    ...(port === null
      ? ["None is registered: Wattpost then knows no signal, SIM or position of this router."]
      : [
        `- On, TCP port ${port}, unit id ${facts.unitId}; data counters in bytes where there is a choice.`,
        "- Connections are kept open between requests; one that is silent for 60 s is closed.",
      ]),
  ];
}

function failover(facts: RouterFacts): readonly string[] {
  const wans = rankedWans(facts);
  const head = ["## 4. Failover", ""];
  if (wans.length < 2) {
    return [
      ...head,
      "One way in is registered: there is nothing to fail over to, and checks would only cost data.",
    ];
  }
  const targets = checkTargetsOf(facts);
  return [
    ...head,
    "The first path that works is used; the router asks by ping whether it works. A path is down after three checks",
    "without an answer and up after three with one.",
    "",
    ...wans.map(({ kind, metric, intervalS }) => {
      const check = targets.length === 0 || intervalS === null ? "no checks" : `a ping every ${intervalS} s`;
      return `- Metric ${metric}: ${WAN_WORDS[kind]}, ${check}`;
    }),
    targets.length === 0
      ? "- What to ping: an address inside the private APN that answers; none of Wattpost's is known singly"
      : `- What to ping: ${targets.map(markdownText).join(", ")}`,
    ...budgetWords(budgetOf(facts)).map((line) => `- ${markdownText(line)}`),
  ];
}

function rest(facts: RouterFacts): readonly string[] {
  return [
    "## 5. GNSS and time",
    "",
    "- GNSS on, where there is a receiver: Wattpost sees whether the router was moved.",
    ...(facts.ntpServers.length === 0
      ? []
      : [`- Time by NTP from ${facts.ntpServers.map(markdownText).join(", ")}.`]),
    ...(isPrivateAccess(facts)
      ? ["- A private APN may reach no time server: name one inside it, or take the time from GNSS."]
      : []),
  ];
}
