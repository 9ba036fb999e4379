// A handheld reader types a code and Enter, wherever the focus is: its signs are always read as a
// code, and its Enter never presses a button or sends another form.

import { field } from "./choices.js";

// Between two keys of a reader there is less than this; a person is slower.
const GAP = 100;
// Shorter than this it was somebody's fingers.
const SHORTEST = 12;

let burst = null;

/** Calls `read(text)` for a code typed into another field; keys that belong to no field go to the code. */
export function listenToReaders(read) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target === field("code")) return;
      const fresh = burst && performance.now() - burst.at < GAP;
      if (event.key === "Enter" && fresh && burst.text.length >= SHORTEST) ends(event, read);
      else if (event.key.length === 1 && (event.key !== " " || fresh)) goesOn(event, fresh);
    },
    true,
  );
}

function goesOn(event, fresh) {
  const { target, key } = event;
  if (!fresh) burst = { text: "", target, before: target.value };
  burst.text += key;
  burst.at = performance.now();
  if (takesSigns(target)) return;
  event.preventDefault();
  field("code").focus();
  field("code").value = key;
  field("code").dispatchEvent(new Event("input", { bubbles: true }));
}

function ends(event, read) {
  const { target, before, text } = burst;
  burst = null;
  event.preventDefault();
  // What the signs did to that field is undone.
  target.value = before;
  target.dispatchEvent(new Event("change", { bubbles: true }));
  read(text);
}

const takesSigns = (target) =>
  target.tagName === "SELECT" ||
  target.tagName === "TEXTAREA" ||
  (target.tagName === "INPUT" && !["checkbox", "file", "button", "submit"].includes(target.type));
