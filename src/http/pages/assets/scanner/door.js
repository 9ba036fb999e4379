// The scanner: one answer after the other, with or without a network.

import { hasCamera, watch } from "./camera.js";
import { progress, readCode } from "./code.js";
import { LiveList } from "./live-list.js";
import { clear, copy, dayInLetters, hour, moment, say, waiting, workshops } from "./panel.js";
import { forget, keep, onChange, scans, send, tidy, waits } from "./queue.js";
import { ask, newKey } from "./service.js";
import { signal, wake } from "./signals.js";
import { keepList, listOf } from "./store.js";
import { show } from "./waiting.js";

const form = document.getElementById("door");
const field = (id) => document.getElementById(id);
const organisation = form.dataset.organisation;
const SLIPS = {
  shape: ["Ce n’est pas un code de pass", "Scannez le QR code du pass, ou tapez les 16 signes imprimés dessous."],
  serial: ["C’est le numéro du talon", "Tapez les 16 signes imprimés sous le QR code du pass."],
  check: ["Code mal recopié", "Un signe est faux : vérifiez les 16 signes imprimés sous le QR code."],
};

/** "on", "away" (no network, or no answer) or "sign-in". */
let network = navigator.onLine ? "on" : "away";
let list = null;
let busy = false;
/** What was validated or noted last: in front of the camera it is not taken again for a minute. */
let last = { code: "", at: 0 };

// ---- what is chosen on the page

const venue = () => field("lieu").value;
const venueName = () =>
  field("lieu").selectedOptions?.[0]?.textContent.trim() ?? field("lieu").dataset.name;

function workshop() {
  const chosen = field("theme").selectedOptions[0];
  if (!chosen?.value) return null;
  const { planned, day, theme } = chosen.dataset;
  // A page that stays open overnight must not name the workshop of the day before.
  const today = new Date().toLocaleDateString("sv-SE");
  if (planned) return day === today ? { theme, scheduled_workshop_id: planned } : { theme };
  return { theme: chosen.value };
}

function device() {
  const made = localStorage.getItem("device") ?? newKey();
  localStorage.setItem("device", made);
  return made;
}

// ---- one code

async function take(text, typed) {
  if (busy) return;
  const { code, slip } = readCode(text);
  if (slip) return no(...SLIPS[slip]);
  if (!venue()) return missing("lieu", "Choisissez votre lieu", "Il est demandé une seule fois sur cet appareil.");
  busy = true;
  try {
    if (field("group").checked) await validate(code);
    else await look(code);
    if (typed) field("code").value = "";
    told();
  } finally {
    busy = false;
  }
}

async function look(code) {
  if (network === "away") return offline(code);
  say("busy");
  const answer = await ask("POST", "/redemptions/check", { body: { code, venue_id: venue() }, seconds: 5 });
  if (answer.ok) {
    reached();
    const pass = answer.body;
    const words = {
      left: `Il reste ${workshops(pass.remaining)}`,
      until: `Valable jusqu’au ${dayInLetters(pass.last_day)}`,
      programme: pass.programme,
      workshop: field("theme").value ? field("theme").selectedOptions[0].textContent.trim() : "",
      training: pass.training ? "Entraînement : ce pass ne compte pas et ne sera pas payé." : "",
    };
    return say("pass", words, { confirm: () => confirmed(code), leave: clear });
  }
  if (answer.problem) { reached(); return no(answer.problem.title, answer.problem.detail); }
  lost(answer);
  return offline(code);
}

async function confirmed(code, seen) {
  if (busy) return;
  busy = true;
  try {
    await validate(code, seen);
  } finally {
    busy = false;
  }
}

// The scan is written down before it is sent: whatever happens then, it is not lost.
async function validate(code, seen) {
  const what = workshop();
  if (!what) return missing("theme", "Choisissez l’atelier", "Puis validez le pass.");
  if (network !== "on") return seen ? note(code, what, seen) : offline(code);
  say("busy");
  const scan = scanOf(code, what, "sending");
  const kept = await keep(scan).then(() => true, () => false);
  const body = { code, venue_id: scan.venue, ...what };
  const answer = await ask("POST", "/redemptions", { key: scan.key, body, seconds: 10 });
  const unsure = answer.problem?.code === "idempotency_key_reused";
  if (answer.ok || (answer.problem && !unsure)) {
    reached();
    if (kept) await forget(scan.key).catch(() => {});
    if (answer.ok) last = { code, at: Date.now() };
    return answer.ok ? yes(answer.body) : no(answer.problem.title, answer.problem.detail);
  }
  lost(answer);
  if (!kept) return notKept();
  return note(code, what, seen ?? await recognise(code), scan);
}

