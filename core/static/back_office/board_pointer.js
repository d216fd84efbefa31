/* Cards are dragged: with a mouse at once, with a finger after a moment, so that one can scroll. */
"use strict";

(() => {
  const HOLD = 350; // ms that a finger rests on a card before it is picked up
  const SHAKE = 8; // pixels that it may move meanwhile
  const PULL = 5; // pixels that a mouse moves before it drags
  const EDGE = 56; // pixels from an edge where the board scrolls
  const SPEED = 14; // pixels for each picture
  const board = window.board;
  if (!board) {
    return;
  }
  const { root, held, columnOf, listOf, cardsIn } = board;
  const scroller = root.querySelector("[data-columns]");
  const gap = Object.assign(document.createElement("li"), { className: "board-gap" });
  let press = null; // a pointer on a card
  let drag = null; // a card that is being dragged

  const letGo = () => {
    clearTimeout(press?.timer);
    press = null;
  };

  const begin = () => {
    const { card, x, y } = press;
    clearTimeout(press.timer);
    if (!card.isConnected) {
      letGo(); // others changed it at this moment
      return;
    }
    const box = card.getBoundingClientRect();
    const ghost = card.cloneNode(true);
    for (const name of ["tabindex", "data-card", "data-movable", "aria-describedby"]) {
      ghost.removeAttribute(name);
    }
    ghost.setAttribute("aria-hidden", "true");
    ghost.classList.add("board-ghost");
    ghost.style.width = `${box.width}px`;
    ghost.style.setProperty("--board-color", columnOf(card).dataset.color);
    document.body.append(ghost);
    drag = { card, ghost, dx: x - box.left, dy: y - box.top, x, y };
    held.add(card);
    card.classList.add("board-lifted");
    scroller.classList.add("board-dragging");
    getSelection()?.removeAllRanges();
    navigator.vibrate?.(15);
    follow(x, y);
    requestAnimationFrame(scroll);
  };

  /* The card of a list above whose middle the pointer is. */
  const below = (list, y) =>
    cardsIn(list).find((card) => {
      const box = card.getBoundingClientRect();
      return card !== drag.card && y < box.top + box.height / 2;
    }) || null;

  const follow = (x, y) => {
    Object.assign(drag, { x, y });
    drag.ghost.style.left = `${x - drag.dx}px`;
    drag.ghost.style.top = `${y - drag.dy}px`;
    const target = document.elementFromPoint(x, y);
    const column = target && root.contains(target) ? columnOf(target) : null;
    if (!column || (!board.isRanked && column === columnOf(drag.card))) {
      gap.remove();
      return;
    }
    if (target === gap) {
      return;
    }
    const list = listOf(column);
    list.insertBefore(gap, board.isRanked ? below(list, y) : list.firstElementChild);
  };

  const pull = (at, start, end) => (at < start + EDGE ? -SPEED : at > end - EDGE ? SPEED : 0);

  const scroll = () => {
    if (!drag) {
      return;
    }
    const box = scroller.getBoundingClientRect();
    const dx = pull(drag.x, Math.max(box.left, 0), Math.min(box.right, innerWidth));
    const list = document.elementFromPoint(drag.x, drag.y)?.closest(".board-cards");
    let dy = 0;
    if (list) {
      const edges = list.getBoundingClientRect();
      dy = pull(drag.y, edges.top, Math.min(edges.bottom, innerHeight));
      list.scrollTop += dy;
    }
    scroller.scrollLeft += dx;
    if (dx || dy) {
      follow(drag.x, drag.y);
    }
    requestAnimationFrame(scroll);
  };

  const end = (isDropped) => {
    const { card, ghost } = drag;
    drag = null;
    letGo();
    ghost.remove();
    card.classList.remove("board-lifted");
    scroller.classList.remove("board-dragging");
    const from = board.placeOf(card);
    const isPlaced = isDropped && gap.isConnected && card.isConnected;
    if (isPlaced) {
      from.next = from.next === gap ? gap.nextElementSibling : from.next;
      gap.replaceWith(card);
      board.drop(card, from);
      return;
    }
    gap.remove();
    held.delete(card);
    board.sync({ isWhole: true });
  };

  root.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-movable]");
    if (!card || event.button !== 0 || !event.isPrimary || held.has(card) || event.target.closest(".board-move")) {
      return;
    }
    const isMouse = event.pointerType === "mouse";
    press = { card, isMouse, pointer: event.pointerId, x: event.clientX, y: event.clientY };
    press.timer = isMouse ? 0 : setTimeout(begin, HOLD);
  });
  document.addEventListener("pointermove", (event) => {
    if (!press || event.pointerId !== press.pointer) {
      return;
    }
    if (drag) {
      follow(event.clientX, event.clientY);
      return;
    }
    const distance = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    if (press.isMouse && distance > PULL) {
      begin();
      if (drag) {
        follow(event.clientX, event.clientY);
      }
    } else if (!press.isMouse && distance > SHAKE) {
      letGo(); // they scroll
    }
  });
  document.addEventListener("pointerup", (event) => {
    if (press && event.pointerId === press.pointer) {
      if (drag) {
        // The click that follows opens nothing.
        const swallow = (click) => click.preventDefault();
        addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
        end(true);
      }
      letGo();
    }
  });
  document.addEventListener("pointercancel", () => (drag ? end(false) : letGo()));
  document.addEventListener("keydown", (event) => {
    if (drag && event.key === "Escape") {
      event.preventDefault();
      end(false);
    }
  });
  // While a finger drags, the page stands still.
  document.addEventListener("touchmove", (event) => drag && event.cancelable && event.preventDefault(), { passive: false });
  root.addEventListener("contextmenu", (event) => press && !press.isMouse && event.preventDefault());
  root.addEventListener("dragstart", (event) => event.preventDefault());
})();
