/* The menus above a list: one is open at a time; columns are put in order and asked for by name. */
"use strict";

(() => {
    const near = (element, selector) => element instanceof Element && element.closest(selector);

    const moveColumn = (button) => {
        const row = button.closest("li");
        const other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
        if (other) {
            button.dataset.move === "up" ? other.before(row) : other.after(row);
            button.focus();
        }
    };

    const fillColumns = (form) => {
        const chosen = [...form.querySelectorAll("input[type=checkbox]:checked")];
        form.elements.cols.value = chosen.map((box) => box.value).join(",");
        form.elements.cols.disabled = chosen.length === 0;
    };

    document.addEventListener("click", (event) => {
        const button = near(event.target, "[data-list-columns] [data-move]");
        if (button) moveColumn(button);
        for (const menu of document.querySelectorAll("details.list-menu[open]")) {
            if (!menu.contains(event.target)) menu.open = false;
        }
    });
    document.addEventListener("keydown", (event) => {
        const menu = event.key === "Escape" && near(event.target, "details.list-menu[open]");
        if (menu) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    });
    document.addEventListener("submit", (event) => {
        if (event.target.matches("[data-list-columns]")) fillColumns(event.target);
    });
})();
