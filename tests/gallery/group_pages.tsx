/**
 * The pages of groups of sites: the list, none yet, a group with its sites, all sites to choose from, and the question
 * before one is removed.
 *
 * @module
 */

import { IN_GROUP } from "../../lib/ui/groups_query.ts";
import {
  GroupPage,
  type GroupPageProps,
  type GroupSiteRow,
  RemoveGroup,
} from "../../lib/ui/pages/GroupPage.tsx";
import { GroupsPage } from "../../lib/ui/pages/GroupsPage.tsx";
import type { Specimen } from "./frame.tsx";
import { administered } from "./people_pages.tsx";

const LIST = {
  rows: [
    { id: 3, name: "Cold stores", href: "/admin/groups/3", sites: 17, people: 0 },
    { id: 1, name: "North", href: "/admin/groups/1", sites: 1_124, people: 12 },
    {
      id: 2,
      name: "South and the islands, including everything that the southern contractor looks after",
      href: "/admin/groups/2",
      sites: 88,
      people: 1,
    },
  ],
  mayChange: true,
  name: "",
  faults: {},
  removed: false,
};

const within = (id: number, name: string, town: string): GroupSiteRow => ({
  id,
  name,
  town,
  group: "North",
  within: true,
  ticked: false,
});

const NORTH: GroupPageProps = {
  id: 1,
  name: "North",
  sites: 3,
  people: 12,
  mayChange: true,
  typedName: "North",
  query: IN_GROUP,
  rows: [
    within(7, "Kestrel House", "Leeds"),
    within(8, "Mill Lane", "Hebden Bridge"),
    within(9, "Old Mill Business Centre and Conference Hall", "Sowerby Bridge"),
  ],
  found: 3,
  pageSize: 50,
  faults: {},
  notice: null,
};

const ALL: readonly GroupSiteRow[] = [
  { ...within(11, "Aldgate Print Works", "London"), within: false, group: null, ticked: true },
  { ...within(12, "Carrick Works", "Greenock"), within: false, group: "Cold stores", ticked: true },
  ...NORTH.rows,
];

/** All of them. */
export function groupSpecimens(): readonly Specimen[] {
  const group = (more: Partial<GroupPageProps>) =>
    administered("/admin/groups/1", <GroupPage {...NORTH} {...more} />);
  return [
    { name: "groups", title: "Groups", body: administered("/admin/groups", <GroupsPage {...LIST} />) },
    {
      name: "groups-none",
      title: "Groups",
      body: administered(
        "/admin/groups",
        <GroupsPage {...LIST} rows={[]} name="North" faults={{ name: "Another group is called so" }} />,
      ),
    },
    { name: "group", title: "North", body: group({}) },
    {
      name: "group-all",
      title: "North",
      body: group({
        query: { ...IN_GROUP, show: "all" },
        rows: ALL,
        found: 412,
        faults: { sites: "They are not there any more: choose again" },
        notice: { state: "good", title: "The group is made", words: "Put sites into it." },
      }),
    },
    { name: "group-empty", title: "North", body: group({ rows: [], found: 0, sites: 0, people: 0 }) },
    {
      name: "group-remove",
      title: "North",
      body: administered(
        "/admin/groups/1/remove",
        <RemoveGroup id={1} name="North" sites={3} inUse={null} />,
      ),
    },
    {
      name: "group-in-use",
      title: "North",
      body: administered(
        "/admin/groups/1/remove",
        <RemoveGroup id={1} name="North" sites={3} inUse={{ people: 12, tokens: 1 }} />,
      ),
    },
  ];
}
