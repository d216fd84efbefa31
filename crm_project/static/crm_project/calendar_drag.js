/* Things of the calendar are dragged to another day: by mouse at once, by touch after a long press,
   so that the page can still be scrolled. Pointer events, as phones know no other dragging. */
"use strict";

(() => {
  const page = window.crmCalendar;
  if (!page) {
    return;
  }
  const { root, hold, move } = page;
  const LONG_PRESS = 400; // ms
  const FAR = 6; // pixels until a mouse drags, or a finger scrolls
  const EDGE = 60; // pixels from the edge of the window at which it scrolls
  const STEP = 14; // pixels it scrolls each time
  let held = null; // {item, x, y, ghost, over, timer, isTouch}

  const placeAt = (x, y) => {
    const under = document.elementFromPoint(x, y);
    const day = under?.closest("section[data-day]");
    if (!day || !root.contains(day)) {
      return null;
    }
    return under.closest("[data-place]") ?? day.querySelector("[data-place]");
  };
  const mark = (place) => {
    if (held.over !== place) {
      held.over?.classList.remove("is-over");
      place?.classList.add("is-over");
      held.over = place;
    }
  };
  const follow = (x, y) => {
    held.x = x;
    held.y = y;
    // A finger covers what is below it.
    const [left, top] = held.isTouch ? [-40, -held.ghost.offsetHeight - 24] : [8, 8];
    held.ghost.style.transform = `translate(${x + left}px, ${y + top}px)`;
    mark(placeAt(x, y));
  };
  const scroll = () => {
    if (!held?.ghost) {
      return;
    }
    const down = held.y > window.innerHeight - EDGE ? STEP : held.y < EDGE ? -STEP : 0;
    if (down) {
      window.scrollBy(0, down);
      mark(placeAt(held.x, held.y));
    }
    requestAnimationFrame(scroll);
  };

  const start = () => {
    const { item } = held;
    held.ghost = item.cloneNode(true);
    held.ghost.classList.add("cal-ghost");
    held.ghost.removeAttribute("data-item");
    held.ghost.setAttribute("aria-hidden", "true");
    held.ghost.style.width = `${item.offsetWidth}px`;
    root.append(held.ghost);
    item.classList.add("is-held");
    hold(true, item);
    if (held.isTouch) {
      navigator.vibrate?.(20);
    }
    follow(held.x, held.y);
    requestAnimationFrame(scroll);
  };
  const stop = () => {
    clearTimeout(held?.timer);
    const was = held;
    held = null;
    if (was?.ghost) {
      was.ghost.remove();
      was.over?.classList.remove("is-over");
      was.item.classList.remove("is-held");
      hold(false, was.item);
    }
    return was;
  };
  /* What was dragged is not clicked as well. */
  const swallowClick = () => {
    const swallow = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
  };

  root.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-item][data-movable]");
    if (held || !item || event.button !== 0 || !event.isPrimary) {
      return;
    }
    const isTouch = event.pointerType === "touch";
    held = { item, x: event.clientX, y: event.clientY, ghost: null, over: null, isTouch };
    if (isTouch) {
      held.timer = setTimeout(start, LONG_PRESS);
    }
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || !event.isPrimary) {
      return;
    }
    if (held.ghost) {
      follow(event.clientX, event.clientY);
    } else if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR) {
      if (held.isTouch) {
        stop(); // it scrolls
      } else {
        start();
        follow(event.clientX, event.clientY);
      }
    }
  });
  document.addEventListener("pointerup", () => {
    const was = stop();
    if (was?.ghost) {
      swallowClick();
      if (was.over) {
        move(was.item, was.over);
      }
    }
  });
  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held?.ghost) {
      stop();
      swallowClick();
    }
  });
  // A finger that carries something does not scroll; a long press opens no menu of the browser's.
  root.addEventListener(
    "touchmove",
    (event) => {
      if (held?.ghost && event.cancelable) {
        event.preventDefault();
      }
    },
    { passive: false },
  );
  root.addEventListener("contextmenu", (event) => {
    if (held?.isTouch) {
      event.preventDefault();
    }
  });
  root.addEventListener("dragstart", (event) => event.preventDefault());
})();
