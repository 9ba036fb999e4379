// Keeps the scanner page and its files, so that it opens without a network.

const CACHE = "pass-numerique-scanner";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page names its files once it has loaded them; files of other versions go.
self.addEventListener("message", (event) => {
  if (event.data && event.data.files) event.waitUntil(keep(event.data.files));
});

async function keep(files) {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const known = files.includes(request.url) || new URL(request.url).pathname === "/scanner";
    if (!known) await cache.delete(request);
  }
  for (const file of files) {
    if (!(await cache.match(file))) await add(cache, file);
  }
}

// What is kept stays for good: a sign-in page of the network must not stand where a file should, and
// a file that was cut must not stay.
async function add(cache, file) {
  const response = await fetch(file, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const html = (response.headers.get("content-type") || "").includes("html");
  const scanner = new URL(file).pathname === "/scanner";
  if (scanner ? isScanner(await ours(response)) : !html) await cache.put(scanner ? "/scanner" : file, response);
}

/** The text of a page of the service, whole; nothing when a network put something in its place. */
async function ours(response) {
  const text = await response.clone().text();
  const whole = text.includes(" – Pass numérique</title>") && text.trim().endsWith("</html>");
  return new URL(response.url).origin === self.location.origin && whole ? text : "";
}

const isScanner = (text) => text.includes("data-whose=");

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
  const asked = answer(request, cache);
  if (!kept) return asked.then((got) => got.response);
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => {
    setTimeout(resolve, PATIENCE, kept);
  });
  const answered = asked.then(
    (got) => (got.usable ? got.response : kept),
    () => kept,
  );
  return Promise.race([answered, late]);
}

// Redirects are followed here: to our own page to sign in is an answer, to anywhere else is none.
async function answer(request, cache) {
  const response = await fetch(request.url, { credentials: "same-origin", cache: "no-store" });
  const text = await ours(response);
  if (response.redirected) return { response: Response.redirect(response.url), usable: text !== "" };
  const plain = new URL(request.url).search === "";
  if (response.ok && plain && isScanner(text)) await cache.put("/scanner", response.clone());
  return { response, usable: text !== "" && response.status < 500 };
}

async function file(request) {
  const kept = await caches.match(request);
  return kept || fetch(request);
}
