// Keeps the shell of the portal: its own files, and one page for when there is no network. No page of a person is kept.
const SHELL = "shell-{{ version|escapejs }}";
const OFFLINE = "{% url 'offline' %}";
const FILES = [OFFLINE{% for file in shell %}, "{{ file|escapejs }}"{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    // From the network first: a new release must not wait for the browser to forget the old one.
    event.respondWith(fetch(request).then((answer) => {
      if (answer.ok) {
        const copy = answer.clone();
        event.waitUntil(caches.open(SHELL).then((cache) => cache.put(request, copy)));
      }
      return answer;
    }).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
