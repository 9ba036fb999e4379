// After signing out: what the scanner kept for this person goes. Scans that wait stay, they are money:
// they leave when somebody of their organisation signs in.

import { forgetLists, forgetSettled } from "./store.js";

if ("caches" in self) caches.delete("pass-numerique-scanner");
localStorage.clear();
sessionStorage.clear();
forgetLists().catch(() => {});
forgetSettled().catch(() => {});
