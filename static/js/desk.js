/* Keys of the work table: the next case is one key away. Without this file the links open whole pages. */
"use strict";

(function () {
  const table = document.querySelector("[data-work-table]");
  if (!table) return;
  const rows = [...table.querySelectorAll("[data-row]")];
  let at = -1;

  function go(to) {
    if (to < 0 || to >= rows.length) return;
    rows[at]?.removeAttribute("aria-selected");
    at = to;
    rows[at].setAttribute("aria-selected", "true");
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

  // What is no page, or refused, is no text for the pane: the browser opens it as it always does.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    const isPage = (answer.getResponseHeader("Content-Type") || "").startsWith("text/html");
    if (answer.status < 400 && isPage) return;
    event.detail.shouldSwap = false;
    location.assign(answer.responseURL || event.detail.requestConfig.path);
  });
})();
