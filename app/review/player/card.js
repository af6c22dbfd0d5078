// The card of a moment: what was heard, what moved, what the reply did, what could be said instead, and your view of it.

import { button, clock, element, filled, shape } from "./elements.js";
import { NoteField } from "./note_field.js";
import { TagField } from "./tag_field.js";

const WIDEST = 4; // spreads; a bar ends there
const NOTE_AFTER = 120; // milliseconds from the last key until a note is sent
export const MARKS = { agree: "A", dismiss: "D", unsure: "U" };

export class Card {
  constructor(texts, { mark, undo, note, writing, tag, play, remove }) {
    Object.assign(this, { texts, play });
    this.heard = element("div", { class: "heard" });
    this.story = element("div", { class: "story" });
    this.buttons = new Map(
      Object.entries(MARKS).map(([name, key]) => [
        name,
        button(`${texts.card[name]} (${key})`, () => mark(name), { class: "marking", "aria-pressed": "false" }, texts.card[name], element("kbd", { "aria-hidden": "true" }, key)),
      ]),
    );
    this.undo = button(`${texts.card.undo} (Z)`, undo, { class: "marking undo" }, texts.card.undo, element("kbd", { "aria-hidden": "true" }, "Z"));
    this.remove = button(`${texts.by_hand.remove} (Delete)`, remove, { class: "remove" }, texts.by_hand.remove);
    this.note = new NoteField({ id: "note", rows: "2", placeholder: texts.card.note_hint }, NOTE_AFTER, { write: note, writing });
    this.tags = new TagField(texts, { tag });
    this.state = element("span", { class: "saved", role: "status" });
    this.view = element(
      "div",
      { class: "view" },
      element("div", { class: "markings", role: "group", "aria-label": texts.card.yours }, ...this.buttons.values(), this.undo),
      element("div", { class: "note-head" }, element("label", { for: "note" }, texts.card.note), this.state),
      this.note.root,
      this.tags.root,
    );
    this.root = element("section", { class: "card", "aria-label": texts.card.title }, this.heard, this.view, this.story, this.remove);
  }

  // why: what is said where there is no moment
  show(moment, names, why) {
    for (const part of [this.view, this.story, this.remove]) part.hidden = !moment;
    if (!moment) {
      this.heard.replaceChildren(element("p", { class: "sentence" }, why));
      return;
    }
    const added = moment.added ? [element("p", { class: "added" }, this.texts.by_hand.added)] : [];
    this.heard.replaceChildren(...added, this.verdict(moment), element("p", { class: "sentence" }, moment.sentence));
    this.story.replaceChildren(...this.evidence(moment, names));
    this.showWritten(moment);
  }

  showWritten(moment) {
    for (const [name, shown] of this.buttons) shown.setAttribute("aria-pressed", String(moment.mark === name));
    this.note.show(moment.note, moment);
    this.tags.show(moment);
  }

  // What is still being written about a moment.
  send() {
    this.note.send();
    this.tags.send();
  }

  showState(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
  }

  evidence(moment, names) {
    const { card } = this.texts;
    const name = names.get(moment.place.speaker) ?? moment.place.speaker;
    return [
      ...(moment.measures.length ? [element("h3", {}, filled(card.measures, { name })), this.measures(moment.measures)] : []),
      ...this.reply(moment, names),
      ...(moment.repair ? [this.repair(moment.repair, names)] : []),
      ...(moment.suggestions.length ? [element("h3", {}, card.instead), this.suggestions(moment.suggestions)] : []),
      element("p", { class: "fine" }, moment.added ? "" : `${filled(moment.taught ? this.texts.learning.tone : card.tone, { sure: this.texts.sure[moment.tone_sure] })}. `, moment.evidence),
    ];
  }

  verdict(moment) {
    const { verdict_sentences: sentences, sure } = this.texts;
    const isSaid = moment.reply && moment.verdict !== "unclear";
    return element(
      "p",
      { class: "verdict" },
      shape(moment.verdict),
      element("span", {}, sentences[moment.verdict_sentence], isSaid ? element("span", { class: "sure" }, ` (${sure[moment.verdict_sure]})`) : ""),
    );
  }

  measures(measures) {
    return element("ul", { class: "measures" }, measures.some((one) => one.distance !== null) ? this.scale() : null, ...measures.map((one) => this.measure(one)));
  }

  scale() {
    const { less, usual, more } = this.texts.card;
    const ends = element("span", { class: "ends" }, ...[less, usual, more].map((one) => element("span", {}, one)));
    return element("li", { class: "scale", "aria-hidden": "true" }, element("span"), ends, element("span"));
  }

  measure({ measure, said, distance }) {
    const bar = distance === null ? null : element("span", { class: "bar", "aria-hidden": "true" }, element("span", { class: "usual" }), element("span", { class: "moved" }));
    if (bar) {
      const far = Math.max(-WIDEST, Math.min(WIDEST, distance));
      const [from, to] = [Math.min(0, far), Math.max(0, far)].map((one) => 50 + (50 * one) / WIDEST);
      bar.lastChild.style.left = `${from}%`;
      bar.lastChild.style.width = `${to - from}%`;
      bar.firstChild.style.left = `${50 - 50 / WIDEST}%`;
      bar.firstChild.style.width = `${100 / WIDEST}%`;
    }
    return element("li", {}, element("span", { class: "what" }, this.texts.measures[measure] ?? measure), bar, element("span", { class: "said" }, said));
  }

  reply(moment, names) {
    if (!moment.reply) return [];
    const { card } = this.texts;
    const title = filled(card.reply, { name: names.get(moment.reply.speaker) ?? moment.reply.speaker });
    const acts = moment.acts.map((act) => {
      const meets = act.meets === null ? null : act.meets ? card.meets : card.passes;
      const phrase = act.phrase ? element("q", {}, act.phrase) : element("span", { class: "fine" }, card.read_timing);
      return element("li", {}, element("span", { class: "act" }, act.said), " ", phrase, meets ? element("span", { class: "meets" }, meets) : null);
    });
    return [element("h3", {}, title), acts.length ? element("ul", { class: "acts" }, ...acts) : element("p", { class: "fine" }, card.acts_none)];
  }

  repair(repair, names) {
    const text = filled(this.texts.card.repair, { name: names.get(repair.speaker) ?? repair.speaker, time: clock(repair.start) });
    return button(text, () => this.play(repair.start), { class: "repair" }, `${text}: `, element("q", {}, repair.phrase));
  }

  suggestions(suggestions) {
    return element("ul", { class: "suggestions" }, ...suggestions.map((one) => element("li", {}, one)));
  }
}
