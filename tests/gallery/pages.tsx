/**
 * Every page of the product, in the states it can be in.
 *
 * @module
 */

import { ErrorPage } from "../../lib/ui/pages/ErrorPage.tsx";
import { ReadNowPage } from "../../lib/ui/pages/ReadNowPage.tsx";
import { SetupPage } from "../../lib/ui/pages/SetupPage.tsx";
import { SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { SitesPage } from "../../lib/ui/pages/SitesPage.tsx";
import { TodayPage } from "../../lib/ui/pages/TodayPage.tsx";
import { ALL_SITES } from "../../lib/ui/sites_query.ts";
import { framed, type Specimen } from "./frame.tsx";
import { completenessChart, LEGEND, ROWS, TODAY } from "./fleet.tsx";
import { newSitePage, READ_SITE, readNowPage, sitePage } from "./one_site.tsx";

const sitesProps = {
  query: ALL_SITES,
  siteCount: 412,
  found: 412,
  rows: ROWS,
  pageSize: ROWS.length,
  spanLabel: "Sun 10:30 to Mon 10:30",
  legend: LEGEND,
  registerHref: null,
};

const signIn = {
  fault: null,
  back: "/",
  keepDays: 14,
  keep: true,
  organisation: "Northfold Estates",
  csrf: "token",
};

/** All pages in the order of the navigation. */
export function pageSpecimens(): readonly Specimen[] {
  return [
    {
      name: "today",
      title: "Today",
      body: framed("today", <TodayPage {...TODAY} completenessChart={completenessChart()} />),
    },
    {
      name: "today-first",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          triage={null}
          silent={[]}
          completeness={null}
          largest={[]}
          yesterdayWh={null}
        />,
      ),
    },
    {
      name: "today-empty",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          siteCount={0}
          registerHref="/sites/new"
          triage={null}
          silent={[]}
          completeness={null}
          largest={[]}
        />,
      ),
    },
    {
      name: "today-good",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          triage={{
            boundaryLabel: "10:30",
            open: false,
            reported: 412,
            expected: 412,
            onBackup: 0,
            silent: 0,
          }}
          silent={[]}
          completenessChart={completenessChart()}
        />,
      ),
    },
    { name: "sites", title: "Sites", body: framed("sites", <SitesPage {...sitesProps} />) },
    {
      name: "sites-many",
      title: "Sites",
      body: framed("sites", <SitesPage {...sitesProps} bulkAction="/sites/bulk" />),
    },
    {
      name: "sites-none",
      title: "Sites",
      body: framed(
        "sites",
        <SitesPage
          {...sitesProps}
          query={{ ...ALL_SITES, q: "kestrl", state: "silent" }}
          found={0}
          rows={[]}
        />,
      ),
    },
    { name: "site", title: "Kestrel House", body: framed("sites", sitePage()) },
    { name: "site-new", title: "Corbridge Primary", body: framed("sites", newSitePage()) },
    { name: "read-now", title: "Read now", body: framed("sites", readNowPage()) },
    {
      name: "read-failed",
      title: "Read now",
      body: framed(
        "sites",
        <ReadNowPage
          device="Heat pump 2"
          model="Eastron SDM630 v2, unit 12 through port 502"
          site={READ_SITE}
          readAction="/read"
          outcome={{
            kind: "failed",
            atLabel: "10:47:02",
            what: "No answer from unit 12 in 5 s",
            next:
              "The gateway answered, the device behind it did not. It is tried again at 11:00. Look whether it has power and whether its bus wires hold.",
          }}
        />,
      ),
    },
    {
      name: "sign-in",
      title: "Sign in",
      body: <SignInPage {...signIn} email="priya.nair@northfold.example" />,
    },
    {
      name: "sign-in-wrong",
      title: "Sign in",
      body: <SignInPage {...signIn} email="priya.nair@northfold.example" fault={{ kind: "wrong" }} />,
    },
    {
      name: "setup",
      title: "Set up",
      body: (
        <SetupPage
          kind="form"
          token="secret"
          name="Priya Nair"
          email="priya.nair"
          faults={{ email: "An address has an @ in it", password: "9 characters are too few, 12 are needed" }}
          passwordMinLength={12}
          emailMaxLength={190}
          csrf="token"
        />
      ),
    },
    { name: "setup-spent", title: "Set up", body: <SetupPage kind="spent" /> },
    {
      name: "error",
      title: "Error",
      body: <ErrorPage kind="broken" requestId="01JD-7Q2M-XK4T" atLabel="10:47:02" retryAfterS={null} />,
    },
    {
      name: "not-found",
      title: "Not found",
      body: <ErrorPage kind="not-found" requestId="01JD-7Q2M-XK4V" atLabel="10:47:09" retryAfterS={null} />,
    },
  ];
}
