// Asking the service. An answer is one of:
//   { ok: true, body }        it did it
//   { ok: false, problem }    it refused, and says why (`code`, `title`, `detail`)
//   { ok: false, signIn }     nobody is signed in any more
//   { ok: false, away }       no answer, or none that can be relied on: it may be asked again

export async function ask(method, path, { body, key, seconds = 8 } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(seconds * 1000),
    });
    if (response.status === 401) return { ok: false, signIn: true };
    if (response.status >= 500 || response.status === 429) return { ok: false, away: true };
    const json = response.headers.get("content-type")?.includes("json");
    if (response.ok) return { ok: true, body: json ? await response.json() : await response.arrayBuffer() };
    // What answers in another language is not the service: a hotel's sign-in page, a proxy.
    return json ? { ok: false, problem: await response.json() } : { ok: false, away: true };
  } catch {
    return { ok: false, away: true };
  }
}

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
