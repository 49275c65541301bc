// Draws what its address answers: shapes the county supplies, and points. The list on the page says the same in words.
// Leaflet is fetched from here, so that nothing else on the page waits for it.
const boxes = document.querySelectorAll("[data-map]");
if (boxes.length) {
  const script = document.createElement("script");
  script.src = boxes[0].dataset.leaflet;
  script.addEventListener("load", () => { boxes.forEach(draw); });
  document.head.append(script);
}

async function draw(box) {
  const answer = await fetch(box.dataset.map);
  if (!answer.ok) { return; }
  const { shapes, points } = await answer.json();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const looks = {
    centre: { radius: 7, color: colour("--card"), fillColor: colour("--tea"), fillOpacity: 0.9, weight: 2 },
    door: { radius: 8, color: colour("--ink"), fillColor: colour("--lake"), fillOpacity: 1, weight: 3 },
    out: { radius: 6, color: colour("--cinnabar"), fillColor: colour("--cinnabar-soft"), fillOpacity: 1, weight: 3 },
    spot: { radius: 10, color: colour("--amber"), fillColor: colour("--amber"), fillOpacity: 0.9, weight: 3 },
  };
  box.hidden = false;
  const map = L.map(box, { attributionControl: Boolean(box.dataset.credit), zoomControl: false });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  if (box.dataset.tiles) { L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit, maxZoom: 19 }).addTo(map); }
  const shapesLook = { color: colour("--tea"), weight: 2, fillColor: colour("--tea-soft"), fillOpacity: 0.5 };
  const ground = L.geoJSON(shapes, { interactive: false, style: shapesLook }).addTo(map);
  const drawn = points.map((point) => {
    const label = document.createElement(point.url ? "a" : "span");
    label.textContent = point.title;
    if (point.url) { label.href = point.url; }
    const at = [point.latitude, point.longitude], look = looks[point.look];
    if (point.reach) { L.circle(at, { radius: point.reach, color: look.color, weight: 1, fillOpacity: 0.08, interactive: false }).addTo(map); }
    return L.circleMarker(at, look).bindPopup(label).addTo(map);
  });
  const near = drawn.filter((_, number) => points[number].is_near);
  const shown = near.length ? near : drawn;
  const bounds = shown.length ? L.featureGroup(shown).getBounds() : ground.getBounds();
  if (bounds.isValid()) { map.fitBounds(bounds, { padding: [32, 32], maxZoom: 17 }); }
}
