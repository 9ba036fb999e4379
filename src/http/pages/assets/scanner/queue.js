// The scans that wait: written down before anything is sent, and kept until the service has said
// accepted or refused. The service counts a key once, so sending again is always safe.

import { ask } from "./service.js";
import { allScans, forgetScan, keepScan } from "./store.js";

// A request under way ends before this; what is older was cut off.
const UNDER_WAY = 30_000;
const AT_ONCE = 100;
const KEPT_DAYS = 7;

const tabs = "BroadcastChannel" in self ? new BroadcastChannel("pass-numerique") : null;
const listeners = [];

/** Calls `listener` when the scans of this device changed, in this tab or another. */
export function onChange(listener) {
  listeners.push(listener);
}

if (tabs) tabs.onmessage = tell;

function tell() {
  for (const listener of listeners) listener();
}

function changed() {
  tell();
  tabs?.postMessage("changed");
}

/** Writes a scan down. When this fails nothing was kept. */
export async function keep(scan) {
  await keepScan(scan);
  changed();
}

/** Takes a scan off: it was settled in front of the person, or the person took it off. */
export async function forget(key) {
  await forgetScan(key);
  changed();
}

/** Every scan on this device, oldest first. */
export const scans = allScans;

/** Scans that still wait for the service. */
export const waits = (scan) => scan.state === "waiting" || scan.state === "sending";

/** What a result of the service makes of a scan. Once decided, the code is no longer needed. */
export function settled(scan, result) {
  const { code, ...rest } = scan;
  const ending = code.slice(-4);
  const at = new Date().toISOString();
  if (result.outcome === "accepted") {
    const remaining = result.redemption.remaining;
    return { ...rest, ending, state: "accepted", remaining, skewed: result.skewed, settledAt: at };
  }
  const { title, detail } = result;
  const held = result.code === "scan_held";
  return { ...rest, ending, state: "refused", held, title, detail, skewed: result.skewed, settledAt: at };
}

/**
 * Sends what waits for `organisation`. Answers "done", "later" (some are to be sent again), "away"
 * (no answer), "sign-in" or "busy" (another tab is at it).
 */
export async function send(organisation, device) {
  if (!navigator.locks) return sendAll(organisation, device);
  return navigator.locks.request("pass-numerique-send", { ifAvailable: true }, (lock) =>
    lock ? sendAll(organisation, device) : "busy",
  );
}

async function sendAll(organisation, device) {
  for (;;) {
    const now = Date.now();
    const ready = (scan) =>
      scan.organisation === organisation &&
      (scan.state === "waiting" || (scan.state === "sending" && now - scan.since > UNDER_WAY));
    const batch = (await allScans()).filter(ready).slice(0, AT_ONCE);
    if (batch.length === 0) return "done";
    const answer = await ask("POST", "/redemptions/sync", {
      seconds: 60,
      body: {
        device_id: device,
        sent_at: new Date().toISOString(),
        items: batch.map((scan) => ({
          idempotency_key: scan.key,
          code: scan.code,
          venue_id: scan.venue,
          ...scan.workshop,
          scanned_at: scan.scannedAt,
        })),
      },
    });
    if (answer.signIn) return "sign-in";
    if (!answer.ok || !Array.isArray(answer.body.results)) return "away";
    const results = new Map(answer.body.results.map((result) => [result.idempotency_key, result]));
    let decided = 0;
    for (const scan of batch) {
      const result = results.get(scan.key);
      // A venue that is not found is one of another account, signed in meanwhile in another tab:
      // the scan waits for its own.
      if (!result || result.outcome === "retry" || result.code === "not_found") continue;
      await keepScan(settled(scan, result));
      decided += 1;
    }
    changed();
    if (decided < batch.length) return "later";
  }
}

/** Takes off what was accepted some days ago. What was refused stays until a person has seen it. */
export async function tidy() {
  const old = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString();
  for (const scan of await allScans()) {
    if (scan.state === "accepted" && scan.settledAt < old) await forgetScan(scan.key);
  }
}
