// On every other page of who validates: what waits on this device is named, and sent from there too.

import { device } from "./device.js";
import { scans, send, waits } from "./queue.js";

const notice = document.createElement("p");
notice.className = "notice";
notice.setAttribute("role", "status");

async function look() {
  const count = (await scans()).filter(waits).length;
  if (count === 0) return notice.remove();
  const many = count > 1 ? `${count} validations attendent` : "1 validation attend";
  const link = document.createElement("a");
  link.href = "/scanner";
  link.textContent = "Ouvrir l’écran de validation";
  notice.textContent = `${many} sur cet appareil d’être envoyée${count > 1 ? "s" : ""}. `;
  notice.append(link);
  if (!notice.parentNode) document.querySelector("main").prepend(notice);
  return count;
}

async function settle() {
  if (!(await look())) return;
  await send(null, device()).catch(() => {});
  await look();
}

if (!document.getElementById("door")) {
  settle();
  addEventListener("online", settle);
}
