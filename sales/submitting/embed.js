/* Shows a form of the CRM on any page:
     <div data-crm-form="KEY"></div>
     <script src="https://crm.example.com/f/embed.js" async></script>
   Texts become text, never HTML. */
(function () {
  "use strict";

  var base = new URL(document.currentScript.src).origin;
  var TYPES = { email: "email", phone: "tel", checkbox: "checkbox" };

  function make(tag, attributes, text) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      element.setAttribute(name, attributes[name]);
    });
    if (text) element.textContent = text;
    return element;
  }

  function inputOf(field, texts) {
    var input;
    if (field.type === "textarea") {
      input = make("textarea", { rows: 4, maxlength: 5000 });
    } else if (field.type === "select") {
      input = make("select");
      input.appendChild(make("option", { value: "" }, texts.choose));
      field.options.forEach(function (option) {
        input.appendChild(make("option", { value: option }, option));
      });
    } else {
      input = make("input", { type: TYPES[field.type] || "text", maxlength: 255 });
    }
    input.name = field.name;
    input.required = field.required;
    return input;
  }

  function rowOf(field, texts) {
    var label = make("label", { "class": "crm-form-field" });
    label.style.cssText = "display:block;margin-bottom:.75em";
    var name = make("span", { "class": "crm-form-label" }, field.label);
    name.style.display = field.type === "checkbox" ? "inline" : "block";
    label.appendChild(name);
    label.appendChild(inputOf(field, texts));
    label.appendChild(make("span", { "class": "crm-form-error", role: "alert" }));
    return label;
  }

  function trapOf(name, texts) {
    var trap = make("label", { "aria-hidden": "true" }, texts.leave_empty);
    trap.style.cssText = "position:absolute;left:-9999px";
    trap.appendChild(make("input", { name: name, tabindex: "-1", autocomplete: "off" }));
    return trap;
  }

  function valuesOf(form) {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (input) {
      if (input.name) values[input.name] = input.type === "checkbox" ? input.checked : input.value;
    });
    return values;
  }

  function showErrors(form, errors) {
    Array.prototype.forEach.call(form.elements, function (input) {
      var error = input.parentNode.querySelector(".crm-form-error");
      if (error) error.textContent = (errors[input.name] || []).join(" ");
    });
  }

  function thank(place, shown) {
    if (/^https?:\/\//.test(shown.redirect_url)) {
      window.location.assign(shown.redirect_url);
    } else {
      place.replaceChildren(make("p", { "class": "crm-form-thanks", role: "status" }, shown.thank_you));
    }
  }

  function send(place, form, key, shown) {
    var values = valuesOf(form), button = form.querySelector("button");
    var word = form.querySelector(".crm-form-word");
    values.form_token = shown.form_token;
    button.disabled = true;
    word.textContent = "";
    fetch(base + "/api/forms/" + key + "/submit", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values)
    }).then(function (answer) {
      if (answer.ok) return thank(place, shown);
      return answer.json().then(function (refusal) {
        showErrors(form, refusal.errors || {});
        word.textContent = answer.status === 429 ? shown.texts.failed : refusal.message;
      });
    }).catch(function () {
      word.textContent = shown.texts.failed;
    }).then(function () {
      button.disabled = false;
    });
  }

  function show(place, key, shown) {
    var form = make("form", { "class": "crm-form" });
    if (shown.intro) form.appendChild(make("p", { "class": "crm-form-intro" }, shown.intro));
    shown.fields.forEach(function (field) { form.appendChild(rowOf(field, shown.texts)); });
    form.appendChild(trapOf(shown.honeypot_field, shown.texts));
    form.appendChild(make("button", { type: "submit" }, shown.texts.send));
    form.appendChild(make("p", { "class": "crm-form-word", role: "alert" }));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(place, form, key, shown);
    });
    place.replaceChildren(form);
  }

  function start() {
    document.querySelectorAll("[data-crm-form]").forEach(function (place) {
      var key = encodeURIComponent(place.getAttribute("data-crm-form"));
      fetch(base + "/api/forms/" + key).then(function (answer) {
        if (!answer.ok) throw new Error("no form");
        return answer.json();
      }).then(function (shown) { show(place, key, shown); }).catch(function () {
        place.replaceChildren(make("a", { href: base + "/f/" + key }, base + "/f/" + key));
      });
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
