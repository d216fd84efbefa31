/* Fields in which rows are looked up (select2) are called by their labels, as screen readers ask;
   the widget itself names them only by what was chosen. */
"use strict";

(() => {
  const name = () => {
    for (const box of document.querySelectorAll(".select2-selection[role=combobox]")) {
      const select = box.closest(".select2-container")?.previousElementSibling;
      const label = select?.labels?.[0];
      if (label) {
        label.id ||= `${select.id}-label`;
        const chosen = box.querySelector(".select2-selection__rendered");
        chosen?.setAttribute("aria-labelledby", label.id);
        box.setAttribute("aria-labelledby", [label.id, chosen?.id].filter(Boolean).join(" "));
      }
    }
  };
  window.addEventListener("load", () => {
    name();
    // Rows of a table that are added have fields of their own.
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  });
})();
