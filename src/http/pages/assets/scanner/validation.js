// One code after the other, with or without a network.

import { missing, no, notKept, react, yes } from "./answers.js";
import { field, organisation, venue, venueName, workshop } from "./choices.js";
import { readCode } from "./code.js";
import { list, lost, network, reached, settle } from "./network.js";
import { clear, dayInLetters, hour, moment, say, workshops } from "./panel.js";
import { forget, keep, scans, waits } from "./queue.js";
import { ask, newKey } from "./service.js";
import { SLIPS, told } from "./typing.js";

/** Whether a code is being looked at. */
export let busy = false;
/** What was validated or noted last: in front of the camera it is not taken again for a minute. */
export let last = { code: "", at: 0 };

export async function take(text, typed) {
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
  if (answer.problem) {
    reached();
    return no(answer.problem.title, answer.problem.detail);
  }
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
  const kept = await keep(scan).then(
    () => true,
    () => false,
  );
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
  return note(code, what, seen ?? (await recognise(code)), scan);
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
    : {
        known: false,
        words: `Pass absent de la liste du ${date} : il est peut-être nouveau, terminé, annulé ou expiré.`,
      };
}

async function offline(code) {
  const seen = await recognise(code);
  const twin = (await scans().catch(() => [])).find(
    (scan) =>
      waits(scan) && scan.code === code && scan.scannedAt.slice(0, 10) === new Date().toISOString().slice(0, 10),
  );
  if (twin)
    seen.words = `Déjà noté à ${hour(new Date(twin.scannedAt))} sur cet appareil. Un pass sert en général une fois par jour.`;
  const acts = { note: () => confirmed(code, seen), leave: clear };
  if (twin) {
    react("no");
    return say("unsure", { title: "Déjà noté aujourd’hui", more: seen.words }, acts);
  }
  if (!seen.known) {
    react("no");
    return say("unsure", { title: "Pass non reconnu", more: seen.words }, acts);
  }
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
