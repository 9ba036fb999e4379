// What this device keeps: the scans that wait for the service, what became of them, and the lists
// of live passes. A promise that fails means that nothing was kept, and the page says so.

const NAME = "pass-numerique";

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("scans", { keyPath: "key" });
      request.result.createObjectStore("lists", { keyPath: "venue" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

// Settles when the transaction is on the disk, not when the request succeeded.
async function run(name, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export const keepScan = (scan) => run("scans", "readwrite", (store) => store.put(scan));
export const forgetScan = (key) => run("scans", "readwrite", (store) => store.delete(key));
export const allScans = async () =>
  (await run("scans", "readonly", (store) => store.getAll())).sort((a, b) => a.scannedAt.localeCompare(b.scannedAt));
export const keepList = (venue, bytes) => run("lists", "readwrite", (store) => store.put({ venue, bytes }));
export const forgetLists = () => run("lists", "readwrite", (store) => store.clear());
export const forgetSettled = async () => {
  for (const scan of await allScans()) if (scan.settledAt) await forgetScan(scan.key);
};
export const listOf = async (venue) => (await run("lists", "readonly", (store) => store.get(venue)))?.bytes;
