// What the page says: copies of its <template> elements, filled with words.

const answer = document.getElementById("answer");
const code = document.getElementById("code");

/** A copy of the template `name`, its `[data-say]` filled and its `[data-do]` buttons bound. */
export function copy(name, words = {}, acts = {}) {
  const part = document.getElementById(`panel-${name}`).content.cloneNode(true);
  for (const place of part.querySelectorAll("[data-say]")) {
    const text = words[place.dataset.say];
    if (text) place.textContent = text;
    else place.remove();
  }
  for (const button of part.querySelectorAll("[data-do]")) {
    const act = acts[button.dataset.do];
    if (act) button.addEventListener("click", act);
    else button.remove();
  }
  return part;
}

// An Enter that ends a code, or is held down, presses no button that has only just appeared.
const TOO_SOON = 400;

/** Shows one answer in place of the one before, and brings it into view. */
export function say(name, words, acts) {
  const hadFocus = answer.contains(document.activeElement);
  answer.textContent = "";
  answer.append(copy(name, words, acts));
  answer.scrollIntoView({ block: "nearest" });
  const first = answer.querySelector("[data-first]");
  if (first && !code.value) {
    const since = performance.now();
    first.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.repeat || performance.now() - since < TOO_SOON)) event.preventDefault();
    });
    first.focus();
  } else if (hadFocus || document.activeElement === document.body) readyForTheNext();
}

/** The next code may come: the field has the focus, unless that opens a keyboard over the page. */
export function readyForTheNext() {
  if (!matchMedia("(pointer: coarse)").matches) code.focus({ preventScroll: true });
}

/** Takes the answer away; says whether there was one. */
export function clear() {
  const was = answer.textContent.trim() !== "";
  const hadFocus = answer.contains(document.activeElement);
  answer.textContent = "";
  if (hadFocus) readyForTheNext();
  return was;
}

const DAY = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** `14 h 05` */
export function hour(date) {
  return `${date.getHours()}\u00a0h\u00a0${String(date.getMinutes()).padStart(2, "0")}`;
}

/** `22 novembre à 14 h 05` */
export const moment = (date) => `${first(DAY.format(date))} à ${hour(date)}`;

/** `31 décembre 2026`, of a day such as `2026-12-31`. */
export const dayInLetters = (day) => first(FULL.format(new Date(`${day}T00:00:00Z`)));

const first = (text) => text.replace(/^1 /, "1er ");

/** `1 atelier`, `6 ateliers` */
export const workshops = (count) => `${count} atelier${count > 1 ? "s" : ""}`;

/** `40 secondes`, `4 minutes` */
export function duration(seconds) {
  const [count, unit] = seconds < 120 ? [seconds, "seconde"] : [Math.ceil(seconds / 60), "minute"];
  return `${count}\u00a0${unit}${count > 1 ? "s" : ""}`;
}

/** `1 validation attend d’être envoyée.` */
export const waiting = (count) =>
  count > 1 ? `${count} validations attendent d’être envoyées.` : `${count} validation attend d’être envoyée.`;
