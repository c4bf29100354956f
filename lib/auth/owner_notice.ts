/**
 * Tells the owner of an account that the ways into it have changed; it may not have been they who changed them.
 *
 * @module
 */

import { type FactorChange, factorMail } from "../notify/text.ts";
import type { Mailer } from "../notify/transport.ts";
import type { Author } from "../store/audit.ts";
import type { User } from "../store/users.ts";

/** What telling works with. */
export interface NoticeServices {
  /** Sends. */
  readonly mailer: Mailer;
  /** Where the product answers. */
  readonly publicUrl: string;
}

/** Has a notice sent once the answer is out; nobody waits for it. */
export function tellOwner(
  { mailer, publicUrl }: NoticeServices,
  by: Author,
  { user, change }: { readonly user: User; readonly change: FactorChange },
): void {
  const { email: to, name } = user;
  const notice = factorMail({ to, name, publicUrl, change, atMs: by.atMs, from: by.origin });
  mailer.sendLater(() => Promise.resolve(notice));
}
