/* Cards by keyboard: arrows go from card to card; a card that is picked up goes with them. */
"use strict";

(() => {
  const board = window.board;
  if (!board) {
    return;
  }
  const { root, held, titleOf, columnOf, columns, listOf, cardsIn } = board;
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let picked = null; // {card, from}
  let isMoving = false; // a card that is put elsewhere loses the focus for a moment

  const show = (card) => {
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const pickUp = (card) => {
    if (held.has(card)) {
      return;
    }
    picked = { card, from: board.placeOf(card) };
    held.add(card);
    card.classList.add("board-held");
    board.say("picked", { card: titleOf(card), column: columnOf(card).dataset.name });
  };

  const release = () => {
    const { card, from } = picked;
    picked = null;
    card.classList.remove("board-held");
    return [card, from];
  };

  const put = (list, card, next) => {
    isMoving = true;
    list.insertBefore(card, next);
    show(card);
    isMoving = false;
    const cards = cardsIn(list);
    const names = { column: columnOf(list).dataset.name, place: cards.indexOf(card) + 1, count: cards.length };
    board.say(board.isRanked ? "over" : "over_plain", names);
  };

  const carry = (card, [across, down]) => {
    const all = columns();
    const column = all[all.indexOf(columnOf(card)) + across];
    const place = cardsIn(card.parentNode).indexOf(card);
    if (across && column) {
      const list = listOf(column);
      const isHome = column === picked.from.column;
      const next = isHome ? picked.from.next : board.isRanked ? cardsIn(list)[place] : list.firstElementChild;
      put(list, card, next?.parentNode === list ? next : null);
    } else if (down && board.isRanked) {
      const others = cardsIn(card.parentNode).filter((each) => each !== card);
      const target = place + down;
      if (target >= 0 && target <= others.length) {
        put(card.parentNode, card, others[target] || null);
      }
    }
  };

  const movable = (list) => cardsIn(list).filter((card) => "movable" in card.dataset);

  const walk = (card, [across, down]) => {
    const cards = movable(card.parentNode);
    const place = cards.indexOf(card);
    if (down) {
      return cards[place + down];
    }
    const all = columns();
    for (let at = all.indexOf(columnOf(card)) + across; all[at]; at += across) {
      const there = movable(listOf(all[at]));
      if (there.length) {
        return there[Math.min(place, there.length - 1)];
      }
    }
    return null;
  };

  const keepGoing = (event, card) => {
    if (event.key === " " || event.key === "Enter") {
      board.drop(...release());
    } else if (event.key === "Escape") {
      isMoving = true;
      const [, from] = release();
      board.back(card, from);
      show(card);
      isMoving = false;
    } else if (STEPS[event.key]) {
      carry(card, STEPS[event.key]);
    } else if (event.key !== "Tab") {
      return;
    }
    event.preventDefault();
  };

  root.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches("[data-card]") || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (picked) {
      keepGoing(event, card);
    } else if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      pickUp(card);
    } else if (STEPS[event.key]) {
      const next = walk(card, STEPS[event.key]);
      event.preventDefault();
      if (next) {
        show(next);
      }
    }
  });
  root.addEventListener("focusout", (event) => {
    if (picked && !isMoving && event.target === picked.card && document.hasFocus()) {
      const [card, from] = release();
      board.back(card, from); // whoever goes elsewhere has not dropped it
    }
  });
})();
