/* A form with data-question asks it before it is sent. */
"use strict";

document.addEventListener("submit", (event) => {
    const { question } = event.target.dataset;
    if (question && !window.confirm(question)) event.preventDefault();
});
