// The live camera in front of a pass.

import { no } from "./answers.js";
import { watch } from "./camera.js";
import { field } from "./choices.js";
import { readCode } from "./code.js";
import { remember } from "./store.js";
import { justTaken, take } from "./validation.js";

let close = null;
let sight = { text: "", at: 0 };

const WHY = {
  decoder: "La lecture directe ne marche pas sur cet appareil. Prenez une photo ou tapez le code.",
  ended: "L’appareil photo s’est arrêté, ou un autre programme l’a pris. Ouvrez-le de nouveau, ou tapez le code.",
  NotAllowedError:
    "Le navigateur n’a pas le droit d’utiliser l’appareil photo. Autorisez-le, ou prenez une photo, ou tapez le code.",
  NotFoundError: "Cet appareil n’a pas d’appareil photo que le navigateur voie. Prenez une photo ou tapez le code.",
  NotReadableError: "Un autre programme utilise l’appareil photo. Fermez-le, ou prenez une photo, ou tapez le code.",
};
const OTHER = "L’appareil photo ne s’ouvre pas. Prenez une photo ou tapez le code.";

// The same pass stays in view for a while: it is looked at again when it has left.
function seen(text) {
  if (!text) return;
  // Not the clock of the device: that may be put back.
  const now = performance.now();
  const still = text === sight.text && now - sight.at < 2500;
  sight = { text, at: now };
  const { code } = readCode(text);
  if (!still && !(code && justTaken(code))) take(text);
}

export async function openCamera() {
  const video = field("video");
  field("camera").disabled = true;
  try {
    close = await watch(video, seen, (why) => {
      closed();
      no("Appareil photo", WHY[why]);
    });
    video.hidden = false;
    field("camera").textContent = "Fermer l’appareil photo";
    remember("camera", "open", "sessionStorage");
  } catch (error) {
    closed();
    no("Appareil photo", WHY[error.name] || OTHER);
  }
  field("camera").disabled = false;
}

function closed() {
  close = null;
  field("video").hidden = true;
  field("camera").textContent = "Ouvrir l’appareil photo";
  remember("camera", null, "sessionStorage");
}

/** Closes the camera; answers whether it was open. */
export function closeCamera() {
  if (!close) return false;
  close();
  closed();
  return true;
}
