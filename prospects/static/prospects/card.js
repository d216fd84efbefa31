// A note that did not arrive stays in its form, and says why.
"use strict";

(() => {
    const tell = (event, name) => {
        const sender = event.detail.requestConfig?.elt ?? event.target;
        const trouble = sender.closest("[data-card-note]")?.querySelector("[data-trouble]");
        if (!trouble) return;
        trouble.textContent = trouble.dataset[name];
        trouble.hidden = false;
    };

    document.addEventListener("htmx:beforeSwap", (event) => {
        const signIn = /\/login\//.test(event.detail.xhr.responseURL);
        if (signIn) event.detail.shouldSwap = false;
        if (signIn || event.detail.xhr.status === 401) tell(event, "gone");
        else if (event.detail.xhr.status >= 400) tell(event, "failed");
    });
    document.addEventListener("htmx:sendError", (event) => tell(event, "failed"));
})();
