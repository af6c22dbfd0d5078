// The tags of a moment: each can be taken off, and new ones are typed, Enter or a comma after each. Those that are used
// in the library are suggested.

import { button, element, filled } from "./elements.js";
import { nameOf } from "./moments.js";

const LONGEST = 40; // letters

export class TagField {
  constructor(texts, { tag }) {
    Object.assign(this, { texts: texts.card, tag, known: [], tags: [] });
    this.list = element("ul", { class: "tag-list", "aria-label": this.texts.tags });
    this.offered = element("datalist", { id: "known-tags" });
    this.field = element("input", {
      id: "tags", type: "text", list: "known-tags", autocomplete: "off", maxlength: LONGEST, placeholder: this.texts.tag_hint,
      oninput: (event) => this.onInput(event), onkeydown: (event) => this.onKey(event), onblur: () => this.send(),
    });
    this.root = element(
      "div", { class: "tags" },
      element("label", { for: "tags" }, this.texts.tags, element("kbd", { "aria-hidden": "true" }, "T")),
      this.list, this.field, this.offered,
    );
  }

  // What is being typed is a tag of the moment that was shown until now.
  show(moment) {
    if (nameOf(moment) !== nameOf(this.moment)) this.send();
    this.moment = moment;
    if (String(moment.tags) === String(this.tags) && this.list.children.length === moment.tags.length) return;
    this.tags = moment.tags;
    this.list.replaceChildren(...this.tags.map((one) => this.chip(one)));
    this.offer(this.known);
  }

  offer(known) {
    this.known = known;
    const others = known.filter((one) => !this.tags.includes(one));
    this.offered.replaceChildren(...others.map((value) => element("option", { value })));
  }

  focus() {
    this.field.focus();
  }

  // Tags that were typed: each as it is written elsewhere, and none twice.
  send() {
    const typed = this.field.value.split(",").map((one) => one.trim().replace(/\s+/g, " ")).filter(Boolean);
    this.field.value = "";
    const tags = [...this.tags];
    for (const one of typed) {
      if (!tags.some((other) => isSame(one, other))) tags.push(this.known.find((other) => isSame(one, other)) ?? one);
    }
    if (tags.length > this.tags.length) this.tag(tags, this.moment);
  }

  chip(one) {
    const remove = (event) => {
      if (event.detail === 0) this.focus(); // by a key: what had the focus goes
      this.tag(this.tags.filter((other) => other !== one), this.moment);
    };
    const label = filled(this.texts.tag_remove, { tag: one });
    return element("li", { class: "tag" }, one, button(label, remove, { class: "tag-remove" }, "×"));
  }

  onInput(event) {
    const isChosen = event.inputType === "insertReplacementText"; // from the suggestions
    if (isChosen || this.field.value.includes(",")) this.send();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.send();
    }
    if (event.key !== "Escape") return;
    this.field.value = "";
    this.field.blur();
  }
}

function isSame(one, other) {
  return one.localeCompare(other, undefined, { sensitivity: "accent" }) === 0;
}
