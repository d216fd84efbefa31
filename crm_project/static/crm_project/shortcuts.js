// Keys anywhere in the back office: ? opens their sheet, / the list's search, g and n lead on; and
// the box that finds everything shows what was opened last until something is typed.
"use strict";

(() => {
    const PATIENCE = 1500; // milliseconds between the two keys of a shortcut
    const SHEET = "/admin/shortcuts/";
    let first = "";
    let forget = 0;
    let sheet = null; // a promise of the sheet's element

    const read = () => {
        sheet ??= fetch(SHEET, { headers: { "X-Requested-With": "XMLHttpRequest" } })
            .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject()))
            .then((text) => new DOMParser().parseFromString(text, "text/html").getElementById("shortcuts"))
            .catch(() => { sheet = null; return null; });
        return sheet;
    };

    const open = async () => {
        const found = await read();
        if (!found) return void window.location.assign(SHEET);
        let over = document.querySelector(".shortcuts-over");
        if (!over) {
            over = document.createElement("dialog");
            over.className = "shortcuts-over";
            over.append(found.cloneNode(true));
            over.addEventListener("click", (event) => event.target === over && over.close());
            document.body.append(over);
        }
        if (!over.open) over.showModal();
    };

    const go = async (keys) => {
        const found = await read();
        const link = found && found.querySelector(`a[data-keys="${CSS.escape(keys)}"]`);
        if (link) window.location.assign(link.getAttribute("href"));
    };

    const isTyping = (target) =>
        target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) ||
        target.closest("[role=combobox], [role=textbox], dialog[open]:not(.shortcuts-over)");

    document.addEventListener("keydown", (event) => {
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
        if (isTyping(event.target)) return;
        const search = document.querySelector("#searchbar");
        if (event.key === "?") open();
        else if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
        else if (first && /^[a-z]$/.test(event.key)) go(first + event.key);
        else if (event.key === "g" || event.key === "n") {
            first = event.key;
            clearTimeout(forget);
            forget = setTimeout(() => { first = ""; }, PATIENCE);
            read();
            return;
        }
        first = "";
    });

    document.addEventListener("focusin", (event) => {
        const box = event.target;
        if (box.id !== "search-input-command" || box.value || !window.htmx) return;
        const url = box.getAttribute("hx-get");
        window.htmx.ajax("GET", url, { source: box, target: "#command-results", select: "#command-results-list" });
    });
})();