function scanOf(code, what, state) {
  return {
    key: newKey(),
    code,
    venue: venue(),
    venueName: venueName(),
    organisation,
    workshop: what,
    label: field("theme").selectedOptions[0].textContent.trim(),
    scannedAt: new Date().toISOString(),
    state,
    since: Date.now(),
  };
}

// ---- without a network

async function recognise(code) {
  if (!list) return { known: false, words: "Cet appareil n’a pas de liste des pass : rien ne dit si ce pass est bon." };
  const date = moment(list.madeAt);
  // A page that is not served over HTTPS cannot compute what the list asks for.
  const known = await list.knows(code).catch(() => false);
  return known
    ? { known: true, words: `Pass reconnu dans la liste du ${date}.` }
    : { known: false, words: `Pass absent de la liste du ${date} : il est peut-être nouveau, terminé, annulé ou expiré.` };
}

async function offline(code) {
  const seen = await recognise(code);
  const twin = (await scans().catch(() => [])).find((scan) =>
    waits(scan) && scan.code === code && scan.scannedAt.slice(0, 10) === new Date().toISOString().slice(0, 10));
  if (twin) seen.words = `Déjà noté à ${hour(new Date(twin.scannedAt))} sur cet appareil. Un pass sert en général une fois par jour.`;
  const acts = { note: () => confirmed(code, seen), leave: clear };
  if (twin) { react("no"); return say("unsure", { title: "Déjà noté aujourd’hui", more: seen.words }, acts); }
  if (!seen.known) { react("no"); return say("unsure", { title: "Pass non reconnu", more: seen.words }, acts); }
  if (!field("group").checked) return say("known", { more: seen.words }, acts);
  const what = workshop();
  return what ? note(code, what, seen) : missing("theme", "Choisissez l’atelier", "Puis scannez de nouveau.");
}

async function note(code, what, seen, scan = scanOf(code, what, "waiting")) {
  try {
    await keep({ ...scan, state: "waiting" });
  } catch {
    return notKept();
  }
  last = { code, at: Date.now() };
  react("wait");
  say("noted", { more: `${seen.words} La validation partira dès le retour du réseau.` });
  settle();
}

function notKept() {
  react("no");
  say("no", {
    title: "Rien n’est enregistré",
    more: "Cet appareil ne peut pas garder la validation. Notez sur papier le numéro du pass et l’heure.",
  });
}

// ---- answers

function yes(redeemed) {
  react("yes");
  const chosen = field("theme").selectedOptions[0].textContent.trim();
  say("yes", {
    left: `Il reste ${workshops(redeemed.remaining)}`,
    more: `${chosen}. Pass valable jusqu’au ${dayInLetters(redeemed.last_day)}.`,
  });
  refresh();
}

function no(title, more) {
  react("no");
  say("no", { title: `Refusé : ${title.toLowerCase()}`, more });
}

function missing(id, title, more) {
  react("no");
  say("no", { title, more });
  field(id).focus();
}

function react(kind) {
  if (field("signals").checked) signal(kind);
}

// ---- the network

function reached() {
  const back = network !== "on";
  network = "on";
  if (back) settle();
  status();
}

function lost(answer) {
  network = answer.signIn ? "sign-in" : "away";
  status();
}

let counted = { all: 0, own: 0 };

