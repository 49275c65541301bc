// Signing in at a place: the position is asked for when the button is tapped, once, and only then.
document.querySelectorAll("form[data-asks-place]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value || !navigator.geolocation) { return; }
    event.preventDefault();
    event.stopPropagation();
    navigator.geolocation.getCurrentPosition((found) => {
      form.elements.latitude.value = found.coords.latitude;
      form.elements.longitude.value = found.coords.longitude;
      form.requestSubmit();
    }, () => { form.submit(); }, { enableHighAccuracy: true, timeout: 10000 });
  });
});
