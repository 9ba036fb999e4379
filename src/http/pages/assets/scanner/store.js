// What this device keeps: the scans that wait for the service, what became of them, and the lists
// of live passes. A scan that the device cannot write lives as long as this page does.

const NAME = "pass-numerique";
// Some browsers leave a request to their database without any answer.
const PATIENCE = 5000;

let opened = null;
let readable = true;
const unwritten = new Map();

/** Scans that nothing but this page holds. */
export const heldByPage = (key) => (key ? unwritten.has(key) : unwritten.size > 0);
/** Whether this device can keep scans, as far as is known. */
export const keeps = () => readable && unwritten.size === 0;

function open() {
  const opening = new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE, new Error("late"));
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("scans", { keyPath: "key" });
      request.result.createObjectStore("lists", { keyPath: "venue" });
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = forget;
      database.onversionchange = () => {
        forget();
        database.close();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  const forget = () => {
    if (opened === opening) opened = null;
  };
  opening.catch(forget);
  return opening;
}

async function transaction(name, mode) {
  for (let attempt = 1; ; attempt += 1) {
    if (!opened) opened = open();
    const used = opened;
    const database = await used;
    try {
      return database.transaction(name, mode, { durability: "strict" });
    } catch (error) {
      // The browser closed it under the page: it is opened again, once.
      if (attempt > 1) throw error;
      if (opened === used) opened = null;
    }
  }
}

// Settles when the transaction is on the disk, not when the request succeeded.
async function run(name, mode, work) {
  const begun = await transaction(name, mode);
  return new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE, new Error("late"));
    const request = work(begun.objectStore(name));
    begun.oncomplete = () => resolve(request.result);
    begun.onabort = () => reject(begun.error);
    begun.onerror = () => reject(begun.error);
  });
}

/** Writes a scan down; without a disk that takes it, this page holds it. */
export async function keepScan(scan) {
  try {
    await run("scans", "readwrite", (store) => store.put(scan));
    unwritten.delete(scan.key);
  } catch {
    unwritten.set(scan.key, scan);
  }
}

export async function forgetScan(key) {
  const held = unwritten.delete(key);
  await run("scans", "readwrite", (store) => store.delete(key)).catch((error) => {
    if (!held) throw error;
  });
}

/** Every scan of this device, oldest first. */
export async function allScans() {
  const written = await run("scans", "readonly", (store) => store.getAll()).catch(() => null);
  readable = written !== null;
  const all = new Map((written || []).map((scan) => [scan.key, scan]));
  for (const [key, scan] of unwritten) all.set(key, scan);
  return [...all.values()].sort((a, b) => (a.scannedAt < b.scannedAt ? -1 : 1));
}

/** Tries again to write what only this page holds. */
export async function writeAgain() {
  for (const scan of [...unwritten.values()]) await keepScan(scan);
}

export const keepList = (venue, bytes) => run("lists", "readwrite", (store) => store.put({ venue, bytes }));
export const forgetLists = () => run("lists", "readwrite", (store) => store.clear());
export const forgetSettled = async () => {
  for (const scan of await allScans()) if (scan.settledAt) await forgetScan(scan.key);
};
export const listOf = async (venue) => {
  const kept = await run("lists", "readonly", (store) => store.get(venue));
  return kept ? kept.bytes : null;
};

/** A choice of this device; a browser may refuse to remember anything. */
export function recall(name, where = "localStorage") {
  try {
    return self[where].getItem(name);
  } catch {
    return null;
  }
}

/** Remembers a choice, or forgets it when it is `null`. */
export function remember(name, value, where = "localStorage") {
  try {
    if (value === null) self[where].removeItem(name);
    else self[where].setItem(name, value);
  } catch {
    // It is asked again the next time.
  }
}
