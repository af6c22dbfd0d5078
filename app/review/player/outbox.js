// What was written here and is not known to be on the disk yet. Every edit has a number; all that are waiting are sent
// each time, and Python says up to which number it has written them.

export class Outbox {
  constructor() {
    this.sender = crypto.randomUUID();
    this.sent = 0;
    this.letters = [];
    this.send = () => {};
  }

  // remember: a name for the transcriber that comes with a corrected word.
  put(edit, remember = "") {
    // A newer note on a moment takes the place of an older one that is still waiting.
    if (edit.kind === "WriteNote") this.letters = this.letters.filter((letter) => !isNoteOn(letter.edit, edit.moment));
    this.letters.push({ number: ++this.sent, edit, remember });
    this.send({ sender: this.sender, letters: this.letters });
  }

  received(numbers) {
    const last = numbers?.[this.sender] ?? 0;
    this.letters = this.letters.filter((letter) => letter.number > last);
  }

  get isEmpty() {
    return this.letters.length === 0;
  }
}

function isNoteOn(edit, moment) {
  return edit.kind === "WriteNote" && JSON.stringify(edit.moment) === JSON.stringify(moment);
}
