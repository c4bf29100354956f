/**
 * Writes every page and part with made-up data as files, and takes their pictures: `deno run -A
 * tests/gallery/gallery.ts FOLDER [NAME …]`. Put them beside the reference pictures and look.
 *
 * @module
 */

import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { render } from "preact-render-to-string";
import type { Theme } from "../../lib/ui/Account.tsx";
import { accountSpecimens } from "./account_pages.tsx";
import { auditSpecimens } from "./audit_pages.tsx";
import { checkSpecimens } from "./check_pages.tsx";
import { backupSpecimens } from "./backup_pages.tsx";
import { banSpecimens } from "./ban_pages.tsx";
import { scanSpecimens } from "./scan_pages.tsx";
import { changeSpecimens } from "./change_pages.tsx";
import { deviceSpecimens } from "./device_pages.tsx";
import { documentOf, type Specimen } from "./frame.tsx";
import { foreignSpecimens } from "./foreign_pages.tsx";
import { groupSpecimens } from "./group_pages.tsx";
import { allInView } from "./look_over.ts";
import { linkSpecimens } from "./link_pages.tsx";
import { importSpecimens } from "./import_pages.tsx";
import { mailSpecimens } from "./mail_pages.tsx";
import { mapSpecimens } from "./map_pages.tsx";
import { pageSpecimens } from "./pages.tsx";
import { partsSpecimen } from "./parts.tsx";
import { passkeySpecimens } from "./passkey_pages.tsx";
import { peopleSpecimens } from "./people_pages.tsx";
import { profileSpecimens } from "./profile_pages.tsx";
import { registerSpecimens } from "./register_pages.tsx";
import { routerSpecimens } from "./router_pages.tsx";
import { vpnSpecimens } from "./vpn_pages.tsx";
import { secondFactorSpecimens } from "./second_factor_pages.tsx";
import { securitySpecimens } from "./security_pages.tsx";
import { tokenSpecimens } from "./token_pages.tsx";
import { typingSpecimens } from "./typing_pages.tsx";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A width and theme in which a page is looked at. */
export interface Look {
  /** Width in CSS px. */
  readonly widthPx: 1440 | 390;
  /** Its theme. */
  readonly theme: Exclude<Theme, "system">;
}

/** All looks. */
export const LOOKS: readonly Look[] = [
  { widthPx: 1440, theme: "light" },
  { widthPx: 390, theme: "light" },
  { widthPx: 1440, theme: "dark" },
  { widthPx: 390, theme: "dark" },
];

/** Everything in the gallery. */
export function allSpecimens(): readonly Specimen[] {
  return [
    ...pageSpecimens(),
    ...profileSpecimens(),
    ...mapSpecimens(),
    ...accountSpecimens(),
    ...mailSpecimens(),
    ...passkeySpecimens(),
    ...tokenSpecimens(),
    ...auditSpecimens(),
    ...checkSpecimens(),
    ...peopleSpecimens(),
    ...groupSpecimens(),
    ...registerSpecimens(),
    ...changeSpecimens(),
    ...importSpecimens(),
    ...typingSpecimens(),
    ...foreignSpecimens(),
    ...linkSpecimens(),
    ...routerSpecimens(),
    ...vpnSpecimens(),
    ...deviceSpecimens(),
    ...secondFactorSpecimens(),
    ...securitySpecimens(),
    ...banSpecimens(),
    ...scanSpecimens(),
    ...backupSpecimens(),
    partsSpecimen(),
  ];
}

/** Writes stylesheet, icon and every page in both themes into a folder. */
export async function writeGallery(folder: string, specimens = allSpecimens()): Promise<void> {
  await mkdir(join(folder, "css"), { recursive: true });
  for (const file of await readdir(join(ROOT, "static/css"))) {
    await copyFile(join(ROOT, "static/css", file), join(folder, "css", file));
  }
  await copyFile(join(ROOT, "static/favicon.svg"), join(folder, "favicon.svg"));
  for (const specimen of specimens) {
    for (const theme of ["light", "dark"] as const) {
      const html = `<!doctype html>${render(documentOf(specimen, theme))}`;
      await writeFile(join(folder, `${specimen.name}-${theme}.html`), html);
    }
  }
}

/** Where the browser is; `CHROMIUM` names another one. */
export const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** Starts Chromium, or a program that does, with more arguments where given. */
export function openBrowser(
  { program = CHROMIUM, more = [] }: { readonly program?: string; readonly more?: readonly string[] } = {},
): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
}

/** Opens a page as a phone or a desktop shows it. */
export async function openLook(browser: Browser, look: Look): Promise<Page> {
  const phone = look.widthPx === 390;
  const context = await browser.newContext({
    viewport: { width: look.widthPx, height: phone ? 844 : 900 },
    deviceScaleFactor: phone ? 1.5 : 1,
    isMobile: phone,
    hasTouch: phone,
    colorScheme: look.theme,
    reducedMotion: "reduce",
  });
  return context.newPage();
}

/** The whole page in Inter, the bar at the bottom where a phone has it. */
async function takePicture(page: Page, path: string): Promise<void> {
  await page.addStyleTag({ content: ":root { --face: Inter, sans-serif; }" });
  await allInView(page, () => page.screenshot({ path }));
}

if (import.meta.main) {
  const [folder = "/tmp/wattpost-gallery", ...names] = Deno.args;
  const specimens = allSpecimens().filter(({ name }) => names.length === 0 || names.includes(name));
  await writeGallery(folder, specimens);
  const browser = await openBrowser();
  for (const look of LOOKS) {
    const page = await openLook(browser, look);
    for (const { name } of specimens) {
      await page.goto(`file://${join(folder, `${name}-${look.theme}.html`)}`);
      await takePicture(page, join(folder, `${name}-${look.widthPx}-${look.theme}.png`));
    }
    await page.close();
  }
  await browser.close();
}
