// Every page: the browser keeps the shell, learns where this person may file, and sends what they wrote without a network.
import { learn, sendAll } from "./outbox.js";

const person = document.body.dataset.person;

function say(outcome) {
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.className = outcome.refusal ? "notice warn" : "notice";
  const link = document.createElement("a");
  if (outcome.refusal) {
    words.textContent = `您没有网络时写的一件事没有送成：${outcome.refusal} `;
    link.href = "/offline/";
    link.textContent = "看看";
  } else {
    words.textContent = `您没有网络时写的“${outcome.case.title}”送出了，由${outcome.case.holder || "社区"}负责。`;
    link.href = `/cases/${outcome.case.number}/`;
    link.textContent = `看进度 ${outcome.case.number}`;
  }
  words.append(link);
  document.getElementById("sent-later")?.append(words);
}

async function send() {
  if (person && navigator.onLine) (await sendAll(person)).forEach(say);
}

if ("serviceWorker" in navigator && "indexedDB" in window) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  window.addEventListener("online", send);
  send().catch(() => {});
  if (person && location.pathname === "/requests/new/") learn(person).catch(() => {});
}
