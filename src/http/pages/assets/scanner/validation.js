// One code after the other, with or without a network. Each code is one turn: what the service says
// of an earlier one never takes the place of a later one, it goes to the list of this device.

import { missing, no, noted, react, yes } from "./answers.js";
import { field, organisation, venue, venueName, workshop } from "./choices.js";
import { readCode } from "./code.js";
import { asks, list, lost, network, reached, settle } from "./network.js";
import { clear, dayInLetters, hour, moment, say, workshops } from "./panel.js";
import { forget, keep, scans, sendNow, waits } from "./queue.js";
import { ask, newKey } from "./service.js";
import { SLIPS, told } from "./typing.js";

// The same pass in view, or under a reader that fires twice, is one person for so long.
const SAME_PERSON = 60000;

/** What was written down last: in front of the camera it is not taken again for a minute. */
export let last = { code: "", at: 0 };
export const justTaken = (code) => code === last.code && performance.now() - last.at < SAME_PERSON;

let turn = 0;
/** The code whose card waits for a press. */
let open = "";

/** A new code begins: the answer to the one before goes, and a card that nobody pressed is named. */
export function begins() {
  if (!clear()) return;
  turn += 1;
  if (open) say("left", { more: `Le pass d’avant, code finissant par ${open.slice(-4)}, n’est pas validé.` });
  open = "";
}

export async function take(text) {
  const { code, slip } = readCode(text);
  if (slip) return no(...SLIPS[slip]);
  if (!venue()) return missing("lieu", "Choisissez votre lieu", "Il est demandé une seule fois sur cet appareil.");
  begins();
  turn += 1;
  field("code").value = "";
  told();
  if (!field("group").checked) return look(code, turn);
  if (network === "on" && !justTaken(code)) return validate(code);
  return network === "on" ? again(code) : offline(code, turn);
}

async function look(code, mine) {
  if (network === "away") return offline(code, mine);
  open = code;
  say("busy");
  const answer = await ask("POST", "/redemptions/check", { body: { code, venue_id: venue() }, seconds: 5 });
  if (mine !== turn) return undefined;
  const pass = answer.ok ? answer.body : {};
  if (pass.redeemable === true && Number.isInteger(pass.remaining)) {
    reached();
    const words = {
      left: `Il reste ${workshops(pass.remaining)}`,
      until: `Valable jusqu’au ${dayInLetters(pass.last_day)}`,
      programme: pass.programme,
      workshop: field("theme").value ? field("theme").selectedOptions[0].textContent.trim() : "",
      training: pass.training ? "Entraînement : ce pass ne compte pas et ne sera pas payé." : "",
    };
    return say("pass", words, { confirm: () => validate(code), leave });
  }
  if (answer.problem && (!answer.away || answer.problem.status === 429)) {
    open = "";
    if (!answer.away) reached();
    const more = answer.away ? asks(answer) : answer.problem.detail;
    return no(answer.problem.title, more, answer.problem.code);
  }
  lost(answer.ok ? {} : answer);
  return offline(code, mine);
}

function leave() {
  open = "";
  clear();
}

// The scan is written down before it is sent: whatever happens then, it is not lost.
async function validate(code, seen) {
  const what = workshop();
  if (!what) {
    field("code").value = code;
    return missing("theme", "Choisissez l’atelier", "Puis vérifiez de nouveau le pass.");
  }
  open = "";
  turn += 1;
  const mine = turn;
  last = { code, at: performance.now() };
  const scan = scanOf(code, what);
  // A second press meets no button.
  clear();
  await keep(scan);
  if (mine === turn) say("busy");
  if (scan.state === "waiting") return note(scan, mine, seen);
  const { done, answer } = await sendNow(scan);
  if (done) return decided(scan, done, mine);
  if (!answer.ok && (answer.signIn || answer.away)) lost(answer);
  return note(scan, mine, seen, answer);
}

async function decided(scan, done, mine) {
  reached();
  const shown = mine === turn;
  if (done.state === "refused" && last.code === scan.code) last = { code: "", at: 0 };
  // In front of the person, the list of this device need not say it again.
  if (shown) await forget(scan.key).catch(() => keep(done));
  else await keep(done);
  if (done.state === "accepted") return yes(done, shown);
  const which = `Code finissant par ${done.ending}.`;
  return shown ? no(done.title, `${done.detail} ${which}`, done.refusal) : react("no");
}

function scanOf(code, what) {
  return {
    key: newKey(),
    code,
    venue: venue(),
    venueName: venueName(),
    organisation,
    workshop: what,
    label: field("theme").selectedOptions[0].textContent.trim(),
    scannedAt: new Date().toISOString(),
    state: network === "on" ? "sending" : "waiting",
    since: Date.now(),
  };
}

function again(code) {
  react("no");
  const more = "Ce code vient d’être lu sur cet appareil. Un pass sert en général une fois par jour.";
  return say("unsure", { title: "Même pass ?", more }, { note: () => validate(code), leave });
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

async function offline(code, mine) {
  const seen = await recognise(code);
  const today = new Date().toISOString().slice(0, 10);
  const same = (scan) => waits(scan) && scan.code === code && scan.scannedAt.slice(0, 10) === today;
  const twin = (await scans()).find(same);
  if (mine !== turn) return undefined;
  open = code;
  const acts = { note: () => validate(code, seen), leave };
  if (twin) {
    seen.words = `Déjà noté à ${hour(new Date(twin.scannedAt))} sur cet appareil. Un pass sert en général une fois par jour.`;
    react("no");
    return say("unsure", { title: "Déjà noté aujourd’hui", more: seen.words }, acts);
  }
  if (!seen.known) {
    react("no");
    return say("unsure", { title: "Pass non reconnu", more: seen.words }, acts);
  }
  return field("group").checked ? validate(code, seen) : say("known", { more: seen.words }, acts);
}

/** The scan waits: so it is said, with what this device knows of the pass and what holds it up. */
async function note(scan, mine, seen, answer) {
  const found = seen || (await recognise(scan.code));
  if (scan.state !== "waiting") {
    // Unless another tab settled it meanwhile, it waits for the next sending.
    const now = (await scans()).find((one) => one.key === scan.key);
    if (now && waits(now)) await keep({ ...scan, state: "waiting" });
  }
  if (mine === turn) noted(scan.key, found.words, answer ? asks(answer) : "");
  // What was sent just now is sent again in a moment, not at once.
  if (!answer) settle();
}
