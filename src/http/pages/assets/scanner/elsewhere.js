// On every other page of who validates: what waits on this device is named, and sent from there too.

import { device } from "./device.js";
import { scans, send, waits } from "./queue.js";

const notice = document.createElement("p");
notice.className = "notice";
notice.setAttribute("role", "status");
let named = 0;

async function look() {
  const count = (await scans()).filter(waits).length;
  // Said again only when it changed: it is read aloud.
  if (count !== named) name(count);
  named = count;
}

function name(count) {
  notice.remove();
  if (count === 0) return;
  const many = count > 1 ? `${count} validations attendent` : "1 validation attend";
  const link = document.createElement("a");
  link.href = "/scanner";
  link.textContent = "Ouvrir l’écran de validation";
  notice.textContent = `${many} sur cet appareil d’être envoyée${count > 1 ? "s" : ""}. `;
  notice.append(link);
  document.querySelector("main").prepend(notice);
}

async function settle() {
  await look();
  if (named === 0) return;
  await send(null, device()).catch(() => {});
  await look();
}

if (!document.getElementById("door")) {
  settle();
  addEventListener("online", settle);
}
