// What was written without a network, kept in this browser until it is sent: once, under the key it was given when it was
// written. It is the writer's: somebody else who signs in here sends nothing of theirs.
const NAME = "zhenghe";
const FILINGS = "filings";
const KNOWN = "known";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(FILINGS, { keyPath: "key" });
      asked.result.createObjectStore(KNOWN, { keyPath: "name" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function ask(store, mode, what) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const asked = what(database.transaction(store, mode).objectStore(store));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }).finally(() => database.close());
}

export const filings = () => ask(FILINGS, "readonly", (rows) => rows.getAll());
export const keep = (filing) => ask(FILINGS, "readwrite", (rows) => rows.put(filing));
export const forget = (key) => ask(FILINGS, "readwrite", (rows) => rows.delete(key));
export const known = async () => (await ask(KNOWN, "readonly", (rows) => rows.get("places")))?.value;

// Who is signed in, by a mark that names nobody, and where they may file.
export async function learn(person) {
  const answer = await fetch("/api/v1/places/", { headers: { Accept: "application/json" } });
  if (answer.ok) {
    const value = { person, places: await answer.json() };
    await ask(KNOWN, "readwrite", (rows) => rows.put({ name: "places", value }));
  }
}

function token() {
  const cookie = document.cookie.split("; ").find((pair) => /^(__Host-)?csrftoken=/.test(pair));
  return cookie ? cookie.slice(cookie.indexOf("=") + 1) : "";
}

// Returns what became of each: {filing, number} or {filing, refusal}; what met no network stays without a word.
export async function sendAll(person) {
  const told = [];
  for (const filing of (await filings()).filter((each) => each.person === person)) {
    const form = new FormData();
    for (const name of ["key", "place", "words"]) form.append(name, filing[name]);
    filing.photos.forEach((photo) => form.append("photos", photo.content, photo.name));
    const headers = { "X-CSRFToken": token(), "Idempotency-Key": filing.key, Accept: "application/json" };
    let answer;
    try {
      answer = await fetch("/api/v1/requests/", { method: "POST", body: form, headers });
    } catch {
      return told;
    }
    if (answer.status === 201) {
      await forget(filing.key);
      told.push({ filing, case: await answer.json() });
    } else if (answer.status === 400) {
      const problem = await answer.json();
      const refusal = (problem.errors || []).map((error) => error.detail).join(" ") || problem.detail;
      await keep({ ...filing, refusal });
      told.push({ filing, refusal });
    }
  }
  return told;
}
