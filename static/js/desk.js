/* Keys of the work table: the next case is one key away. Without this file the links open whole pages. */
"use strict";

(function () {
  const table = document.querySelector("[data-work-table]");
  if (!table) return;
  const rows = [...table.querySelectorAll("[data-row]")];
  let at = -1;

  function go(to) {
    if (to < 0 || to >= rows.length) return;
    rows[at]?.removeAttribute("aria-current");
    at = to;
    rows[at].setAttribute("aria-current", "true");
    const link = rows[at].querySelector("a");
    link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function open(to) {
    go(to);
    if (at >= 0) rows[at].querySelector("a").click();
  }

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "j") open(at + 1);
    else if (event.key === "k") open(at - 1);
    else if (event.key === "Enter" && at >= 0 && table.contains(event.target)) {
      location.assign(rows[at].querySelector("a").href);
    } else return;
    event.preventDefault();
  });

  table.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && event.target.closest("a")) go(rows.indexOf(row));
  });

  // Whoever deals with a case in the pane stays at the list: boosted links and forms would change the address.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    Object.assign(event.detail.history, { type: "replace", path: location.pathname + location.search });
  });

  // A form that names no address is sent to the page it came with, not to the list; what a lost session keeps of it is given
  // back there too.
  const pane = document.getElementById("reading");
  pane.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-Page"] = pane.dataset.address;
    const form = event.target.closest("form");
    if (form && !form.getAttribute("action")) event.detail.path = pane.dataset.address;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === pane) pane.dataset.address = event.detail.xhr.responseURL;
  });

  // What is no page, was refused, or asks for a sign-in is no text for the pane: the browser opens it as it always does.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    const isPage = (answer.getResponseHeader("Content-Type") || "").startsWith("text/html");
    const address = answer.responseURL || event.detail.requestConfig.path;
    const isSignIn = new URL(address, location.href).pathname.startsWith("/sign-in/");
    if (answer.status < 400 && isPage && !isSignIn) return;
    event.detail.shouldSwap = false;
    location.assign(address);
  });
})();
