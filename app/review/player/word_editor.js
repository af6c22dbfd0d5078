// Correct a word where it stands: Enter keeps it, Escape or going elsewhere leaves it; an empty word goes.

import { element } from "./elements.js";

export class WordEditor {
  constructor(texts, { save }) {
    this.save = save;
    this.field = element("input", { type: "text", "aria-label": texts.words.text, autocomplete: "off", maxlength: 80 });
    this.remember = element("input", { type: "checkbox", id: "remember-word" });
    this.root = element("span", { class: "word-editor" }, this.field, element("label", { for: "remember-word" }, this.remember, texts.words.remember));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("focusout", (event) => {
      if (this.word && !this.root.contains(event.relatedTarget)) this.leave();
    });
  }

  get isOpen() {
    return this.word !== undefined;
  }

  // word: {start, end, shown}, as the transcript has it.
  open(word) {
    this.leave();
    this.word = word;
    this.field.value = word.shown.textContent;
    this.field.size = Math.max(6, this.field.value.length + 2);
    this.remember.checked = false;
    word.shown.hidden = true;
    word.shown.after(this.root);
    this.field.focus();
    this.field.select();
  }

  onKey(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.leave();
    if (event.key !== "Enter") return;
    const { word } = this;
    const text = this.field.value.trim();
    const isAnother = text !== word.shown.textContent;
    this.leave();
    if (isAnother || this.remember.checked) this.save(word, text, this.remember.checked);
  }

  leave() {
    const { word } = this;
    if (!word) return;
    this.word = undefined; // first, as what goes away loses the focus
    word.shown.hidden = false;
    this.root.remove();
  }
}
