// After signing out: what the scanner kept for this person goes. Scans that wait stay, they are money:
// they leave when somebody of their organisation signs in.

import { forgetLists, forgetSettled } from "./store.js";

if ("caches" in self) caches.delete("pass-numerique-scanner");
for (const kept of ["localStorage", "sessionStorage"]) {
  try {
    self[kept].clear();
  } catch {
    // What may not be read holds nothing.
  }
}
forgetLists().catch(() => {});
forgetSettled().catch(() => {});
