/**
 * The page on security: as it is found, after a change, and refused to whoever has no second factor themselves.
 *
 * @module
 */

import { SecurityPage, type SecurityPageProps } from "../../lib/ui/pages/SecurityPage.tsx";
import { OWN_FIRST, securityRules } from "../../lib/web/pages/security_view.ts";
import type { Specimen } from "./frame.tsx";
import { administered } from "./people_pages.tsx";

const named = (name: string, id: number) => ({ name, href: `/admin/people/${id}` });

const PROPS: SecurityPageProps = {
  rows: [
    {
      role: "administrator",
      field: "role-administrator",
      label: "Administrator",
      have: 2,
      lack: 0,
      lacking: [],
    },
    {
      role: "operator",
      field: "role-operator",
      label: "Operator",
      have: 5,
      lack: 1,
      lacking: [named("Olu Adeyemi", 3)],
    },
    {
      role: "technician",
      field: "role-technician",
      label: "Technician",
      have: 14,
      lack: 9,
      lacking: [
        named("Ana Sousa", 11),
        named("Bo Lindqvist", 12),
        named("Tomasz Wiśniewski-Featherstonehaugh of the northern branch", 2),
        named("مريم حداد", 14),
        named("Wei Zhang", 15),
      ],
    },
    { role: "viewer", field: "role-viewer", label: "Viewer", have: 0, lack: 0, lacking: [] },
  ],
  ticked: ["administrator"],
  version: 3,
  faults: {},
  ownLacking: null,
  saved: null,
  mayChange: true,
  rules: securityRules({
    keyId: "k3f9ab01c2d",
    checkpoint: { seq: 18_204, atMs: Date.UTC(2026, 10, 23, 10, 47), keyId: "c81d0e7b52" },
  }),
};

/** All of them. */
export function securitySpecimens(): readonly Specimen[] {
  const page = (name: string, more: Partial<SecurityPageProps> = {}): Specimen => ({
    name,
    title: "Security",
    body: administered("/admin/security", <SecurityPage {...PROPS} {...more} />),
  });
  return [
    page("security"),
    page("security-saved", { ticked: ["technician", "administrator"], saved: 9, version: 4 }),
    page("security-own", {
      rows: PROPS.rows.map((row) =>
        row.role === "administrator" ? { ...row, have: 1, lack: 1, lacking: [named("Priya Nair", 1)] } : row
      ),
      faults: { "role-administrator": OWN_FIRST },
      ownLacking: "administrator",
      rules: securityRules({ keyId: "k3f9ab01c2d", checkpoint: null }),
    }),
  ];
}
