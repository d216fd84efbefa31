/* Draws the charts of the dashboard (Chart.js, which the back office brings along). The numbers
   stand in tables beside them; a bar or a slice leads to the leads that it counts. */
"use strict";

(() => {
  const ROW = 34; // pixels of a bar
  const AROUND = 64; // pixels of axis and legend
  const source = document.getElementById("dash-charts");
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
    const text = variable("--dash-text");
    chart.options.plugins.legend.labels.color = text;
    if (!isRound) {
      for (const axis of Object.values(chart.options.scales)) {
        axis.ticks.color = text;
        axis.grid.color = variable("--dash-line");
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
    const number = typeof item.parsed === "object" ? item.parsed.x : item.parsed;
    return `${item.dataset.label}: ${written(number)}`;
  };

  const bars = (spec) => ({
    indexAxis: "y",
    scales: {
      x: { stacked: spec.is_stacked, beginAtZero: true, ticks: { precision: 0, callback: written }, grid: {} },
      y: { stacked: spec.is_stacked, ticks: { autoSkip: false }, grid: { display: false } },
    },
  });

  const draw = (spec) => {
    const place = document.querySelector(`[data-chart="${spec.name}"]`);
    if (!place) {
      return;
    }
    const isRound = spec.kind === "doughnut";
    if (!isRound) {
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
          minBarLength: spec.is_stacked ? 0 : 2,
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
          event.native.target.style.cursor = hit.length ? "pointer" : "default";
        },
        onClick: (event, hit) => {
          if (hit.length) {
            window.location.href = spec.series[hit[0].datasetIndex].urls[hit[0].index];
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
