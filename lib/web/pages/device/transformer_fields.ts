/**
 * Fields of a meter's transformers.
 *
 * @module
 */

import type { Transformer } from "../../../domain/site.ts";
import type { ActSection } from "../../../ui/pages/device/DeviceActPage.tsx";

/** Names of the fields. */
export const RATIO_NAMES = ["appliedBy", "ctPrimaryA", "ctSecondaryA", "vtPrimaryV", "vtSecondaryV"] as const;

const APPLIED_BY = [
  { value: "", label: "No transformers: it is wired directly" },
  { value: "meter", label: "Yes: it multiplies by its ratios itself" },
  { value: "wattpost", label: "No: it shows what its transformers give" },
];

/** What stands there at first. */
export function ratioTexts(transformer: Transformer | null): Readonly<Record<string, string>> {
  if (!transformer) return {};
  const { appliedBy, ctPrimaryA, ctSecondaryA, vtPrimaryV, vtSecondaryV } = transformer;
  const vt = vtPrimaryV === vtSecondaryV
    ? {}
    : { vtPrimaryV: String(vtPrimaryV), vtSecondaryV: String(vtSecondaryV) };
  return { appliedBy, ctPrimaryA: String(ctPrimaryA), ctSecondaryA: String(ctSecondaryA), ...vt };
}

/** The fields. */
export function ratioSection(values: Readonly<Record<string, string>>): ActSection {
  const rated = (name: string, { label, suffix }: { readonly label: string; readonly suffix: string }) => ({
    name,
    label,
    suffix,
    value: values[name] ?? "",
    keys: "decimal" as const,
    maxLength: 9,
    span: 3 as const,
  });
  return {
    title: "Transformers",
    fields: [
      {
        name: "appliedBy",
        label: "Does the display show primary kWh?",
        value: values["appliedBy"] ?? "",
        options: APPLIED_BY,
        span: 12,
      },
      rated("ctPrimaryA", { label: "CT primary", suffix: "A" }),
      rated("ctSecondaryA", { label: "CT secondary", suffix: "A" }),
      rated("vtPrimaryV", { label: "VT primary", suffix: "V" }),
      rated("vtSecondaryV", { label: "VT secondary", suffix: "V" }),
    ],
  };
}
