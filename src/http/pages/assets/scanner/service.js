// Asking the service. An answer counts only when it is ours: anything else that a network puts in its
// place, such as a hotel's sign-in page or a proxy's excuse, is no answer. It is one of:
//   { ok: true, body, key }      it did it, for the request of that key
//   { ok: false, problem, key }  it refused, and says why (`code`, `title`, `detail`)
//   { ok: false, signIn }        nobody is signed in any more
//   { ok: false, away, wait }    nothing that can be relied on: it may be asked again, after `wait`
//                                seconds; with `problem` when the service itself asks for that

const LONGEST_WAIT = 3600;

/** Asks for `path` and reads the answer to its end, all of it within so many seconds. */
async function reach(path, how, seconds, read) {
  const stop = "AbortController" in self ? new AbortController() : null;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("late"));
      if (stop) stop.abort();
    }, seconds * 1000);
  });
  const asking = { credentials: "same-origin", cache: "no-store", ...how };
  if (stop) asking.signal = stop.signal;
  const asked = fetch(path, asking).then(async (response) => ({ response, content: await read(response) }));
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function ask(method, path, { body, key, seconds = 8, bytes = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const read = (response) => (bytes && response.ok ? response.arrayBuffer() : response.text());
  try {
    const how = { method, headers, body: sent, redirect: "manual" };
    const { response, content } = await reach(`/api/v1${path}`, how, seconds, read);
    if (response.type === "opaqueredirect") return { ok: false, away: true, signIn: await signedOut() };
    return response.ok ? done(response, content, bytes) : refusal(response, content);
  } catch {
    return { ok: false, away: true };
  }
}

function done(response, content, bytes) {
  const type = response.headers.get("content-type") || "";
  if (bytes && type.startsWith("application/octet-stream")) return { ok: true, body: content };
  const body = !bytes && type.startsWith("application/json") ? JSON.parse(content) : null;
  if (!body || typeof body !== "object") return { ok: false, away: true };
  return { ok: true, body, key: response.headers.get("idempotency-key") };
}

function refusal(response, content) {
  const type = response.headers.get("content-type") || "";
  const wait = seconds(response.headers.get("retry-after"));
  const problem = type.startsWith("application/problem+json") ? JSON.parse(content) : null;
  const texts = problem ? [problem.code, problem.title, problem.detail] : [];
  const ours = problem && problem.status === response.status && texts.every((text) => typeof text === "string");
  if (!ours) return { ok: false, away: true, wait };
  if (response.status === 401) return { ok: false, signIn: true };
  if (response.status === 429 || response.status >= 500) return { ok: false, away: true, wait, problem };
  return { ok: false, problem, key: problem.idempotency_key };
}

/** What `Retry-After` says, in seconds; nothing when it says nothing that can be true. */
function seconds(text) {
  if (!text) return undefined;
  const told = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return told > 0 ? Math.min(Math.ceil(told), LONGEST_WAIT) : undefined;
}

/**
 * The page of the scanner as the service writes it now. Throws when what came is not ours, or was cut.
 * `signedOut` when it is the page to sign in.
 */
export async function scannerPage() {
  const { response, content } = await reach("/scanner", {}, 8, (answer) => answer.text());
  const whole = / – Pass numérique<\/title>/.test(content) && content.trim().endsWith("</html>");
  if (!response.ok || !whole || new URL(response.url).origin !== location.origin) throw new Error("not ours");
  return { text: content, signedOut: response.redirected };
}

const signedOut = () =>
  scannerPage().then(
    (page) => page.signedOut,
    () => false,
  );

/** A time-ordered UUID (version 7). */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 65536));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 65536);
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
