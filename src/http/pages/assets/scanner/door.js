// The scanner: what the page does when it opens, and what each of its parts leads to.

import { no } from "./answers.js";
import { hasCamera } from "./camera.js";
import { choose, field, form, ownWorkshops, remember } from "./choices.js";
import { again, counted, hurry, loadList, lost, network, renewList, settle, status } from "./network.js";
import { waiting } from "./panel.js";
import { onChange, tidy } from "./queue.js";
import { listenToReaders } from "./reader.js";
import { closeCamera, openCamera } from "./sight.js";
import { wake } from "./signals.js";
import { recall, remember as store } from "./store.js";
import { told } from "./typing.js";
import { begins, take } from "./validation.js";

async function keepThePage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/scanner/service-worker.js", { scope: "/scanner" });
  const worker = (await navigator.serviceWorker.ready).active;
  const base = new URL("./", import.meta.url).href;
  const named = ["decoder.js", "zxing/reader.js", "zxing/zxing_reader.wasm"].map((name) => base + name);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const files = loaded.filter((name) => new URL(name).pathname.startsWith("/assets/"));
  // The decoder is heavy: it is kept once the camera was used.
  const decoder = recall("decoder") === "yes" ? named : [];
  worker.postMessage({ files: [...new Set([`${location.origin}/scanner`, ...files, ...decoder])] });
}

function start() {
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  field("eye").hidden = !hasCamera();
  choose("lieu", "venue");
  choose("theme", "workshop");
  remember("group");
  remember("signals");
  ownWorkshops();
  field("lieu").addEventListener("change", () => {
    ownWorkshops();
    loadList();
  });
  field("code").addEventListener("input", () => {
    if (field("code").value) begins();
    told();
  });
  listenToReaders(take);
  field("camera").addEventListener("click", () => {
    wake();
    if (closeCamera()) return;
    store("decoder", "yes");
    openCamera().then(() => keepThePage().catch(() => {}));
  });
  form.addEventListener("submit", (event) => {
    const photo = field("photo").files.length > 0 && !field("code").value;
    if (photo && network === "on") return;
    event.preventDefault();
    if (photo) no("Photo", "Sans réseau une photo ne peut pas être lue : tapez le code.");
    else if (field("code").value.trim()) take(field("code").value);
    else field("code").focus();
  });
  const signOut = document.querySelector("form[action='/deconnexion']");
  signOut.addEventListener("submit", (event) => {
    const stay =
      counted.all > 0 &&
      !confirm(`${waiting(counted.all)} Ce sera fait quand vous vous reconnecterez sur cet appareil. Se déconnecter ?`);
    if (stay) event.preventDefault();
  });
  addEventListener("online", hurry);
  addEventListener("offline", () => lost({}));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) again();
  });
  onChange(status);
  setInterval(renewList, 10 * 60 * 1000);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  keepThePage().catch(() => {});
  tidy().catch(() => {});
  loadList().then(settle, settle);
  if (recall("camera", "sessionStorage") === "open") openCamera();
}

start();
