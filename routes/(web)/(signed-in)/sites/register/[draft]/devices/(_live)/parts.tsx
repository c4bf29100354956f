/**
 * The panels of the device step that go on without loading the page again.
 *
 * @module
 */

import ScanLive from "../../../../../../../../islands/ScanLive.tsx";
import TestAsTyped from "../../../../../../../../islands/TestAsTyped.tsx";
import type {
  DevicesStepPageProps,
  DevicesStepParts,
} from "../../../../../../../../lib/ui/pages/register/DevicesStepPage.tsx";

/** The islands of a page, with what it would show without them. */
export function liveParts({ test, scan, device, testCostWords }: DevicesStepPageProps): DevicesStepParts {
  return {
    test: <TestAsTyped {...test} costWords={testCostWords} />,
    scan: (
      <ScanLive
        scan={scan}
        followHref={scanHref(device.action)}
        isNew={device.action.endsWith("/new")}
      />
    ),
  };
}

/** Where scans of the draft are, beside its devices. */
function scanHref(deviceHref: string): string {
  return deviceHref.replace(/[^/]+$/, "scan");
}
