/* Conditions put together row by row. What stands on the page is kept in a tree and written into
   the hidden field as JSON; the server says how many people fulfil it. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 350; // ms after the last change
  const place = document.querySelector("[data-conditions]");
  if (!place) {
    return;
  }
  const sent = place.querySelector("input[type=hidden]");
  const rows = place.querySelector("[data-rows]");
  const found = place.querySelector("[data-preview-url]");
  const table = JSON.parse(document.getElementById("condition-table").textContent);
  const { words, operators } = table;
  const fields = new Map(table.fields.map((field) => [field.name, field]));
  const root = { all: JSON.parse(sent.value || "[]") };
  const ORDERED = [">", ">=", "<", "<="];
  const WHEN = ["before", "after"];
  let timer = 0;
  let asked = null;

  const isGroup = (node) => "any" in node || "all" in node;
  const within = (node) => node.any || node.all;
  const isCustom = (node) => node.field.startsWith(table.custom);
  const fieldOf = (node) => fields.get(isCustom(node) ? table.custom : node.field);
  const takes = (node) => operators[node.operator].takes;

  const make = (tag, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };
  const choose = (label, pairs, chosen, onchange) => {
    const select = make("select", { onchange: () => onchange(select.value) });
    select.setAttribute("aria-label", label);
    for (const [value, text] of pairs) {
      select.append(make("option", { value, textContent: text, selected: value === chosen }));
    }
    return select;
  };

  // What a value is typed into ----------------------------------------------------------------
  const kindOf = (node) => {
    const kind = fieldOf(node).kind;
    if (kind === "custom") {
      if (ORDERED.includes(node.operator)) return "number";
      return WHEN.includes(node.operator) ? "moment" : "text";
    }
    return kind === "row" && !fieldOf(node).choices.length ? "number" : kind;
  };
  const first = (node) => {
    if (takes(node) === "nothing") return null;
    if (takes(node) === "days") return 30;
    if (takes(node) === "many") return [];
    const choices = fieldOf(node).choices;
    return choices.length ? choices[0][0] : kindOf(node) === "number" ? 0 : "";
  };
  const typed = (node, text) =>
    kindOf(node) === "number" ? (text.trim() === "" ? null : Number(text)) : text;

  const input = (node, type, value, read) => {
    const box = make("input", { type, value, oninput: () => changed(() => (node.value = read(box.value))) });
    box.setAttribute("aria-label", words.value);
    return box;
  };
  const days = (node) => {
    const box = input(node, "number", node.value ?? "", (text) => (text === "" ? null : Number(text)));
    Object.assign(box, { min: 1, max: table.most_days, step: 1 });
    return make("div", { className: "cond-days" }, box, words.days);
  };
  const ticks = (node) => {
    const box = make("div", { className: "cond-choices" });
    for (const [value, text] of fieldOf(node).choices) {
      const tick = make("input", { type: "checkbox", checked: node.value.includes(value) });
      tick.onchange = () =>
        changed(() => {
          node.value = node.value.filter((each) => each !== value);
          if (tick.checked) node.value.push(value);
        });
      box.append(make("label", {}, tick, text));
    }
    return box;
  };
  const list = (node) => {
    const box = input(node, "text", node.value.join(", "), (text) =>
      text.split(",").map((each) => each.trim()).filter(Boolean).map((each) => typed(node, each)));
    box.placeholder = words.list;
    return box;
  };
  const one = (node) => {
    const kind = kindOf(node);
    const { choices } = fieldOf(node);
    if (choices.length) {
      const pairs = choices.map(([value, text]) => [String(value), text]);
      return choose(words.value, pairs, String(node.value), (text) =>
        changed(() => (node.value = choices.find(([value]) => String(value) === text)[0])));
    }
    const isDay = kind === "moment" && String(node.value).length <= 10;
    const type = isDay ? "date" : kind === "number" ? "number" : "text";
    const box = input(node, type, node.value ?? "", (text) => typed(node, text));
    if (type === "number") box.step = "any";
    return box;
  };
  const valueBox = (node) => {
    switch (takes(node)) {
      case "nothing": return make("span");
      case "days": return days(node);
      case "many": return fieldOf(node).choices.length ? ticks(node) : list(node);
      default: return one(node);
    }
  };

  // Rows and groups -----------------------------------------------------------------------------
  const started = (name) => {
    const node = { field: name, operator: fields.get(name).operators[0] };
    return { ...node, value: first(node) };
  };
  const setOperator = (node, operator) => {
    const before = [takes(node), kindOf(node)].join();
    node.operator = operator;
    if ([takes(node), kindOf(node)].join() !== before) {
      node.value = first(node);
    }
  };
  const removal = (siblings, node) =>
    make("button", {
      type: "button",
      textContent: words.remove,
      onclick: () => redrawn(() => siblings.splice(siblings.indexOf(node), 1)),
    });
  const row = (node, siblings) => {
    const names = table.fields.map((field) => [field.name, field.label]);
    const shown = make("div", { className: isCustom(node) ? "cond-row cond-keyed" : "cond-row" });
    const chosen = isCustom(node) ? table.custom : node.field;
    shown.append(choose(words.field, names, chosen, (name) => redrawn(() => Object.assign(node, started(name)))));
    if (isCustom(node)) {
      const key = make("input", { type: "text", value: node.field.slice(table.custom.length), maxLength: 100, placeholder: words.key });
      key.setAttribute("aria-label", words.key);
      key.oninput = () => changed(() => (node.field = table.custom + key.value));
      shown.append(key);
    }
    const ways = fieldOf(node).operators.map((name) => [name, operators[name].label]);
    shown.append(
      choose(words.operator, ways, node.operator, (name) => redrawn(() => setOperator(node, name))),
      valueBox(node),
      removal(siblings, node),
    );
    return shown;
  };
  const adding = (text, nodes, node) =>
    make("button", { type: "button", textContent: text, onclick: () => redrawn(() => nodes.push(node())) });
  const blank = () => started(table.fields[0].name);
  const group = (node, siblings, depth) => {
    const nodes = within(node);
    const shown = make("div", { className: "cond-group" });
    const title = !siblings && !nodes.length ? words.nobody : words["any" in node ? "any" : "all"];
    const head = make("div", { className: "cond-head" }, make("span", { textContent: title }));
    if (siblings) {
      head.append(removal(siblings, node));
    }
    shown.append(head, ...nodes.map((each) => (isGroup(each) ? group(each, nodes, depth + 1) : row(each, nodes))));
    const adds = make("div", { className: "cond-adds" }, adding(words.add, nodes, blank));
    if (depth < table.deepest) {
      const kind = "any" in node ? "all" : "any";
      adds.append(adding(words[`add_${kind}`], nodes, () => ({ [kind]: [blank()] })));
    }
    shown.append(adds);
    return shown;
  };

  // What is sent, and what it finds ---------------------------------------------------------------
  const show = (answer) => {
    found.classList.toggle("cond-problem", Boolean(answer.problem));
    found.textContent = answer.problem || [answer.count, ...answer.people].join(" · ");
  };
  const ask = async () => {
    if (asked) {
      asked.abort();
    }
    asked = new AbortController();
    const token = place.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
    found.classList.add("cond-waits");
    try {
      const answer = await fetch(found.dataset.previewUrl, {
        method: "POST",
        body: new URLSearchParams({ conditions: sent.value, csrfmiddlewaretoken: token }),
        credentials: "same-origin",
        signal: asked.signal,
      });
      if (answer.ok) {
        show(await answer.json());
      }
    } catch (error) {
      if (error.name === "AbortError") {
        return; // a later one is under way
      }
    }
    found.classList.remove("cond-waits");
  };
  const changed = (change) => {
    change();
    sent.value = JSON.stringify(root.all);
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  const redrawn = (change) => {
    changed(change);
    rows.replaceChildren(group(root, null, 0));
  };

  // A static segment has none.
  const type = document.querySelector("select[name=type]");
  const line = place.closest(".form-row, .field-row, .group") || place;
  const toggle = () => {
    line.hidden = type !== null && type.value === "static";
  };
  if (type) {
    type.addEventListener("change", toggle);
  }
  toggle();
  rows.replaceChildren(group(root, null, 0));
  ask();
});
