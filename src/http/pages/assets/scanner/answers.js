// What the page answers: to the eye, and to the ear when the person asked for it.

import { field, severalVenues, venueName } from "./choices.js";
import { refresh } from "./network.js";
import { dayInLetters, say, workshops } from "./panel.js";
import { signal } from "./signals.js";
import { heldByPage } from "./store.js";

let count = 0;

/** A workshop was validated; it is said in full unless a later code is in front of the person. */
export function yes(done, shown) {
  react("yes");
  count += 1;
  if (shown) {
    const number = count === 1 ? "1re validation" : `${count}e validation`;
    say("yes", {
      left: `Il reste ${workshops(done.remaining)}`,
      more: `${done.label}. Pass valable jusqu’au ${dayInLetters(done.lastDay)}.`,
      which: `${number} ici, code finissant par ${done.ending}.`,
    });
  }
  refresh();
}

export function no(title, more, code) {
  react("no");
  const elsewhere = code === "unknown_code" && severalVenues();
  const hint = elsewhere ? ` Vérifiez aussi le lieu choisi : ${venueName()}.` : "";
  say("no", { title: `Refusé : ${title.toLowerCase()}`, more: `${more}${hint}` });
}

export function missing(id, title, more) {
  react("no");
  say("no", { title, more });
  field(id).focus();
}

export function react(kind) {
  if (field("signals").checked) signal(kind);
}

/** The scan waits, on the device or, when that takes nothing, in this page alone. */
export function noted(key, seen, held) {
  const onPage = heldByPage(key);
  react(onPage ? "no" : "wait");
  const what = onPage
    ? "Cet appareil n’enregistre rien. Ne fermez pas cette page avant l’envoi, et notez sur papier le numéro du pass et l’heure."
    : "La validation partira dès le retour du réseau : gardez une page du service ouverte, ou rouvrez-en une.";
  say("noted", {
    title: onPage ? "Gardé par cette page seulement" : "Noté sur cet appareil",
    more: [seen, held, what].filter(Boolean).join(" "),
  });
}
