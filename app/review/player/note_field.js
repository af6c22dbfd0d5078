// A field for a note that is sent while somebody writes: a moment after the last key, and when the field is left. What is
// written goes to the moment that the field showed when it was, whatever is shown since; `moment` is null for the session.

import { element } from "./elements.js";
import { nameOf } from "./moments.js";

export class NoteField {
  // after: milliseconds from the last key until it is sent
  constructor(attributes, after, { write, writing }) {
    Object.assign(this, { after, write, writing });
    this.root = element("textarea", { ...attributes, oninput: () => this.wait(), onblur: () => this.leave() });
  }

  // What is being written stays; and what stands under the cursor stays until it is left, though somebody may have
  // written another note on the same moment in another tab.
  show(text, moment = null) {
    if (this.isWriting) return;
    const isUnderTheCursor = this.hasFocus && nameOf(moment) === nameOf(this.moment);
    Object.assign(this, { text, moment });
    if (!isUnderTheCursor && this.root.value !== text) this.root.value = text;
  }

  get hasFocus() {
    return this.root.getRootNode().activeElement === this.root;
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
    this.text = this.root.value;
    this.write(this.text, this.moment);
  }

  leave() {
    this.send();
    this.root.value = this.text ?? "";
  }
}
