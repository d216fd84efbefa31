/* What the lines of a document come to while they are typed. The server counts: it alone knows
   how amounts are rounded, and what a product costs. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 250; // ms after the last key
  const panel = document.querySelector("[data-totals-url]");
  const form = panel && panel.closest("form");
  if (!form) {
    return;
  }
  const sums = panel.querySelector("dl");
  const problem = panel.querySelector("[data-problem]");
  let timer = 0;
  let asked = null;

  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const places = () => form.querySelectorAll("tbody.form-group:not(.empty-form)");

  const shownSums = (pairs) => {
    sums.replaceChildren(
      ...pairs.map(([label, amount]) => {
        const pair = document.createElement("div");
        pair.append(document.createElement("dt"), document.createElement("dd"));
        pair.children[0].textContent = label;
        pair.children[1].textContent = amount;
        return pair;
      }),
    );
  };

  const fill = (row, line) => {
    for (const name of ["description", "unit_price", "tax_rate"]) {
      const input = field(row, name);
      if (input && input.value === "" && document.activeElement !== input) {
        input.value = line[name];
      }
    }
  };

  const show = (answer) => {
    problem.textContent = answer.problem || "";
    if (answer.problem) {
      return;
    }
    shownSums(answer.sums);
    for (const row of places()) {
      const product = field(row, "product");
      const total = row.querySelector("[data-line-total]");
      const place = product && product.name.split("-")[1];
      const line = answer.lines[place];
      if (total) {
        total.textContent = line ? line.total : "";
      }
      if (line && product.value) {
        fill(row, line);
      }
    }
  };

  const ask = async () => {
    if (asked) {
      asked.abort();
    }
    asked = new AbortController();
    panel.classList.add("doc-waits");
    try {
      const answer = await fetch(panel.dataset.totalsUrl, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        signal: asked.signal,
      });
      if (answer.ok) {
        show(await answer.json());
      }
    } catch (error) {
      if (error.name === "AbortError") {
        return; // a later one is under way
      }
    }
    panel.classList.remove("doc-waits");
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  // The table's own way to remove a row writes those behind it anew, without what was typed: here
  // it stays, unseen, and is sent as deleted.
  form.addEventListener(
    "click",
    (event) => {
      const row = event.target.closest(".delete-template") && event.target.closest("tbody.form-group");
      const product = row && field(row, "product");
      if (!product) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const mark = document.createElement("input");
      Object.assign(mark, { type: "hidden", name: `${product.name.slice(0, -"product".length)}DELETE`, value: "on" });
      form.append(mark);
      row.style.display = "none";
      soon();
    },
    true,
  );
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("formset:added", soon);
  // Another product: its own texts and prices take the place of those of the one before.
  window.django.jQuery(form).on("select2:select select2:clear", (event) => {
    const row = event.target.closest("tbody.form-group");
    for (const name of row && event.target.name.endsWith("-product") ? ["description", "unit_price", "tax_rate"] : []) {
      field(row, name).value = "";
    }
    soon();
  });
  ask();
});
