// Keeps the scanner page and its files, so that it opens without a network.

const CACHE = "pass-numerique-scanner";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page names its files once it has loaded them; files of other versions go.
self.addEventListener("message", (event) => {
  if (event.data?.files) event.waitUntil(keep(event.data.files));
});

async function keep(files) {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const known = files.includes(request.url) || new URL(request.url).pathname === "/scanner";
    if (!known) await cache.delete(request);
  }
  for (const file of files) {
    if (!(await cache.match(file))) await cache.add(file);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const scanner = address.pathname === "/scanner" && !address.searchParams.has("lu");
  if (scanner) event.respondWith(page(request, event));
  else if (address.pathname.startsWith("/assets/")) event.respondWith(file(request));
});

async function page(request, event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match("/scanner");
  const asked = fetch(request).then(async (response) => {
    const ours = response.ok && !response.redirected && response.type === "basic";
    if (ours && new URL(request.url).search === "") await cache.put("/scanner", response.clone());
    return response;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, kept);
  });
  const answered = asked.then(
    (response) => (response.status >= 500 ? kept : response),
    () => kept,
  );
  return Promise.race([answered, late]);
}

async function file(request) {
  const kept = await caches.match(request);
  return kept ?? fetch(request);
}
