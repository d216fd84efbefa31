/* A board: what it shows, and what others change on it meanwhile. The scripts beside this one move
   cards (board_moves.js) by pointer and by keyboard; they find each other in window.board. */
"use strict";

(() => {
  const EVERY = 20000; // ms between two questions for what changed
  const WHOLE = 4; // every so many questions all is asked for: what is committed late shows no mark
  const NEWS = 4000; // ms for which a change of others stands out
  const root = document.querySelector("[data-board]");
  if (!root) {
    return;
  }
  const texts = JSON.parse(document.getElementById("board-texts").textContent);
  const live = root.querySelector("[data-live]");
  const problem = root.querySelector("[data-problem]");
  const page = Number(root.dataset.page);
  const held = new Set(); // cards that somebody moves here: left alone until they stand
  const waiting = []; // wishes that came while the server was asked
  let stamp = root.dataset.stamp;
  let asked = 0;
  let isAsking = false;
  let isCutOff = false; // the last question was not answered

  const fill = (text, names = {}) => texts[text].replace(/{(\w+)}/g, (_, name) => names[name] ?? "");
  const say = (text, names) => {
    live.textContent = fill(text, names);
  };
  const complain = (text) => {
    problem.querySelector("[data-text]").textContent = text;
    problem.hidden = !text;
  };
  const titleOf = (card) => card.querySelector(".board-title").textContent;
  const columnOf = (element) => element.closest("[data-column]");
  const columns = () => [...root.querySelectorAll("[data-column]")];
  const listOf = (column) => column.querySelector(".board-cards");
  const cardsIn = (place) => [...place.querySelectorAll("[data-card]")];
  const cookie = () => document.cookie.match(/(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/)?.[1];

  /* Ask the server. A session that ended leads to another page, or to a refusal that is no answer
     of ours; `reason` says it then. */
  const post = async (url, body) => {
    const token = cookie() || root.querySelector("[name=csrfmiddlewaretoken]").value;
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body: JSON.stringify(body),
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      });
    } catch {
      return { ok: false, isLost: true, reason: fill("failed") };
    }
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    if (!isJson || answer.status === 401) {
      const isOver = answer.type === "opaqueredirect" || [401, 403].includes(answer.status);
      return { ok: false, isLost: !isOver, reason: fill(isOver ? "expired" : "failed") };
    }
    return { ok: answer.ok, ...(await answer.json()) };
  };

  const paint = (column) => {
    column.style.setProperty("--board-color", column.dataset.color);
  };

  const showMore = (column) => {
    const count = Number(column.querySelector("[data-count]").dataset.count);
    column.querySelector("[data-more]").hidden = cardsIn(listOf(column)).length >= count;
  };

  const setSums = (column, sums) => {
    column.querySelector("[data-sums]").replaceChildren(
      ...sums.map((sum) => Object.assign(document.createElement("span"), { textContent: sum })),
    );
  };

  const setCount = (column, count) => {
    const shown = column.querySelector("[data-count]");
    shown.dataset.count = count;
    shown.textContent = count.toLocaleString("en"); // as the page writes numbers
  };

  const parse = (html) => {
    const place = document.createElement("template");
    place.innerHTML = html; // the server has escaped what people typed
    return place.content.firstElementChild;
  };

  /* Put cards into a list in this order; those that are held stay where they are. */
  const arrange = (list, wanted) => {
    let next = list.firstElementChild;
    const skip = () => {
      while (next && (held.has(next) || !next.dataset.card)) {
        next = next.nextElementSibling;
      }
    };
    for (const card of wanted.filter((each) => !held.has(each))) {
      skip();
      if (next === card) {
        next = next.nextElementSibling;
      } else {
        list.insertBefore(card, next);
      }
    }
  };

  const tell = (news) => {
    for (const [card] of news) {
      card.classList.add("board-changed");
      setTimeout(() => card.classList.remove("board-changed"), NEWS);
    }
    if (news.length === 1) {
      const [card, text] = news[0];
      say(text, { card: titleOf(card), column: columnOf(card)?.dataset.name });
    } else if (news.length) {
      say("changes", { count: news.length });
    }
  };

  /* Show what the server answered. Returns what others changed. */
  const apply = (answer) => {
    const focused = document.activeElement?.closest?.("[data-card]");
    const known = new Map(cardsIn(root).map((card) => [card.dataset.card, card]));
    const before = new Map([...known].map(([id, card]) => [id, columnOf(card)]));
    const news = [];
    for (const [id, html] of Object.entries(answer.cards)) {
      const card = parse(html);
      const old = known.get(id);
      if (old && held.has(old)) {
        continue;
      }
      if (old) {
        old.replaceWith(card);
      }
      known.set(id, card);
    }
    for (const each of answer.columns) {
      const column = root.querySelector(`[data-column="${each.id}"]`);
      if (!column) {
        complain(fill("columns"));
        continue;
      }
      const wanted = each.cards.map((id) => known.get(String(id))).filter(Boolean);
      arrange(listOf(column), wanted);
      setCount(column, each.count);
      setSums(column, each.sums);
      for (const card of wanted) {
        const was = before.get(card.dataset.card);
        known.delete(card.dataset.card);
        if (was && was !== column && !held.has(card)) {
          news.push([card, "came"]);
        }
      }
    }
    for (const card of known.values()) {
      if (!held.has(card)) {
        card.remove();
        news.push([card, "gone"]);
      }
    }
    columns().forEach(showMore);
    if (focused && document.activeElement === document.body) {
      root.querySelector(`[data-card="${focused.dataset.card}"]`)?.focus({ preventScroll: true });
    }
    return news;
  };

  const shown = (more) => {
    const sizes = {};
    for (const column of columns()) {
      const count = cardsIn(listOf(column)).length + (column === more ? page : 0);
      sizes[column.dataset.column] = Math.max(count, page);
    }
    const cards = {};
    for (const card of cardsIn(root)) {
      cards[card.dataset.card] = card.dataset.version;
    }
    return { sizes, cards };
  };

  /* Ask what changed. `more`: a column of which more is wanted; `isWhole`: whatever the mark says. */
  const sync = async ({ more = null, isWhole = false, isQuiet = false } = {}) => {
    if (isAsking) {
      waiting.push({ more, isWhole, isQuiet });
      return;
    }
    isAsking = true;
    asked += 1;
    const isFull = isWhole || more || asked % WHOLE === 0;
    const answer = await post(root.dataset.sync + location.search, { stamp: isFull ? "" : stamp, ...shown(more) });
    isAsking = false;
    if (!answer.ok) {
      complain(answer.isLost ? fill("offline") : answer.reason);
      isCutOff = true;
    } else {
      if (isCutOff) {
        complain("");
        isCutOff = false;
      }
      stamp = answer.stamp;
      const news = answer.columns ? apply(answer) : [];
      if (!isQuiet) {
        tell(news);
      }
      if (more) {
        say("more", { count: cardsIn(listOf(more)).length, column: more.dataset.name });
      }
    }
    const next = waiting.shift();
    if (next) {
      await sync(next);
    }
  };

  const poll = () => {
    if (!document.hidden) {
      sync();
    }
  };

  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-more]")) {
      sync({ more: columnOf(event.target) });
    }
    if (event.target.closest(".board-close")) {
      complain("");
    }
  });
  const form = root.querySelector(".board-bar");
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      if (!value) {
        event.formData.delete(name); // an address says only what is asked for
      }
    }
  });

  for (const column of columns()) {
    const count = column.querySelector("[data-count]");
    setCount(column, Number(count.dataset.count));
    paint(column);
    showMore(column);
  }
  document.addEventListener("visibilitychange", poll);
  setInterval(poll, EVERY);

  window.board = { root, held, fill, say, complain, titleOf, columnOf, columns, listOf, cardsIn, post, sync };
})();
