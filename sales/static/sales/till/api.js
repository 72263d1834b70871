// Asking the books.

const PATIENCE = 30_000;

/** Send a sale. The answer's `outcome`:
 *  "sold" (`sale`), "refused" (`status`, `error`: nothing was written), "logged out" (nothing was written),
 *  or "unknown": it may be in the books or not, and asking again with the same document is safe. */
export async function sell(url, document_) {
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
  } catch {
    return { outcome: "unknown" };
  }
  // Only the shop's own words count: a hotspot's login page is no acknowledgement.
  if ((status === 201 || status === 200) && isSale(body)) return { outcome: "sold", sale: body };
  if (status === 401) return { outcome: "logged out" };
  if (status >= 400 && status < 500 && typeof body?.error?.message === "string")
    return { outcome: "refused", status, error: { fields: {}, ...body.error } };
  return { outcome: "unknown" };
}

/** Up to twenty customers who match; null when there is no answer. */
export async function findCustomers(url, text, signal) {
  try {
    const response = await fetch(`${url}?q=${encodeURIComponent(text)}`, { signal });
    return response.ok ? (await response.json()).customers : null;
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
