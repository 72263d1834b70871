// Asking the shop.

const PATIENCE = 30_000;

// What stands in the way, by the status of an answer that is none of the shop's.
const OBSTACLES = {
  413: "This is too large for the network between here and the shop.",
  429: "The shop is asked too much just now: wait a moment.",
  502: "The shop is not there just now: wait a moment.",
  503: "The shop is not there just now: wait a moment.",
  504: "The shop did not answer in time.",
};

/** Send a sale. The answer's `outcome`:
 *  "sold" (`sale`), "refused" (`status`, `error`: nothing was written), "logged out" (nothing was written),
 *  or "unknown" (`why`): it may be in the books or not, and asking again with the same document is safe. */
export async function sell(url, document_) {
  const { outcome, body, ...answer } = await post(url, document_, isSale);
  return outcome === "done" ? { outcome: "sold", sale: body } : { outcome, ...answer };
}

/** Write a new customer down: "done" (`customer`), or as for a sale. Asking again adds nobody twice. */
export async function addCustomer(url, document_) {
  const { body, ...answer } = await post(url, document_, (each) => typeof each?.customer?.id === "number");
  return { ...answer, customer: body?.customer };
}

/** Up to twenty customers who match; null when there is no answer. */
export async function findCustomers(url, text, signal) {
  const found = (await get(`${url}?${new URLSearchParams({ q: text })}`, signal))?.customers;
  return Array.isArray(found) ? found : null;
}

/** A sentence of where a transaction code was used already; "" when it is free, or nobody knows. */
export async function codeUse(url, type, code, signal) {
  const used = (await get(`${url}?${new URLSearchParams({ type, code })}`, signal))?.used;
  return typeof used === "string" ? used : "";
}

/** Send a document: "done" (`body`) when `isDone(body)`, "refused" (`status`, `error`), "logged out" or "unknown" (`why`). */
export async function post(url, document_, isDone) {
  let status, body;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(document_),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    status = response.status;
    body = await response.json();
  } catch (error) {
    return { outcome: "unknown", why: obstacle(error, status) };
  }
  // Only the shop's own words count: a hotspot's login page is no acknowledgement.
  const words = typeof body?.error?.message === "string" ? body.error.message : "";
  if ((status === 201 || status === 200) && isDone(body)) return { outcome: "done", body };
  if (status === 401) return { outcome: "logged out" };
  if (status >= 400 && status < 500 && words)
    return { outcome: "refused", status, error: { fields: {}, ...body.error } };
  return { outcome: "unknown", why: words || obstacle(null, status) };
}

function obstacle(error, status) {
  if (error?.name === "TimeoutError") return "The books did not answer in time.";
  if (OBSTACLES[status]) return OBSTACLES[status];
  if (status) return "Something else than the shop answered, perhaps a login page of the network.";
  return navigator.onLine ? "No answer from the books." : "This till is offline.";
}

/** The shop's answer; null when there is none. */
export async function get(url, signal) {
  try {
    const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

const isSale = (body) =>
  ["number", "total", "change", "url"].every((name) => typeof body?.[name] === "string") && body.url.startsWith("/");

function csrfToken() {
  // Read each time: logging in again, in another window, changes it.
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