async function status() {
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
async function settle() {
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

// Without anything to send, the list tells whether the network is back.
async function again() {
  if (network !== "on" && counted.own === 0) await renewList();
  await settle();
}

async function renewList() {
  const of = venue();
  if (!of) return;
  const answer = await ask("GET", `/venues/${of}/live-passes`, { seconds: 30 });
  if (!answer.ok) { if (!answer.problem) lost(answer); return; }
  list = new LiveList(answer.body);
  await keepList(of, answer.body).catch(() => {});
  reached();
}

async function loadList() {
  const bytes = venue() ? await listOf(venue()).catch(() => null) : null;
  list = bytes ? new LiveList(bytes) : null;
  await renewList();
}

// Today's list and what is owed come from the service, in its own words.
async function refresh() {
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

// ---- the camera

let close = null;
let sight = { text: "", at: 0 };

// The same pass stays in view for a while: it is looked at again when it has left.
function seen(text) {
  if (!text || busy) return;
  const now = Date.now();
  const still = text === sight.text && now - sight.at < 2500;
  sight = { text, at: now };
  const { code } = readCode(text);
  const done = code && code === last.code && now - last.at < 60_000;
  if (!still && !done) take(text, false);
}

async function openCamera() {
  const video = field("video");
  field("camera").disabled = true;
  try {
    close = await watch(video, seen, (why) => {
      closed();
      if (why === "decoder") no("Caméra", "La lecture directe ne marche pas sur cet appareil. Prenez une photo ou tapez le code.");
    });
    video.hidden = false;
    field("camera").textContent = "Fermer l’appareil photo";
    sessionStorage.setItem("camera", "open");
  } catch (error) {
    closed();
    const refused = error.name === "NotAllowedError";
    no("Appareil photo", refused
      ? "Le navigateur n’a pas le droit d’utiliser l’appareil photo. Autorisez-le, ou prenez une photo, ou tapez le code."
      : "L’appareil photo ne s’ouvre pas. Prenez une photo ou tapez le code.");
  }
  field("camera").disabled = false;
}

function closed() {
  close = null;
  field("video").hidden = true;
  field("camera").textContent = "Ouvrir l’appareil photo";
  sessionStorage.removeItem("camera");
}

// ---- typing

function told() {
  const { count, strange } = progress(field("code").value);
  const { slip } = readCode(field("code").value);
  const hint = field("code-etat");
  const texts = {
    typing: `${count} signe${count > 1 ? "s" : ""} sur 16`,
    strange: "Un de ces signes n’existe pas dans un code.",
    check: SLIPS.check[1],
    good: "Code complet et bien recopié.",
  };
  const state = strange ? "strange" : count < 16 ? "typing" : slip ? "check" : "good";
  hint.textContent = count === 0 ? "" : texts[state];
  field("code").toggleAttribute("aria-invalid", false);
  if (state === "check" || state === "strange") field("code").setAttribute("aria-invalid", "true");
}

// ---- the start

function remember(id) {
  const box = field(id);
  box.checked = localStorage.getItem(id) === "yes";
  box.addEventListener("change", () => {
    localStorage.setItem(id, box.checked ? "yes" : "no");
    if (id === "signals" && box.checked) { wake(); signal("yes"); }
  });
}

function ownWorkshops() {
  for (const option of field("theme").querySelectorAll("[data-planned]")) {
    const elsewhere = option.dataset.venue !== venue();
    option.hidden = elsewhere;
    option.disabled = elsewhere;
    if (elsewhere && option.selected) field("theme").value = "";
  }
}

function choose(id, name) {
  const box = field(id);
  const kept = localStorage.getItem(name);
  if (!box.value && kept && [...(box.options ?? [])].some((option) => option.value === kept)) box.value = kept;
  box.addEventListener("change", () => localStorage.setItem(name, box.value));
}

async function keepThePage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/scanner/service-worker.js", { scope: "/scanner" });
  const worker = (await navigator.serviceWorker.ready).active;
  const base = new URL("./", import.meta.url).href;
  const named = ["decoder.js", "zxing/reader.js", "zxing/zxing_reader.wasm"].map((name) => base + name);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const files = loaded.filter((name) => new URL(name).pathname.startsWith("/assets/"));
  // The decoder is heavy: it is kept once the camera was used.
  const decoder = localStorage.getItem("decoder") === "yes" ? named : [];
  worker.postMessage({ files: [...new Set([location.origin + "/scanner", ...files, ...decoder])] });
}

function start() {
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  field("eye").hidden = !hasCamera();
  choose("lieu", "venue");
  choose("theme", "workshop");
  remember("group");
  remember("signals");
  ownWorkshops();
  field("lieu").addEventListener("change", () => { ownWorkshops(); loadList(); });
  field("code").addEventListener("input", told);
  field("camera").addEventListener("click", () => {
    wake();
    if (close) { close(); closed(); return; }
    localStorage.setItem("decoder", "yes");
    openCamera().then(() => keepThePage().catch(() => {}));
  });
  form.addEventListener("submit", (event) => {
    const photo = field("photo").files.length > 0 && !field("code").value;
    if (photo && network === "on") return;
    event.preventDefault();
    if (photo) no("Photo", "Sans réseau une photo ne peut pas être lue : tapez le code.");
    else take(field("code").value, true);
  });
  document.querySelector("form[action='/deconnexion']")?.addEventListener("submit", (event) => {
    const stay = counted.all > 0 &&
      !confirm(`${waiting(counted.all)} Ce sera fait quand vous vous reconnecterez sur cet appareil. Se déconnecter ?`);
    if (stay) event.preventDefault();
    else if ("caches" in self) caches.delete("pass-numerique-scanner");
  });
  addEventListener("online", () => { wait = 5; again(); });
  addEventListener("offline", () => lost({}));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  onChange(status);
  setInterval(renewList, 10 * 60 * 1000);
  navigator.storage?.persist?.();
  keepThePage().catch(() => {});
  tidy().catch(() => {});
  loadList().then(settle);
  if (sessionStorage.getItem("camera") === "open") openCamera();
}

start();
