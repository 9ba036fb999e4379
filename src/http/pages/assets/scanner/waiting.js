// The scans of this device that the service has not decided, or refused: always in sight.

import { copy, moment, workshops } from "./panel.js";
import { forget, reasons, scans, waits } from "./queue.js";
import { heldByPage } from "./store.js";

// What was accepted stays in sight so long.
const SHOWN_HOURS = 12;

const section = document.getElementById("waiting");
const list = section.querySelector("ul");

/** Shows the scans again; answers how many wait, and how many of them for `organisation`. */
export async function show(organisation) {
  const all = await scans();
  const recent = new Date(Date.now() - SHOWN_HOURS * 3600000).toISOString();
  const shown = all.filter((scan) => scan.state !== "accepted" || scan.settledAt > recent);
  list.textContent = "";
  list.append(...shown.reverse().map((scan) => item(scan, organisation)));
  section.hidden = shown.length === 0;
  const waiting = all.filter(waits);
  return { all: waiting.length, own: waiting.filter((scan) => scan.organisation === organisation).length };
}

function item(scan, organisation) {
  const words = {
    when: moment(new Date(scan.scannedAt)),
    what: `${scan.label}, code finissant par ${scan.ending || scan.code.slice(-4)}`,
    state: state(scan, organisation),
    why: waits(scan) ? reasons.get(scan.key) : scan.detail,
    clock: scan.skewed ? "L’heure de cet appareil n’est pas juste." : "",
  };
  const seen = () => forget(scan.key).catch(() => {});
  const takeOff = () => {
    if (confirm("Retirer cette validation ? Elle ne sera jamais envoyée.")) seen();
  };
  return copy("scan", words, waits(scan) ? { takeOff } : { seen });
}

function state(scan, organisation) {
  if (scan.state === "accepted") return `Acceptée. Il reste ${workshops(scan.remaining)}.`;
  if (scan.state === "refused" && scan.held) return "En attente de l’opérateur";
  if (scan.state === "refused") return `Refusée : ${scan.title.toLowerCase()}`;
  if (scan.organisation !== organisation) return `En attente du compte de ${scan.venueName}`;
  if (scan.state === "sending") return "Envoi en cours";
  return heldByPage(scan.key) ? "Gardée par cette page seulement : ne la fermez pas" : "En attente d’envoi";
}
