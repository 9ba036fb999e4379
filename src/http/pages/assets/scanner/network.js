// Whether the service answers, what waits for it, and what it last said.

import { field, organisation, venue } from "./choices.js";
import { device } from "./device.js";
import { LiveList } from "./live-list.js";
import { copy, duration, moment, waiting } from "./panel.js";
import { send } from "./queue.js";
import { ask, scannerPage } from "./service.js";
import { heldByPage, keepList, keeps, listOf } from "./store.js";
import { show } from "./waiting.js";

/** "on", "away" (no network, or no answer), "slow" (the service asks for patience) or "sign-in". */
export let network = navigator.onLine === false ? "away" : "on";
/** The list of live passes of the chosen venue. */
export let list = null;

let patience = "";

export function reached() {
  const back = network !== "on";
  network = "on";
  if (back) settle();
  status();
}

export function lost(answer) {
  network = answer.signIn ? "sign-in" : answer.wait ? "slow" : "away";
  patience = asks(answer);
  if (answer.wait) later(answer.wait);
  status();
}

/** `Le service demande d’attendre 40 secondes.` */
export function asks(answer) {
  const why = answer.problem ? `${answer.problem.title}.` : "";
  return answer.wait ? `${why} Le service demande d’attendre ${duration(answer.wait)}.`.trim() : why;
}

export let counted = { all: 0, own: 0 };

let drawing = null;

/** Shows what waits and how the network is: what changes together is drawn once. */
export function status() {
  if (!drawing) {
    drawing = new Promise((resolve) => setTimeout(resolve, 40)).then(() => {
      drawing = null;
      return draw();
    });
  }
  return drawing;
}

async function draw() {
  counted = await show(organisation);
  const tail = counted.all ? waiting(counted.all) : "";
  const dated = list ? `Liste des pass du ${moment(list.madeAt)} sur cet appareil.` : "";
  const away = keeps()
    ? "Pas de réseau : continuez, tout est noté sur cet appareil."
    : "Pas de réseau, et cet appareil n’enregistre rien.";
  const words = {
    on: [tail || "En ligne.", keeps() ? "" : "Cet appareil n’enregistre rien : sans réseau, ne fermez pas cette page."],
    away: [away, [tail, dated].filter(Boolean).join(" ")],
    slow: [patience, `Rien n’est perdu, l’envoi reprendra seul. ${tail}`.trim()],
    "sign-in": ["Votre connexion est terminée. Rien n’est perdu.", tail],
  }[network];
  const line = copy("net", { title: words[0], more: words[1] });
  if (network !== "sign-in") line.querySelector("a").remove();
  const box = field("net");
  // Said again only when it changed: it is read aloud.
  if (box.textContent.trim() !== line.textContent.trim()) {
    box.textContent = "";
    box.append(line);
  }
  box.className = network === "on" && !counted.all ? "small" : "notice";
  box.hidden = false;
}

let timer;
let wait = 5;

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(again, seconds * 1000);
}

/** Sends what waits, and tries again later when it must. */
export async function settle() {
  clearTimeout(timer);
  const before = counted.own;
  const outcome = await send(organisation, device()).catch(() => ({ state: "away" }));
  if (outcome.state === "done") network = "on";
  if (outcome.state === "sign-in") network = "sign-in";
  if (outcome.state === "away" || outcome.wait) {
    network = outcome.wait ? "slow" : "away";
    patience = asks(outcome);
  }
  await status();
  if (before > counted.own) refresh();
  wait = outcome.state === "done" ? 5 : Math.min(wait * 2, 30);
  if (outcome.state !== "done" || network !== "on") later(outcome.wait || wait);
}

/** The network may be back: tries at once. */
export function hurry() {
  wait = 5;
  again();
}

// Without anything to send, the list tells whether the network is back.
export async function again() {
  if (network !== "on" && counted.own === 0) await renewList();
  await settle();
}

export async function renewList() {
  const of = venue();
  if (!of) return;
  const answer = await ask("GET", `/venues/${of}/live-passes`, { seconds: 30, bytes: true });
  const made = answer.ok ? readList(answer.body) : null;
  if (made) {
    if (of === venue()) list = made;
    await keepList(of, answer.body).catch(() => {});
    reached();
  } else if (!answer.problem || answer.away) lost(answer);
}

function readList(bytes) {
  try {
    return bytes ? new LiveList(bytes) : null;
  } catch {
    return null;
  }
}

export async function loadList() {
  const of = venue();
  const bytes = of ? await listOf(of).catch(() => null) : null;
  if (of === venue()) list = readList(bytes);
  await renewList();
}

// A class that enters one after the other needs today's list once, not thirty times.
const SELDOM = 5000;
let due = null;
let asked = -SELDOM;

/** Today's list and what is owed, from the service in its own words: now, or soon if that was just now. */
export function refresh() {
  if (due) return;
  due = setTimeout(bring, Math.max(0, asked + SELDOM - performance.now()));
}

async function bring() {
  due = null;
  asked = performance.now();
  try {
    const page = new DOMParser().parseFromString((await scannerPage()).text, "text/html");
    for (const id of ["today", "refused"]) {
      const part = page.getElementById(id);
      if (!part) continue;
      field(id).textContent = "";
      field(id).append(...part.childNodes);
    }
  } catch {
    // It stands as it was until the next time.
  }
}

/** Asks before a page closes that alone holds scans. */
addEventListener("beforeunload", (event) => {
  if (!heldByPage()) return;
  event.preventDefault();
  event.returnValue = "";
});
