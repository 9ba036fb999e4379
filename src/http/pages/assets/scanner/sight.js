// The live camera in front of a pass.

import { no } from "./answers.js";
import { watch } from "./camera.js";
import { field } from "./choices.js";
import { readCode } from "./code.js";
import { busy, last, take } from "./validation.js";

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

export async function openCamera() {
  const video = field("video");
  field("camera").disabled = true;
  try {
    close = await watch(video, seen, (why) => {
      closed();
      if (why === "decoder")
        no("Caméra", "La lecture directe ne marche pas sur cet appareil. Prenez une photo ou tapez le code.");
    });
    video.hidden = false;
    field("camera").textContent = "Fermer l’appareil photo";
    sessionStorage.setItem("camera", "open");
  } catch (error) {
    closed();
    const refused = error.name === "NotAllowedError";
    no(
      "Appareil photo",
      refused
        ? "Le navigateur n’a pas le droit d’utiliser l’appareil photo. Autorisez-le, ou prenez une photo, ou tapez le code."
        : "L’appareil photo ne s’ouvre pas. Prenez une photo ou tapez le code.",
    );
  }
  field("camera").disabled = false;
}

function closed() {
  close = null;
  field("video").hidden = true;
  field("camera").textContent = "Ouvrir l’appareil photo";
  sessionStorage.removeItem("camera");
}

/** Closes the camera; answers whether it was open. */
export function closeCamera() {
  if (!close) return false;
  close();
  closed();
  return true;
}
