// A field for a note that is sent while somebody writes: a moment after the last key, and when the field is left.

import { element } from "./elements.js";

export class NoteField {
  // after: milliseconds from the last key until it is sent
  constructor(attributes, after, { write, writing }) {
    Object.assign(this, { after, write, writing });
    this.root = element("textarea", { ...attributes, oninput: () => this.wait(), onblur: () => this.send() });
  }

  // What is being written stays.
  show(text) {
    if (!this.isWriting && this.root.value !== text) this.root.value = text;
  }

  wait() {
    this.isWriting = true;
    this.writing();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.after);
  }

  // Send what is in the field, if it was changed.
  send() {
    clearTimeout(this.timer);
    if (!this.isWriting) return;
    this.isWriting = false;
    this.write(this.root.value);
  }
}
