// Fields in tables and look-ups (Select2) get the names that others read off the screen.
"use strict";

(() => {
    const FIELDS = "td[data-label] :is(input:not([type=hidden]), select, textarea)";
    const LOOKUPS = "select.admin-autocomplete + .select2-container";

    const labelOf = (field) => {
        const own = field.labels && [...field.labels].find((label) => label.textContent.trim());
        const cell = field.closest("td[data-label]");
        return own ? own.textContent.replace("*", "").trim() : cell ? cell.dataset.label : "";
    };

    const nameAll = (root) => {
        root.querySelectorAll(FIELDS).forEach((field) => {
            if (!field.hasAttribute("aria-label")) field.setAttribute("aria-label", labelOf(field));
        });
        root.querySelectorAll(LOOKUPS).forEach((lookup) => {
            const label = labelOf(lookup.previousElementSibling);
            lookup.querySelectorAll("[role=combobox], [role=textbox]").forEach((part) => {
                const chosen = part.textContent.trim().replace(/^×/, "");
                part.removeAttribute("aria-labelledby");
                part.setAttribute("aria-label", chosen ? `${label}: ${chosen}` : label);
            });
        });
    };

    window.addEventListener("load", () => {
        const jQuery = window.django?.jQuery;
        if (!jQuery) return nameAll(document);
        jQuery(() => nameAll(document)); // after the look-ups, which are made when jQuery is ready
        jQuery(document).on("change", "select.admin-autocomplete", () => nameAll(document));
        document.addEventListener("formset:added", () => setTimeout(() => nameAll(document)));
    });
})();
