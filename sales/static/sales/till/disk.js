// What has to outlive a power cut. A browser brings localStorage to the disk only seconds later; this does it now.

const STORE = "kept";
const PATIENCE = 1_000; // a disk that is slower than that does not hold up a sale

const opened = open();
let last = opened;

/** Bring a record to the disk under its name, after all that was brought before. */
export function bring(name, record) {
  last = opened.then((database) => database && written(database, name, record));
}

/** Until all that was brought is on the disk, or the disk has had its time. */
export const isOnDisk = () => within(last, null);

/** The record of that name which the disk has; null when there is none. */
export const fromDisk = (name) => within(opened.then((database) => database && read(database, name)), null);

const within = (promise, otherwise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE, otherwise))]);

/** The database; null in a browser that has none, which then keeps what localStorage keeps. */
function open() {
  return new Promise((resolve) => {
    const request = indexedDB.open("smartduka", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  }).catch(() => null);
}

function written(database, name, record) {
  return new Promise((resolve) => {
    const work = database.transaction(STORE, "readwrite", { durability: "strict" });
    work.objectStore(STORE).put(record, name);
    work.oncomplete = work.onerror = work.onabort = () => resolve();
  }).catch(() => {});
}

function read(database, name) {
  return new Promise((resolve) => {
    const request = database.transaction(STORE).objectStore(STORE).get(name);
    request.onsuccess = () => resolve(request.result ?? null);
    request.onerror = () => resolve(null);
  }).catch(() => null);
}
