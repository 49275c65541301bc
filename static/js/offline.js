// The page without a network: writes a filing down for later.
import { filings, forget, keep, known } from "./outbox.js";

const form = document.getElementById("filing");
const byId = (id) => document.getElementById(id);

function offer(places) {
  const names = new Map(places.map((place) => [place.id, place.name]));
  const options = places.map((place) => new Option(names.has(place.parent) ? `${names.get(place.parent)} ${place.name}` : place.name, place.id));
  form.place.replaceChildren(new Option("请选择", ""), ...options);
}

async function show() {
  const waiting = await filings();
  byId("waiting").hidden = waiting.length === 0;
  byId("waiting-list").replaceChildren(...waiting.map((filing) => {
    const line = document.createElement("li");
    const words = document.createElement("p");
    words.textContent = filing.words.slice(0, 60) + (filing.photos.length ? `（${filing.photos.length} 张照片）` : "");
    line.append(words);
    if (filing.refusal) {
      const refusal = document.createElement("p");
      refusal.className = "field-error";
      refusal.textContent = `没有送成：${filing.refusal}`;
      line.append(refusal);
    }
    const drop = document.createElement("button");
    drop.className = "button ghost";
    drop.type = "button";
    drop.textContent = "不要了";
    drop.addEventListener("click", async () => { await forget(filing.key); await show(); });
    line.append(drop);
    return line;
  }));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = form.words.value.trim();
  byId("place-error").hidden = Boolean(form.place.value);
  byId("words-error").hidden = Boolean(words);
  if (!form.place.value || !words) return;
  const photos = await Promise.all([...form.photos.files].slice(0, 9).map(async (file) => ({ name: file.name, content: new Blob([await file.arrayBuffer()], { type: file.type }) })));
  const { person } = await known();
  await keep({ key: crypto.randomUUID(), person, place: form.place.value, words, photos, writtenAt: new Date().toISOString() });
  form.reset();
  form.photos.dispatchEvent(new Event("change"));
  byId("saved").hidden = false;
  byId("saved").textContent = "存好了。有网络时打开本站，就自动送出。";
  await show();
});

const ready = await known();
if (ready) offer(ready.places);
byId(ready ? "can-write" : "cannot-write").hidden = false;
await show();
