/**
 * The last step: everything once more, what keeps the site from being started, and what would make it better.
 *
 * @module
 */

import { faultsOf, type Registration, type StepName, testOf } from "../../../domain/registration.ts";
import { formatHours, WEEKDAYS } from "../../../domain/hours.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { readinessOf } from "../../../domain/readiness.ts";
import { portText } from "../../../domain/registration_diff.ts";
import type { Fact } from "../../../ui/Data.tsx";
import type {
  CheckStepPageProps,
  ReviewDevice,
  ReviewPart,
} from "../../../ui/pages/register/CheckStepPage.tsx";
import { degreesText } from "../../../ui/pages/register/PlaceMap.tsx";
import { stepLabel } from "../../../ui/pages/register/RegisterFrame.tsx";
import { devicePath, modelOf } from "./device_view.ts";
import { stepPath, timeLabel } from "./draft.ts";

/** What comes of the registration. */
export type CheckView = Pick<CheckStepPageProps, "parts" | "startFaults" | "score" | "gaps">;

/** Puts everything together once more. */
export function checkView(
  registration: Registration,
  { draftId, find }: { readonly draftId: number; readonly find: FindProfile },
): CheckView {
  const { score, missing } = readinessOf(registration);
  return {
    parts: partsOf(registration, { draftId, find }),
    startFaults: faultsOf(registration).map(({ step, deviceId, words }) => {
      const device = registration.devices.find(({ id }) => id === deviceId);
      return {
        where: device?.name ?? stepLabel(step),
        href: device ? devicePath(draftId, device.id) : stepPath(draftId, step),
        words,
      };
    }),
    score,
    gaps: missing.map(({ step, what, brings, points }) => ({
      what,
      brings,
      points,
      href: stepPath(draftId, step),
    })),
  };
}

interface Shown {
  readonly draftId: number;
  readonly find: FindProfile;
}

function partsOf(registration: Registration, { draftId, find }: Shown): readonly ReviewPart[] {
  const href = (step: StepName) => stepPath(draftId, step);
  return [
    { step: "site", href: href("site"), facts: siteFacts(registration) },
    { step: "router", href: href("router"), facts: routerFacts(registration, find) },
    {
      step: "devices",
      href: href("devices"),
      facts: [],
      devices: devicesOf(registration, { draftId, find }),
    },
    { step: "hours", href: href("hours"), facts: hoursFacts(registration) },
  ];
}

function fact(label: string, value: string | number | null): readonly Fact[] {
  return value === null || value === "" ? [] : [{ label, value: String(value) }];
}

function siteFacts({ site }: Registration): readonly Fact[] {
  if (!site) return [];
  const { name, address, town, zone, latitude, longitude, contacts } = site;
  return [
    ...fact("Name", name),
    ...fact("Address", [address, town].filter((part) => part !== "").join(", ")),
    ...fact("Time zone", zone),
    ...fact(
      "Position",
      latitude === null || longitude === null ? null : degreesText({ latitude, longitude }),
    ),
    ...contacts.flatMap((contact) =>
      fact("Contact", [contact.name, contact.phone, contact.email].filter((part) => part !== "").join(", "))
    ),
  ];
}

function routerFacts({ router }: Registration, find: FindProfile): readonly Fact[] {
  if (!router) return [];
  const { model, serial, profileId, unitId, paths, endpoints, sim } = router;
  return [
    ...fact("Model", model),
    ...fact("Serial number", serial),
    ...paths.flatMap(({ kind, host }, i) =>
      fact(i === 0 ? "Main path" : `Path ${i + 1}`, `${host}, ${kind}`)
    ),
    ...endpoints.flatMap((endpoint) => fact("Port", portText(endpoint))),
    ...fact(
      "Its own registers",
      profileId === null ? "not read" : `${modelOf(profileId, find)}, unit ${unitId}`,
    ),
    ...fact("SIM", [sim.iccid, sim.number, sim.operator].filter((part) => part !== null).join(", ")),
    ...fact("Data a month", sim.allowanceMB === null ? null : `${sim.allowanceMB} MB`),
  ];
}

function hoursFacts({ hours, hoursSeen }: Registration): readonly Fact[] {
  if (!hours) return hoursSeen ? [{ label: "Hours", value: "left out" }] : [];
  return formatHours(hours).map((text, weekday) => ({
    label: WEEKDAYS[weekday] ?? "",
    value: text === "" ? "closed" : text,
  }));
}

function devicesOf(registration: Registration, { draftId, find }: Shown): readonly ReviewDevice[] {
  const { devices, router, site } = registration;
  return devices.map((device) => {
    const { id, name, profileId, unitId, endpointId } = device;
    const endpoint = router?.endpoints.find((one) => one.id === endpointId);
    const note = testOf(registration, device);
    return {
      name,
      href: devicePath(draftId, id),
      words: `${modelOf(profileId, find)}, unit ${unitId}${
        endpoint ? ` through the ${portText(endpoint)}` : ""
      }`,
      state: note?.state ?? "todo",
      tested: note ? `${note.words}, tested ${timeLabel(note.atMs, site?.zone ?? "UTC")}` : "not tested",
    };
  });
}
