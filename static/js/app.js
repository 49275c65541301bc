// Small comforts; every page works without them.
document.addEventListener("submit", (event) => {
  // A second tap while the first is on its way would only confuse; the server treats both as one anyway.
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  window.setTimeout(() => { delete form.dataset.sent; }, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
document.querySelectorAll("textarea[maxlength]").forEach((area) => {
  const counter = document.createElement("p");
  counter.className = "counter";
  const show = () => { counter.textContent = `${area.value.length} / ${area.maxLength} 字`; };
  area.after(counter);
  area.addEventListener("input", show);
  show();
});
document.addEventListener("DOMContentLoaded", () => {
  // What was picked on a slow line before the scripts were there still asks for what hangs on it.
  document.querySelectorAll("[hx-get] select").forEach((select) => {
    const picked = select.options[select.selectedIndex];
    if (picked && picked.value && !picked.defaultSelected) select.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
document.querySelectorAll("[data-tick-all]").forEach((line) => {
  const all = line.querySelector("input");
  const ticks = () => line.closest("form").querySelectorAll(`input[type=checkbox][name=${line.dataset.tickAll}]`);
  line.hidden = false;
  all.addEventListener("change", () => ticks().forEach((tick) => { tick.checked = all.checked; }));
});
