// The wall screen: draws the map and the trend from the tables of the live part, anew whenever it has come in, and says
// so when nothing comes in any more. The last figures stay on the screen, with their time.
(() => {
  const said = document.getElementById("link");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rows = (id) => [...document.querySelectorAll(`#${id} tr`)].map((row) => row.dataset);
  const time = () => document.querySelector(".clock").dataset.at;

  const words = (said) => Object.assign(document.createElement("span"), { textContent: said });  // Leaflet takes strings for HTML
  const map = L.map("map", { attributionControl: false, zoomControl: false, dragging: false, scrollWheelZoom: false, zoomSnap: 0.1 });
  const ground = L.geoJSON(JSON.parse(document.getElementById("shapes").textContent), {
    interactive: false, style: { color: colour("--leaf"), weight: 2, fillColor: colour("--panel"), fillOpacity: 0.6 },
  }).addTo(map);
  const spots = L.featureGroup().addTo(map);

  function drawMap(isFirst) {
    spots.clearLayers();
    for (const spot of rows("spots")) {
      const late = Number(spot.late), open = Number(spot.open);
      L.circleMarker([spot.latitude, spot.longitude], {
        radius: rem() * (0.45 + Math.min(1.4, Math.sqrt(open) / 5)), weight: late ? 4 : 2,
        color: colour(late ? "--alarm" : "--leaf"), fillColor: colour(late ? "--alarm" : "--leaf"), fillOpacity: 0.35,
      }).bindTooltip(words(`${spot.name} ${open}${late ? ` !${late}` : ""}`), { permanent: true, direction: "bottom", offset: [0, rem() * (0.4 + Math.min(1.4, Math.sqrt(open) / 5))], className: "spot" }).addTo(spots);
    }
    const around = spots.getLayers().length ? spots.getBounds() : ground.getBounds();
    if (isFirst && around.isValid()) map.fitBounds(around, { padding: [rem() * 4, rem() * 4], maxZoom: 16 });
  }

  let chart;
  function drawTrend() {
    const days = rows("days");
    const series = [["诉求登记", "opened", "--sky", []], ["诉求办结", "finished", "--leaf", [6, 4]]];
    const data = {
      labels: days.map((day) => day.label),
      datasets: series.map(([label, key, name, dash]) => ({
        label, data: days.map((day) => Number(day[key])), borderColor: colour(name), backgroundColor: colour(name), borderDash: dash, borderWidth: rem() / 6,
      })),
    };
    if (chart) { chart.data = data; chart.update("none"); return; }
    Chart.defaults.color = colour("--dim");
    Chart.defaults.font.family = colour("--font");
    Chart.defaults.font.size = rem();
    chart = new Chart(document.getElementById("trend"), {
      type: "line", data,
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, pointRadius: rem() / 5,
        scales: { x: { grid: { display: false } }, y: { beginAtZero: true, ticks: { precision: 0 }, grid: { color: colour("--rim") } } },
        plugins: { legend: { labels: { boxHeight: 0 } } },
      },
    });
  }

  function draw(isFirst) { drawMap(isFirst); drawTrend(); }
  const tell = (name) => { said.textContent = name ? said.dataset[name].replace("{time}", time()) : ""; };

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // Signed out, the answer is the sign-in page: keep what is there and say so.
    if (!event.detail.xhr.responseText.includes('class="clock"')) { event.detail.shouldSwap = false; tell("left"); }
  });
  document.body.addEventListener("htmx:afterSwap", () => { tell(""); draw(false); });
  for (const fault of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(fault, () => tell("broken"));
  }
  draw(true);
})();
