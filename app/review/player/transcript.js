// What was said, following playback word by word. A click on a word plays it; up, down and Enter do so by line. A double
// click corrects it.

import { clock, element, filled } from "./elements.js";
import { WordEditor } from "./word_editor.js";

const SIGHT = 1 / 8; // of the height: where the line that is spoken stands
const LINGERS = 0.35; // seconds that a word stays lit after its end

export class Transcript {
  constructor(texts, { play, edit, correct, give }) {
    this.texts = texts;
    Object.assign(this, { play, edit });
    this.editor = new WordEditor(texts, { save: (word, text, isRemembered) => this.save(word, text, isRemembered, correct) });
    this.words = []; // {start, end, shown}, by start
    this.lines = [];
    this.root = element("div", {
      class: "transcript", role: "region", tabindex: "0", "aria-label": texts.player.transcript_long,
    });
    this.root.addEventListener("click", (event) => {
      const start = event.target.closest("[data-start]")?.dataset.start;
      if (start !== undefined) play(Number(start));
      const line = event.target.closest(".give")?.closest(".line");
      if (line) give(this.lines.find((one) => one.shown === line), event.target.getBoundingClientRect());
    });
    this.root.addEventListener("dblclick", (event) => {
      const word = this.words.find((one) => one.shown === event.target);
      if (word) this.open(word);
    });
    this.root.addEventListener("keydown", (event) => this.onKey(event));
  }

  // What was chosen and seen stays where it was.
  fill(utterances, speakers) {
    this.editor.leave();
    const { scrollTop } = this.root;
    this.lit = this.sight = undefined;
    this.marked = [];
    const voices = new Map(speakers.map((one, place) => [one.label, { name: one.name, place }]));
    this.words = [];
    this.lines = utterances.map((utterance) => this.line(utterance, voices));
    this.words.sort((one, other) => one.start - other.start);
    const isEmpty = this.words.length === 0;
    this.root.replaceChildren(...(isEmpty ? [element("p", {}, this.texts.player.no_words)] : this.lines.map((l) => l.shown)));
    if (this.chosen >= this.lines.length) this.chosen = undefined;
    this.lines[this.chosen]?.shown.classList.add("chosen");
    this.root.scrollTop = scrollTop;
  }

  line(utterance, voices) {
    const voice = voices.get(utterance.speaker) ?? { name: utterance.speaker, place: 0 };
    const words = element("p", { class: "words" });
    for (const [start, end, text, doubts] of utterance.words) {
      const shown = element("span", { class: doubts ? "word doubtful" : "word", "data-start": start }, text);
      if (doubts) shown.title = filled(this.texts.doubts.title, { why: doubts.map((one) => this.texts.doubts[one]).join(", ") });
      words.append(shown, " ");
      this.words.push({ start, end, shown });
    }
    const { menu } = this.texts.lines;
    const give = element("button", { type: "button", class: "give", tabindex: "-1", "aria-label": `${menu} (G)`, title: `${menu} (G)` }, "⋯");
    const shown = element(
      "div",
      { class: "line" },
      element("span", { class: "who" }, element("span", { class: "name" }, voice.name), element("span", { class: "at" }, clock(utterance.start), give)),
      words,
    );
    shown.style.setProperty("--voice", `var(--voice-${voice.place})`);
    return { ...utterance, shown };
  }

  // Light the word at a time; while it plays, bring its line into sight.
  follow(time, brings) {
    const word = this.wordAt(time);
    if (word !== this.lit) {
      this.lit?.shown.classList.remove("now");
      word?.shown.classList.add("now");
      this.lit = word;
    }
    if (brings) this.bring(word?.shown.parentElement.parentElement);
  }

  showMoment(moment) {
    this.markMoment(moment);
    if (this.shift.length) this.bring(this.shift[0].shown);
  }

  markMoment(moment) {
    for (const line of this.marked ?? []) line.shown.classList.remove("shift", "reply");
    const said = (place) => (place ? this.lines.filter((line) => line.speaker === place.speaker && overlaps(line, place)) : []);
    const [shift, reply] = [said(moment?.place), said(moment?.reply)];
    for (const line of shift) line.shown.classList.add("shift");
    for (const line of reply) line.shown.classList.add("reply");
    this.marked = [...shift, ...reply];
    this.shift = shift;
  }

  // Lines of a voice that somebody is asked about.
  showLines(speaker, stretches) {
    for (const line of this.lines) line.shown.classList.toggle("asked", line.speaker === speaker && stretches.some((one) => overlaps(line, one)));
  }

  wordAt(time) {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    const word = this.words[low - 1];
    return word && time <= word.end + LINGERS ? word : undefined;
  }

  // The word that is spoken, else the one before; the line that was chosen, while the transcript has the focus.
  wordHere(time) {
    return this.wordAt(time) ?? this.words.findLast((word) => word.start <= time) ?? this.words[0];
  }

  lineHere(time) {
    const hasFocus = this.root.getRootNode().activeElement === this.root;
    if (hasFocus && this.chosen !== undefined) return this.lines[this.chosen];
    return this.lines.find((line) => line.shown.contains(this.wordAt(time)?.shown ?? null)) ?? this.lines.find((line) => line.end > time) ?? this.lines.at(-1);
  }

  open(word) {
    if (!word) return;
    this.edit();
    this.bring(word.shown.closest(".line"));
    this.editor.open(word);
  }

  save(word, text, isRemembered, correct) {
    word.shown.textContent = text; // what comes back from Python says the same
    word.shown.classList.remove("doubtful");
    this.root.focus({ preventScroll: true });
    correct(word, text, isRemembered);
  }

  bring(line) {
    if (!line || line === this.sight) return;
    this.sight = line;
    const way = this.wayTo(line);
    const isNear = Math.abs(way) < this.root.clientHeight;
    const isCalm = isNear && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.root.scrollTo({ top: this.root.scrollTop + way, behavior: isCalm ? "smooth" : "instant" });
    // Lines far off were not laid out yet, so only when they are is it known where this one lies.
    if (!isNear) requestAnimationFrame(() => requestAnimationFrame(() => line === this.sight && this.root.scrollBy(0, this.wayTo(line))));
  }

  // Pixels to scroll until a line stands in sight.
  wayTo(line) {
    const box = this.root.getBoundingClientRect();
    const { top, height } = line.getBoundingClientRect();
    return top - box.top - (box.height - height) * SIGHT;
  }

  onKey(event) {
    if (event.target !== this.root) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.chosen !== undefined) this.play(this.lines[this.chosen].start);
    if (step === undefined || !this.lines.length) return;
    event.preventDefault();
    const here = this.chosen ?? Math.max(0, this.lines.findIndex((line) => line.shown === this.sight) - step);
    this.lines[this.chosen]?.shown.classList.remove("chosen");
    this.chosen = Math.min(this.lines.length - 1, Math.max(0, here + step));
    this.lines[this.chosen].shown.classList.add("chosen");
    this.bring(this.lines[this.chosen].shown);
  }
}

function overlaps(one, other) {
  return one.start < other.end && other.start < one.end;
}
