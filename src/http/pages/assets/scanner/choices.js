// What is chosen on the page, and what of it this device remembers.

import { signal, wake } from "./signals.js";
import { recall, remember as store } from "./store.js";

export const form = document.getElementById("door");
export const field = (id) => document.getElementById(id);
export const organisation = form.dataset.organisation;

export const venue = () => field("lieu").value;
export const severalVenues = () => Boolean(field("lieu").options);

export function venueName() {
  const chosen = severalVenues() ? field("lieu").selectedOptions[0] : null;
  return chosen ? chosen.textContent.trim() : field("lieu").dataset.name;
}

export function workshop() {
  const chosen = field("theme").selectedOptions[0];
  if (!chosen || !chosen.value) return null;
  const { planned, day, theme } = chosen.dataset;
  // A page that stays open overnight must not name the workshop of the day before.
  const today = new Date().toLocaleDateString("sv-SE");
  if (planned) return day === today ? { theme, scheduled_workshop_id: planned } : { theme };
  return { theme: chosen.value };
}

export function remember(id) {
  const box = field(id);
  box.checked = recall(id) === "yes";
  box.addEventListener("change", () => {
    store(id, box.checked ? "yes" : "no");
    if (id === "signals" && box.checked) {
      wake();
      signal("yes");
    }
  });
}

export function ownWorkshops() {
  for (const option of field("theme").querySelectorAll("[data-planned]")) {
    const elsewhere = option.dataset.venue !== venue();
    option.hidden = elsewhere;
    option.disabled = elsewhere;
    if (elsewhere && option.selected) field("theme").value = "";
  }
}

export function choose(id, name) {
  const box = field(id);
  const kept = recall(name);
  if (!box.value && kept && [...(box.options || [])].some((option) => option.value === kept)) box.value = kept;
  box.addEventListener("change", () => store(name, box.value));
}
