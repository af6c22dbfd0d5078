// A note on the session as a whole; it is sent while somebody writes, like the note on a moment.

import { element } from "./elements.js";

const NOTE_AFTER = 400; // milliseconds from the last key until a note is sent

export class SessionNote {
  constructor(texts, { write, writing }) {
    this.title = texts.session.title;
    Object.assign(this, { write, writing });
    this.field = element("textarea", { id: "on-session", rows: "3", oninput: () => this.wait(), onblur: () => this.send() });
    this.root = element(
      "section",
      { class: "part-open", "aria-label": this.title },
      element("label", { for: "on-session" }, texts.session.text),
      this.field,
    );
  }

  show(text) {
    if (!this.isWriting && this.field.value !== text) this.field.value = text;
  }

  wait() {
    this.isWriting = true;
    this.writing();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), NOTE_AFTER);
  }

  send() {
    clearTimeout(this.timer);
    if (!this.isWriting) return;
    this.isWriting = false;
    this.write(this.field.value);
  }
}
