// What this device calls itself, for as long as it can remember it.

import { newKey } from "./service.js";
import { recall, remember } from "./store.js";

let own = recall("device") || newKey();

export function device() {
  own = recall("device") || own;
  remember("device", own);
  return own;
}
