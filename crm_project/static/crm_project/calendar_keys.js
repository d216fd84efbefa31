/* Things of the calendar are carried by keyboard: Space picks up and puts down, arrows carry to
   another day or hour, Escape puts back. Each step is said. */
"use strict";

(() => {
  const page = window.crmCalendar;
  if (!page) {
    return;
  }
  const { root, texts, fill, say, hold, spotOf, restore, put, dayOf, clockAt, move } = page;
  const isMonth = root.classList.contains("cal-by-month");
  let carried = null; // {item, spot, place}
  let isShifting = false;

  const days = () => [...root.querySelectorAll("section[data-day]")];
  const focus = () => carried.item.querySelector("a").focus({ preventScroll: true });
  const told = (place) => {
    const day = dayOf(place).dataset.label;
    const clock = clockAt(carried.item, place);
    return fill(clock && !isMonth ? texts.overHour : texts.over, { day, clock });
  };
  const show = (place) => {
    isShifting = true;
    carried.place = place;
    put(carried.item, place);
    focus();
    carried.item.scrollIntoView({ block: "nearest" });
    isShifting = false;
    say(told(place));
  };

  const besideDay = (step) => {
    const all = days();
    const day = all[all.indexOf(dayOf(carried.place)) + step];
    const hour = carried.place.dataset.hour;
    return day && [...day.querySelectorAll("[data-place]")].find((each) => each.dataset.hour === hour);
  };
  const besideHour = (step) => {
    const slots = [...dayOf(carried.place).querySelectorAll("[data-place]")];
    const slot = slots[slots.indexOf(carried.place) + step];
    return carried.item.dataset.clock && slot?.dataset.hour ? slot : undefined;
  };
  const isListed = () => matchMedia("(max-width: 767px)").matches;
  const STEPS = {
    ArrowLeft: () => besideDay(-1),
    ArrowRight: () => besideDay(1),
    ArrowUp: () => (isMonth ? besideDay(isListed() ? -1 : -7) : besideHour(-1)),
    ArrowDown: () => (isMonth ? besideDay(isListed() ? 1 : 7) : besideHour(1)),
  };

  const pickUp = (item) => {
    carried = { item, spot: spotOf(item), place: item.parentNode };
    item.classList.add("is-held");
    hold(true, item);
    const { title } = item.dataset;
    say(fill(texts.picked, { title, day: dayOf(item).dataset.label }));
  };
  const letGo = () => {
    const was = carried;
    carried = null;
    was.item.classList.remove("is-held");
    hold(false, was.item);
    return was;
  };
  const putBack = () => {
    const { item, spot } = letGo();
    restore(item, spot);
    item.querySelector("a").focus({ preventScroll: true });
    say(fill(texts.back, item.dataset));
  };
  const putDown = async () => {
    const { item, spot, place } = letGo();
    const link = item.querySelector("a");
    const moved = move(item, place, spot);
    link.focus({ preventScroll: true });
    await moved;
    if (document.contains(link) && document.activeElement === document.body) {
      link.focus({ preventScroll: true });
    }
  };

  root.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (!carried) {
      if (event.key === " ") {
        event.preventDefault();
        if ("movable" in item.dataset && !item.hasAttribute("aria-busy")) {
          pickUp(item);
        }
      }
      return;
    }
    if (event.key === "Tab") {
      return; // focus goes, and what was carried goes back
    }
    event.preventDefault();
    if (event.key in STEPS) {
      const place = STEPS[event.key]();
      if (place) {
        show(place);
      } else {
        say(texts.edge);
      }
    } else if (event.key === " " || event.key === "Enter") {
      putDown();
    } else if (event.key === "Escape") {
      putBack();
    }
  });
  root.addEventListener("focusout", () => {
    if (carried && !isShifting) {
      const { item, spot } = letGo();
      restore(item, spot);
      say(fill(texts.back, item.dataset));
    }
  });
})();
