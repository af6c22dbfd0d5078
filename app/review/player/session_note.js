// A note on the session as a whole; it is sent while somebody writes, like the note on a moment.

import { element } from "./elements.js";
import { NoteField } from "./note_field.js";

const NOTE_AFTER = 400; // milliseconds from the last key until a note is sent

export class SessionNote {
  constructor(texts, calls) {
    this.title = texts.session.title;
    this.note = new NoteField({ id: "on-session", rows: "3" }, NOTE_AFTER, calls);
    this.root = element(
      "section",
      { class: "part-open", "aria-label": this.title },
      element("label", { for: "on-session" }, texts.session.text),
      this.note.root,
    );
  }
}
