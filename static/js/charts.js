// Draws a chart above every table that asks for one (data-chart="line" or "bar"). The table is the truth: it is read from
// the page, stays behind the chart for those who read or hear it, and is all there is without JavaScript.
(() => {
  // Okabe and Ito's colours, told apart by the colour-blind; lines differ in dashes and points as well.
  const COLOURS = ["#2c5f8a", "#d55e00", "#007a5e", "#a06a00", "#8a4f7d", "#4d5a5f"];
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
  const POINTS = ["circle", "rect", "triangle", "rectRot"];

  function read(table) {
    const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      series: heads.map((label, column) => ({
        label,
        data: rows.map((row) => parseFloat(row.cells[column + 1].textContent.replace(/[,\s%]/g, "")) || 0),
      })),
    };
  }

  function look(kind, number) {
    const colour = COLOURS[number % COLOURS.length];
    if (kind === "bar") return { backgroundColor: colour };
    return {
      borderColor: colour, backgroundColor: colour, borderDash: DASHES[number % DASHES.length],
      pointStyle: POINTS[number % POINTS.length], pointRadius: 4, tension: 0.2,
    };
  }

  function draw(table) {
    const kind = table.dataset.chart;
    const { labels, series } = read(table);
    const box = document.createElement("div");
    box.className = "chart";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${table.caption ? table.caption.textContent : ""}，数字见下面的表`);
    box.append(canvas);
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "看数字表";
    const holder = table.closest(".scroll") || table;
    if (table.caption) {
      const title = document.createElement("p");
      const strong = document.createElement("strong");
      strong.textContent = table.caption.textContent;
      title.append(strong);
      holder.before(title);
    }
    holder.replaceWith(box, details);
    details.append(summary, holder);
    const style = getComputedStyle(document.documentElement);
    Chart.defaults.font.family = style.getPropertyValue("--font");
    Chart.defaults.font.size = 14;
    Chart.defaults.color = style.getPropertyValue("--ink");
    new Chart(canvas, {
      type: kind,
      data: { labels, datasets: series.map((one, number) => ({ ...one, ...look(kind, number) })) },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
        plugins: { legend: { display: series.length > 1, labels: { usePointStyle: true } } },
      },
    });
    addEventListener("beforeprint", () => { details.open = true; });
  }

  document.querySelectorAll("table[data-chart]").forEach(draw);
})();
