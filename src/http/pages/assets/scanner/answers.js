// What the page answers: to the eye, and to the ear when the person asked for it.

import { field } from "./choices.js";
import { refresh } from "./network.js";
import { dayInLetters, say, workshops } from "./panel.js";
import { signal } from "./signals.js";

export function yes(redeemed) {
  react("yes");
  const chosen = field("theme").selectedOptions[0].textContent.trim();
  say("yes", {
    left: `Il reste ${workshops(redeemed.remaining)}`,
    more: `${chosen}. Pass valable jusqu’au ${dayInLetters(redeemed.last_day)}.`,
  });
  refresh();
}

export function no(title, more) {
  react("no");
  say("no", { title: `Refusé : ${title.toLowerCase()}`, more });
}

export function missing(id, title, more) {
  react("no");
  say("no", { title, more });
  field(id).focus();
}

export function react(kind) {
  if (field("signals").checked) signal(kind);
}

export function notKept() {
  react("no");
  say("no", {
    title: "Rien n’est enregistré",
    more: "Cet appareil ne peut pas garder la validation. Notez sur papier le numéro du pass et l’heure.",
  });
}
