// Whether the service answers, what waits for it, and what it last said.

import { device, field, organisation, venue } from "./choices.js";
import { LiveList } from "./live-list.js";
import { copy, moment, waiting } from "./panel.js";
import { send } from "./queue.js";
import { ask } from "./service.js";
import { keepList, listOf } from "./store.js";
import { show } from "./waiting.js";

/** "on", "away" (no network, or no answer) or "sign-in". */
export let network = navigator.onLine ? "on" : "away";
/** The list of live passes of the chosen venue. */
export let list = null;

export function reached() {
  const back = network !== "on";
  network = "on";
  if (back) settle();
  status();
}

export function lost(answer) {
  network = answer.signIn ? "sign-in" : "away";
  status();
}

export let counted = { all: 0, own: 0 };

export async function status() {
  counted = await show(organisation);
  const tail = counted.all ? waiting(counted.all) : "";
  const dated = list ? `Liste des pass du ${moment(list.madeAt)} sur cet appareil.` : "";
  const words = {
    on: [tail || "En ligne.", ""],
    away: ["Pas de réseau : continuez, tout est noté sur cet appareil.", [tail, dated].filter(Boolean).join(" ")],
    "sign-in": ["Votre connexion est terminée. Rien n’est perdu.", tail],
  }[network];
  const line = copy("net", { title: words[0], more: words[1] });
  if (network !== "sign-in") line.querySelector("a").remove();
  const box = field("net");
  // Said again only when it changed: it is read aloud.
  if (box.textContent.trim() !== line.textContent.trim()) box.replaceChildren(line);
  box.className = network === "on" && !counted.all ? "small" : "notice";
  box.hidden = false;
}

let timer;
let wait = 5;

/** Sends what waits, and tries again later when it must. */
export async function settle() {
  clearTimeout(timer);
  const before = counted.own;
  const outcome = await send(organisation, device()).catch(() => "away");
  if (outcome === "done") network = "on";
  if (outcome === "sign-in") network = "sign-in";
  if (outcome === "away") network = "away";
  await status();
  if (before > counted.own) refresh();
  wait = outcome === "done" ? 5 : Math.min(wait * 2, 30);
  if (outcome !== "done" || network !== "on") timer = setTimeout(again, wait * 1000);
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
  const answer = await ask("GET", `/venues/${of}/live-passes`, { seconds: 30 });
  if (!answer.ok) {
    if (!answer.problem) lost(answer);
    return;
  }
  list = new LiveList(answer.body);
  await keepList(of, answer.body).catch(() => {});
  reached();
}

export async function loadList() {
  const bytes = venue() ? await listOf(venue()).catch(() => null) : null;
  list = bytes ? new LiveList(bytes) : null;
  await renewList();
}

// Today's list and what is owed come from the service, in its own words.
export async function refresh() {
  try {
    const response = await fetch("/scanner", { credentials: "same-origin", signal: AbortSignal.timeout(8000) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const id of ["today", "refused"]) {
      const part = page.getElementById(id);
      if (part) field(id).replaceChildren(...part.childNodes);
    }
  } catch {
    // It stands as it was until the next time.
  }
}
