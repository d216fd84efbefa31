/* A card is dropped: the server is asked, and what it refuses goes back with the reason. */
"use strict";

(() => {
  const board = window.board;
  if (!board) {
    return;
  }
  const { root, held, titleOf, columnOf, columns, listOf } = board;
  const isRanked = "ranked" in root.dataset;

  /* Where a card stands: to put it back, and to say where it was seen. */
  const placeOf = (card) => ({ column: columnOf(card), list: card.parentNode, next: card.nextElementSibling });

  const putBack = (card, from) => {
    const isThere = from.next && from.next.parentNode === from.list;
    from.list.insertBefore(card, isThere || !from.next ? from.next : from.list.firstElementChild);
  };

  const isWhereItWas = (card, from) =>
    columnOf(card) === from.column && (!isRanked || card.nextElementSibling === from.next);

  const open = (dialog, title) =>
    new Promise((resolve) => {
      const form = dialog.querySelector("form");
      dialog.querySelector("[data-title]").textContent = title;
      dialog.returnValue = "";
      const answer = () =>
        resolve(dialog.returnValue === "go" ? Object.fromEntries(new FormData(form)) : null);
      dialog.addEventListener("close", answer, { once: true });
      dialog.showModal();
    });

  /* What a column asks of who moves a card into it; null: they thought better of it. */
  const ask = async (card, from) => {
    const asks = columnOf(card).dataset.asks;
    const dialog = asks && asks !== from.column.dataset.asks && document.getElementById(`board-ask-${asks}`);
    if (!dialog) {
      return {};
    }
    const form = dialog.querySelector("form");
    form.reset();
    for (const [name, value] of new URLSearchParams(card.dataset.given)) {
      if (form.elements[name]) {
        form.elements[name].value = value;
      }
    }
    return open(dialog, `${titleOf(card)} → ${columnOf(card).dataset.name}`);
  };

  const above = (card) => {
    let other = card.previousElementSibling;
    while (other && !other.dataset.card) {
      other = other.previousElementSibling;
    }
    return other ? other.dataset.card : null;
  };

  const send = (card, from, given) =>
    board.post(card.querySelector(".board-move").href, {
      column: columnOf(card).dataset.column,
      known: from.column.dataset.column,
      below: isRanked ? above(card) : null,
      given,
    });

  const back = (card, from) => {
    putBack(card, from);
    held.delete(card);
    board.say("back", { card: titleOf(card), column: from.column.dataset.name });
  };

  /* A card stands at its new place: have it stay there. `from` is where it stood. */
  const drop = async (card, from) => {
    if (isWhereItWas(card, from)) {
      back(card, from);
      return;
    }
    held.add(card);
    const given = await ask(card, from);
    if (given === null) {
      back(card, from);
      card.focus();
      return;
    }
    const names = { card: titleOf(card), column: columnOf(card).dataset.name };
    card.classList.add("board-waits");
    board.say("moving", names);
    const answer = await send(card, from, given);
    card.classList.remove("board-waits");
    board.complain("");
    if (answer.ok) {
      board.say("moved", names);
    } else {
      putBack(card, from);
      const told = { card: names.card, column: from.column.dataset.name, reason: answer.reason };
      const isGone = answer.code === "elsewhere" || answer.code === "not_found";
      board.complain(board.fill(isGone ? "refused_gone" : "refused", told));
    }
    const hadFocus = card === document.activeElement || document.activeElement === document.body;
    held.delete(card);
    if (answer.ok || answer.code) {
      await board.sync({ isWhole: true, isQuiet: true });
    }
    if (hadFocus) {
      root.querySelector(`[data-card="${card.dataset.card}"]`)?.focus({ preventScroll: true });
    }
  };

  root.addEventListener("click", async (event) => {
    const card = event.target.closest(".board-move") && event.target.closest("[data-card]");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    if (held.has(card)) {
      return;
    }
    const dialog = document.getElementById("board-to");
    dialog.querySelector("select").value = columnOf(card).dataset.column;
    const from = placeOf(card);
    const chosen = await open(dialog, titleOf(card));
    const column = chosen && columns().find((each) => each.dataset.column === chosen.column);
    if (column && column !== from.column && card.isConnected) {
      listOf(column).prepend(card);
      await drop(card, from);
    }
  });

  Object.assign(board, { isRanked, placeOf, putBack, back, drop });
})();
