// What people put right by hand: a moment added, a line given to another voice, a word corrected. Each is one edit.

import { AlikeLines } from "./alike_lines.js";
import { clock, filled } from "./elements.js";
import { Menu } from "./menu.js";
import { Selection } from "./selection.js";

const AT_ONCE = 0.001; // seconds; a line that begins so soon after is another

export class PuttingRight {
  // scene: view(), lanes() (the voices that have one, from the top), speakers(), duration, ask (where to ask)
  constructor(texts, stage, scene, { put, showLines, leave }) {
    Object.assign(this, { texts, scene, put });
    this.menu = new Menu();
    this.alike = new AlikeLines(texts, { show: showLines, give: (...gift) => this.give(...gift), leave });
    this.selection = new Selection(stage, {
      view: scene.view,
      lanes: () => scene.lanes().length,
      select: (stretch, place, beside) => this.askKind({ ...stretch, speaker: scene.lanes()[place].label }, beside),
    });
  }

  // A moment at {start, end, speaker}, once its kind is chosen. A coach has none.
  askKind({ start, end, speaker }, beside) {
    const voice = this.scene.speakers().find((one) => one.label === speaker);
    if (voice?.role !== "partner") {
      this.selection.hide();
      return;
    }
    const title = filled(this.texts.by_hand.title, { name: voice.name, time: `${clock(start)} – ${clock(end)}` });
    const kinds = Object.entries(this.texts.kinds).map(([kind, label]) => ({
      label,
      press: () => this.put({ kind: "AddMoment", moment: { start, end, speaker, kind } }),
    }));
    this.menu.open(title, kinds, beside, () => this.selection.hide());
  }

  // Whose a line is: {start, end, speaker}.
  askWhose({ start, end, speaker }, beside) {
    const { lines } = this.texts;
    const speakers = this.scene.speakers();
    const giver = speakers.find((one) => one.label === speaker)?.name ?? speaker;
    const give = (taker, until) => () => this.give(speaker, taker, [{ start, end: until }]);
    const items = speakers
      .filter((one) => one.label !== speaker)
      .flatMap(({ label, name }) => [
        { label: filled(lines.give, { name }), press: give(label, Math.max(end, start + AT_ONCE)) },
        { label: filled(lines.give_on, { giver, name }), press: give(label, this.scene.duration + AT_ONCE) },
        { label: filled(lines.give_alike, { giver, name }), press: () => this.alike.ask(this.scene.ask.alike, { start, end, speaker }, { label, name }) },
      ]);
    this.menu.open(lines.menu, [...items, { label: lines.new_voice, press: give(newLabel(speakers), Math.max(end, start + AT_ONCE)) }], beside);
  }

  // All that a voice begins to say in these stretches.
  give(giver, taker, stretches) {
    this.put({ kind: "GiveUtterances", giver, taker, stretches });
  }

  correct({ start, end }, text, isRemembered) {
    this.put({ kind: "CorrectWord", place: { start, end }, text }, isRemembered ? text : "");
  }
}

function newLabel(speakers) {
  const taken = new Set(speakers.map((one) => one.label));
  let number = speakers.length + 1;
  while (taken.has(`Speaker_${number}`)) number++;
  return `Speaker_${number}`;
}
