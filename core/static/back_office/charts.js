/* Draws the charts of a page (Chart.js, which the back office brings along). The numbers stand in
   tables beside them; a bar or a slice leads to what it counts, where there is such a page. */
"use strict";

(() => {
  const ROW = 34; // pixels of a bar
  const AROUND = 64; // pixels of axis and legend
  const source = document.getElementById("charts");
  if (!source || typeof Chart === "undefined") {
    return;
  }
  const page = JSON.parse(source.textContent);
  const drawn = [];

  const variable = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const shade = (color) =>
    Array.isArray(color) ? color.map(shade) : color.startsWith("--") ? variable(color) : color;

  const paint = (chart, spec) => {
    const isRound = spec.kind === "doughnut";
    chart.data.datasets.forEach((dataset, number) => {
      dataset.backgroundColor = shade(spec.series[number].color);
    });
    const text = variable("--chart-text");
    chart.options.plugins.legend.labels.color = text;
    if (!isRound) {
      for (const axis of Object.values(chart.options.scales)) {
        axis.ticks.color = text;
        axis.grid.color = variable("--chart-line");
      }
    }
    chart.update("none");
  };

  // As the page writes numbers: a browser's own Spanish separates thousands in another way.
  const written = (number) =>
    new Intl.NumberFormat("en")
      .formatToParts(number)
      .map((part) => page.separators[part.type] || part.value)
      .join("");
  const told = (item) => {
    return `${item.dataset.label}: ${written(item.raw)}`;
  };

  const bars = (spec) => {
    const lengths = { beginAtZero: true, ticks: { precision: 0, callback: written }, grid: {} };
    const names = { ticks: { autoSkip: spec.is_upright === true }, grid: { display: false } };
    const [x, y] = spec.is_upright ? [names, lengths] : [lengths, names];
    const stacked = spec.is_stacked;
    return {
      indexAxis: spec.is_upright ? "x" : "y",
      scales: { x: { stacked, ...x }, y: { stacked, ...y } },
    };
  };
  const behind = (spec, hit) =>
    hit.length ? spec.series[hit[0].datasetIndex].urls[hit[0].index] : "";

  const draw = (spec) => {
    const place = document.querySelector(`[data-chart="${spec.name}"]`);
    if (!place) {
      return;
    }
    const isRound = spec.kind === "doughnut";
    if (!isRound && !spec.is_upright) {
      place.style.height = `${spec.labels.length * ROW + AROUND}px`;
    }
    const chart = new Chart(place.querySelector("canvas"), {
      type: spec.kind || "bar",
      data: {
        labels: spec.labels,
        datasets: spec.series.map((each) => ({
          label: each.label,
          data: each.values,
          backgroundColor: shade(each.color),
          borderWidth: 0,
          maxBarThickness: 24,
          minBarLength: spec.is_stacked || spec.is_upright ? 0 : 2,
        })),
      },
      options: {
        ...(isRound ? {} : bars(spec)),
        animation: false,
        maintainAspectRatio: false,
        plugins: {
          legend: { display: isRound || spec.is_stacked === true, position: "bottom", labels: {} },
          tooltip: { callbacks: { label: told } },
        },
        onHover: (event, hit) => {
          event.native.target.style.cursor = behind(spec, hit) ? "pointer" : "default";
        },
        onClick: (event, hit) => {
          const url = behind(spec, hit);
          if (url) {
            window.location.href = url;
          }
        },
      },
    });
    paint(chart, spec);
    drawn.push([chart, spec]);
  };

  Chart.defaults.font.family = "Inter, sans-serif";
  page.charts.forEach(draw);
  new MutationObserver(() => drawn.forEach(([chart, spec]) => paint(chart, spec))).observe(
    document.documentElement,
    { attributes: true, attributeFilter: ["class"] },
  );
})();
