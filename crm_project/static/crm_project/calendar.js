/* The calendar's page: what is said, sent and read again. What the other scripts share stands in
   window.crmCalendar. Without scripts the page is read, and its links lead to every thing's page. */
"use strict";

window.crmCalendar = (() => {
  const root = document.querySelector("[data-calendar]");
  if (!root) {
    return null;
  }
  const texts = root.querySelector("[data-texts]").dataset;
  const said = root.querySelector("[data-said]");
  const [SHORT, LONG] = [6000, 15000]; // ms that what is said stays
  let timer = 0;
  let isHeld = false; // something is being carried: the days stay as they are
  let isStale = false; // they are read again once it is put down

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const say = (text, { isRefusal = false } = {}) => {
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = ""), isRefusal ? LONG : SHORT);
    said.textContent = text;
    said.classList.toggle("is-refusal", isRefusal);
  };

  // What is sent ------------------------------------------------------------------------------
  // Whoever signs in again in another tab has another token: it is read when it is needed.
  const token = () =>
    document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ??
    root.querySelector("[name=csrfmiddlewaretoken]").value;
  const post = async (url, values) => {
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(values),
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
      });
      if ((answer.headers.get("content-type") || "").startsWith("application/json")) {
        const told = await answer.json();
        // Who nobody is signed in as is told in no language of theirs.
        if (answer.status === 401) told.message = texts.signedOut;
        return { isDone: answer.ok, ...told };
      }
      const isSignedOut = answer.redirected || answer.status === 403;
      return { isDone: false, message: isSignedOut ? texts.signedOut : texts.failed };
    } catch {
      return { isDone: false, message: texts.unreachable };
    }
  };

  // What is shown -----------------------------------------------------------------------------
  const keyOf = (item) => `${item.dataset.kind}-${item.dataset.id}`;
  const itemOf = (key) =>
    [...root.querySelectorAll("[data-item]")].find((item) => keyOf(item) === key);
  const refresh = async () => {
    if (isHeld) {
      isStale = true;
      return;
    }
    try {
      const answer = await fetch(window.location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const days = page.querySelector("[data-days]");
      if (!days || isHeld) {
        isStale = Boolean(days);
        return;
      }
      const focused = document.activeElement?.closest("[data-item]");
      root.querySelector("[data-days]").replaceWith(document.adoptNode(days));
      if (focused) {
        itemOf(keyOf(focused))?.querySelector("a").focus({ preventScroll: true });
      }
    } catch {
      // It stays as it is until the server can be reached again.
    }
  };
  /* While something is carried, a phone shows empty days too: what is held stays where it is. */
  const hold = (isOn, item) => {
    const before = item.getBoundingClientRect().top;
    isHeld = isOn;
    root.classList.toggle("is-carrying", isOn);
    window.scrollBy(0, item.getBoundingClientRect().top - before);
    if (!isOn && isStale) {
      isStale = false;
      refresh();
    }
  };

  // Where things stand ------------------------------------------------------------------------
  const spotOf = (item) => ({ place: item.parentNode, next: item.nextElementSibling });
  const restore = (item, spot) => spot.place.insertBefore(item, spot.next);
  const put = (item, place) => {
    const after = [...place.children].find(
      (each) => each !== item && each.dataset.clock > item.dataset.clock,
    );
    place.insertBefore(item, after ?? null);
  };
  const dayOf = (place) => place.closest("section[data-day]");
  // A day alone, for what has no hour and where hours are not shown, keeps the time of day.
  const clockAt = (item, place) => {
    const isAgenda = !root.classList.contains("cal-by-day") && matchMedia("(max-width: 767px)").matches;
    if (isAgenda || !place.dataset.hour || !item.dataset.clock) {
      return item.dataset.clock;
    }
    return `${place.dataset.hour.padStart(2, "0")}:${item.dataset.clock.slice(3)}`;
  };

  const ask = (item) =>
    new Promise((resolve) => {
      const dialog = root.querySelector("[data-dialog=ask]");
      dialog.querySelector("[data-fill=title]").textContent = item.dataset.title;
      dialog.returnValue = "";
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });

  /* Put something into another place, and back where it was if it may not go there. */
  const move = async (item, place, spot = spotOf(item)) => {
    const day = dayOf(place).dataset.day;
    const clock = clockAt(item, place);
    const isSame = day === item.dataset.day && clock === item.dataset.clock;
    if (isSame || item.hasAttribute("aria-busy")) {
      restore(item, spot);
      return;
    }
    put(item, place);
    if ("asks" in item.dataset && !(await ask(item))) {
      restore(item, spot);
      return;
    }
    item.setAttribute("aria-busy", "true");
    say(fill(texts.moving, item.dataset));
    const { kind, id, seen } = item.dataset;
    const isKept = clock === item.dataset.clock;
    const answer = await post(root.dataset.moveUrl, { kind, id, seen, day, clock: isKept ? "" : clock });
    item.removeAttribute("aria-busy");
    if (!answer.isDone) {
      restore(item, spot);
    }
    say(answer.message, { isRefusal: !answer.isDone });
    if (answer.isDone || answer.code === "outdated") {
      await refresh();
    }
  };

  return { root, texts, fill, say, post, refresh, hold, spotOf, restore, put, dayOf, clockAt, move };
})();
