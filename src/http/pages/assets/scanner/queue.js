// The life of a scan, as docs/scanner.md draws it: written down before anything is sent, and kept
// until an answer of the service with its own key has said what became of it. The service counts a
// key once, so sending again is always safe.

import { ask } from "./service.js";
import { allScans, forgetScan, keepScan, writeAgain } from "./store.js";

// A request under way ends before this; what is older was cut off.
const UNDER_WAY = 30000;
const AT_ONCE = 100;
const KEPT_DAYS = 7;

// What the service says of the account that sends, and not of the scan: it waits for its own.
const OF_THE_ACCOUNT = ["not_found", "forbidden", "unauthenticated"];

const listeners = [];

/** Calls `listener` when the scans of this device changed, in this tab or another. */
export function onChange(listener) {
  listeners.push(listener);
}

const tabs = otherTabs();

function otherTabs() {
  try {
    const channel = new BroadcastChannel("pass-numerique");
    channel.onmessage = tell;
    return channel;
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}

function changed() {
  tell();
  if (tabs) tabs.postMessage("changed");
}

/** Writes a scan down. */
export async function keep(scan) {
  await keepScan(scan);
  changed();
}

/** Takes a scan off: it was settled in front of the person, or the person took it off. */
export async function forget(key) {
  await forgetScan(key);
  changed();
}

/** Why a scan still waits although it was sent, by its key. */
export const reasons = new Map();

/** Every scan on this device, oldest first. */
export const scans = allScans;

/** Scans that still wait for the service. */
export const waits = (scan) => scan.state === "waiting" || scan.state === "sending";

/** What an answer makes of a scan; nothing unless it says what became of that very scan. */
export function settled(scan, result) {
  if (!result || result.idempotency_key !== scan.key || !scan.code) return null;
  const { code, ...rest } = scan;
  const about = { ending: code.slice(-4), skewed: result.skewed === true, settledAt: new Date().toISOString() };
  if (result.outcome === "accepted") {
    const { remaining, last_day } = result.redemption || {};
    return Number.isInteger(remaining) ? { ...rest, ...about, state: "accepted", remaining, lastDay: last_day } : null;
  }
  const { title, detail } = result;
  const told = result.outcome === "refused" && [result.code, title, detail].every((text) => typeof text === "string");
  if (!told || OF_THE_ACCOUNT.includes(result.code)) return null;
  return {
    ...rest,
    ...about,
    state: "refused",
    refusal: result.code,
    held: result.code === "scan_held",
    title,
    detail,
  };
}

/** Sends one scan in front of the person. Answers `{ done }`, or `{ answer }` when it still waits. */
export async function sendNow(scan) {
  const body = { code: scan.code, venue_id: scan.venue, ...scan.workshop };
  const answer = await ask("POST", "/redemptions", { key: scan.key, body, seconds: 10 });
  const problem = answer.away ? null : answer.problem;
  // Another tab sent it by the other way: that way has its answer.
  if (problem && problem.code === "idempotency_key_reused") return { answer };
  const said = answer.ok
    ? { outcome: "accepted", redemption: answer.body }
    : problem && { outcome: "refused", ...problem };
  return { done: settled(scan, said && { ...said, idempotency_key: answer.key }), answer };
}

/**
 * Sends what waits for `organisation`, or for any: the service knows whose it is. Answers `{ state }`: "done", "later" (some are to be sent
 * again), "away" (no answer), "sign-in" or "busy" (another tab is at it); and `wait` and `problem`
 * when the service asks for patience.
 */
export async function send(organisation, device) {
  if (!navigator.locks) return sendAll(organisation, device);
  return navigator.locks.request("pass-numerique-send", { ifAvailable: true }, (lock) =>
    lock ? sendAll(organisation, device) : { state: "busy" },
  );
}

function ready(scan) {
  // A clock may jump back while a request is under way.
  const cut = scan.state === "sending" && Math.abs(Date.now() - scan.since) > UNDER_WAY;
  return scan.state === "waiting" || cut;
}

async function sendAll(organisation, device) {
  await writeAgain();
  const tried = new Set();
  let most = AT_ONCE;
  let state = "done";
  for (;;) {
    const due = (scan) => (!organisation || scan.organisation === organisation) && ready(scan) && !tried.has(scan.key);
    const batch = (await allScans()).filter(due).slice(0, most);
    if (batch.length === 0) return { state };
    const answer = await ask("POST", "/redemptions/sync", { seconds: 60, body: sending(device, batch) });
    if (answer.signIn) return { state: "sign-in" };
    if (answer.away) return { state: "away", wait: answer.wait, problem: answer.problem };
    if (answer.problem && OF_THE_ACCOUNT.includes(answer.problem.code)) return { state: "later", ...answer };
    if (answer.problem && batch.length > 1) {
      // One scan that the service will not even read must not keep the others back.
      most = Math.ceil(batch.length / 4);
      continue;
    }
    const results = answer.problem ? [] : answer.body.results;
    const byKey = new Map(
      (Array.isArray(results) ? results : []).filter(Boolean).map((one) => [one.idempotency_key, one]),
    );
    if (!answer.problem && !batch.some((scan) => byKey.has(scan.key))) return { state: "away" };
    for (const scan of batch) {
      tried.add(scan.key);
      const done = settled(scan, byKey.get(scan.key));
      if (done) await keepScan(done);
      else state = "later";
      const why = done ? null : answer.problem || byKey.get(scan.key);
      reasons.set(scan.key, why && why.detail);
    }
    changed();
    const again = [...byKey.values()].find((one) => one.outcome === "retry");
    if (again) return { state: "later", wait: again.code === "too_many_wrong_codes" ? 60 : 0, problem: again };
  }
}

function sending(device, batch) {
  const items = batch.map((scan) => ({
    idempotency_key: scan.key,
    code: scan.code,
    venue_id: scan.venue,
    ...scan.workshop,
    scanned_at: scan.scannedAt,
  }));
  return { device_id: device, sent_at: new Date().toISOString(), items };
}

/** Takes off what was accepted some days ago. What was refused stays until a person has seen it. */
export async function tidy() {
  const old = new Date(Date.now() - KEPT_DAYS * 86400000).toISOString();
  for (const scan of await allScans()) {
    if (scan.state === "accepted" && scan.settledAt < old) await forgetScan(scan.key);
  }
}
