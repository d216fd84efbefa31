/* The calendar's dialogs: what came of something and what is next, another day without dragging,
   and what may be planned on a day that was clicked. */
"use strict";

(() => {
  const page = window.crmCalendar;
  if (!page) {
    return;
  }
  const { root, say, post, refresh } = page;
  const dialogOf = (name) => root.querySelector(`[data-dialog=${name}]`);
  const fillIn = (dialog, name, text) => {
    dialog.querySelector(`[data-fill=${name}]`).textContent = text;
  };
  let shown = null; // what the dialog is about, as it was when it was opened

  // One thing ---------------------------------------------------------------------------------
  const open = (item) => {
    const dialog = dialogOf("item");
    const { title, about, detail, action, kind, day, clock } = item.dataset;
    const [log, move] = ["[data-log]", "[data-move]"].map((each) => dialog.querySelector(each));
    shown = { ...item.dataset };
    for (const [name, text] of Object.entries({ title, about, detail })) {
      fillIn(dialog, name, text);
    }
    fillIn(dialog, "refused", "");
    dialog.querySelector("[data-open]").href = item.querySelector("a").href;
    log.hidden = !("loggable" in item.dataset);
    log.reset();
    log.elements.action.value = action || "other";
    log.querySelector("[data-action-field]").hidden = kind !== "follow_up";
    move.hidden = !("movable" in item.dataset);
    move.elements.day.value = day;
    move.elements.clock.value = clock;
    dialog.showModal();
  };
  const send = async (form, url, values) => {
    const dialog = form.closest("dialog");
    const { kind, id, seen } = shown;
    const buttons = [...dialog.querySelectorAll("form button")];
    buttons.forEach((each) => (each.disabled = true));
    const answer = await post(url, { kind, id, seen, ...values });
    buttons.forEach((each) => (each.disabled = false));
    if (answer.isDone) {
      dialog.close();
      say(answer.message);
    } else {
      fillIn(dialog, "refused", answer.message);
    }
    if (answer.isDone || ["outdated", "not_found"].includes(answer.code)) {
      await refresh();
    }
  };
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!shown || !form.matches("[data-log], [data-move]")) {
      return;
    }
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    if (form.matches("[data-log]")) {
      send(form, root.dataset.logUrl, values);
    } else {
      const isKept = values.clock === shown.clock;
      send(form, root.dataset.moveUrl, { ...values, clock: isKept ? "" : values.clock });
    }
  });

  // A day -------------------------------------------------------------------------------------
  const plan = (day, hour) => {
    const dialog = dialogOf("plan");
    const clock = hour ? `${hour.padStart(2, "0")}:00` : "";
    fillIn(dialog, "day", [day.dataset.label, clock].filter(Boolean).join(", "));
    const followUp = dialog.querySelector("[data-plan-follow-up]");
    const activity = dialog.querySelector("[data-plan-activity]");
    const at = new URLSearchParams({ on: day.dataset.day, clock });
    const due = new URLSearchParams({ due_at: `${day.dataset.day} ${clock || "10:00"}` });
    followUp?.setAttribute("href", `${root.dataset.planUrl}&${at}`);
    activity?.setAttribute("href", `${root.dataset.activityUrl}?${due}`);
    if (followUp || activity) {
      dialog.showModal();
    }
  };

  root.addEventListener("click", (event) => {
    const { target } = event;
    const isModified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    const dialog = target.closest("dialog");
    if (dialog) {
      if (target.closest("[data-close]")) {
        dialog.close();
      } else if (target.closest("[data-yes]")) {
        dialog.close("yes");
      }
      return;
    }
    const item = target.closest("[data-item]");
    if (item) {
      if (!isModified && ("loggable" in item.dataset || "movable" in item.dataset)) {
        event.preventDefault();
        open(item);
      }
      return;
    }
    const day = target.closest("section[data-day]");
    const isAdd = target.closest("[data-add]");
    if (day && !isModified && (isAdd || !target.closest("a"))) {
      event.preventDefault();
      plan(day, target.closest("[data-hour]")?.dataset.hour ?? "");
    }
  });
})();
