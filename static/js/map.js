// Draws what its address answers: shapes the county supplies, and points. The list on the page says the same in words.
document.querySelectorAll("[data-map]").forEach(async (box) => {
  const answer = await fetch(box.dataset.map);
  if (!answer.ok || typeof L === "undefined") { return; }
  const { shapes, points } = await answer.json();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const looks = {
    centre: { radius: 9, color: colour("--tea-dark"), fillColor: colour("--tea"), fillOpacity: 0.9, weight: 2 },
    door: { radius: 8, color: colour("--ink"), fillColor: colour("--lake"), fillOpacity: 1, weight: 3 },
    out: { radius: 6, color: colour("--cinnabar"), fillColor: colour("--cinnabar-soft"), fillOpacity: 1, weight: 3 },
    spot: { radius: 10, color: colour("--amber"), fillColor: colour("--amber"), fillOpacity: 0.9, weight: 3 },
  };
  box.hidden = false;
  const map = L.map(box, { attributionControl: Boolean(box.dataset.credit), zoomControl: false });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  if (box.dataset.tiles) { L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit, maxZoom: 19 }).addTo(map); }
  const ground = L.geoJSON(shapes, { interactive: false, style: { color: colour("--tea"), weight: 2, fillColor: colour("--tea-soft"), fillOpacity: 0.5 } }).addTo(map);
  const drawn = points.map((point) => {
    const label = document.createElement(point.url ? "a" : "span");
    label.textContent = point.title;
    if (point.url) { label.href = point.url; }
    if (point.reach) { L.circle([point.latitude, point.longitude], { radius: point.reach, color: looks[point.look].color, weight: 1, fillOpacity: 0.08, interactive: false }).addTo(map); }
    return L.circleMarker([point.latitude, point.longitude], looks[point.look]).bindPopup(label).addTo(map);
  });
  const bounds = drawn.length ? L.featureGroup(drawn).getBounds() : ground.getBounds();
  if (bounds.isValid()) { map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17 }); }
});
