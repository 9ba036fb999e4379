// The code that is being typed: how far it is, and what is wrong with it.

import { field } from "./choices.js";
import { progress, readCode } from "./code.js";

export const SLIPS = {
  shape: ["Ce n’est pas un code de pass", "Scannez le QR code du pass, ou tapez les 16 signes imprimés dessous."],
  serial: ["C’est le numéro du talon", "Tapez les 16 signes imprimés sous le QR code du pass."],
  check: ["Code mal recopié", "Un signe est faux : vérifiez les 16 signes imprimés sous le QR code."],
};

export function told() {
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
  if (state === "check" || state === "strange") field("code").setAttribute("aria-invalid", "true");
  else field("code").removeAttribute("aria-invalid");
}
