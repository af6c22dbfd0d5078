// Which moments are shown: how faint they may be, and whose, of which tone, reply and mark. Nobody is asked for it, so it
// is drawn at once. A moment that a person added or agreed to stays however low the sensitivity.

import { element, filled } from "./elements.js";
import { keepSensitivity, readSensitivity } from "./settings.js";

const LEAST = 0.05;
const STEP = 0.05;
const FILTERS = {
  speaker: (moment, label) => moment.place.speaker === label,
  kind: (moment, kind) => moment.place.kind === kind,
  verdict: (moment, verdict) => moment.verdict === verdict,
  mark: (moment, mark) => (moment.mark ?? "none") === mark,
  tag: (moment, tag) => moment.tags.includes(tag),
};

export class MomentChoice {
  constructor(texts, data, { changed }) {
    this.texts = texts;
    this.session = data.session;
    this.usual = data.sensitivity.usual;
    this.sensitivity = readSensitivity(data.session) ?? this.usual;
    this.title = texts.choice.title;
    this.changed = changed;
    this.slider = element("input", {
      id: "sensitivity", type: "range", min: LEAST, max: data.sensitivity.most, step: STEP, value: this.sensitivity,
      "aria-describedby": "how-many", oninput: () => this.set(Number(this.slider.value)),
    });
    this.count = element("output", { id: "how-many", for: "sensitivity" });
    this.selects = new Map(Object.keys(FILTERS).map((name) => [name, element("select", { id: `filter-${name}`, onchange: changed })]));
    const filters = [...this.selects].map(([name, select]) => element("span", { class: "field" }, element("label", { for: select.id }, texts.choice[name]), select));
    this.back = element("button", { type: "button", onclick: () => this.goBack() }, texts.choice.usual);
    const [least, most] = ["least", "most"].map((name) => element("span", { class: "fine" }, texts.choice[name]));
    this.root = element(
      "section",
      { class: "part-open choice", "aria-label": this.title },
      element("div", { class: "sensitivity" }, element("label", { for: "sensitivity" }, texts.choice.sensitivity), least, this.slider, most, this.count),
      element("div", { class: "filters" }, ...filters, this.back),
    );
    for (const name of ["kind", "verdict"]) this.offer(name, Object.entries(texts[`${name}s`]));
    this.offer("mark", Object.entries(texts.choice_marks));
  }

  // Voices may get other names, and others may come.
  setVoices(speakers) {
    this.offer("speaker", speakers.filter((one) => one.role === "partner").map((one) => [one.label, one.name]));
  }

  // The filter is there only where there is a tag.
  setTags(tags) {
    this.offer("tag", tags.map((tag) => [tag, tag]));
    this.selects.get("tag").parentElement.hidden = tags.length === 0;
  }

  offer(name, options) {
    const select = this.selects.get(name);
    const chosen = select.value;
    select.replaceChildren(...[["", this.texts.choice.all], ...options].map(([value, said]) => element("option", { value }, said)));
    select.value = options.some(([value]) => value === chosen) ? chosen : "";
  }

  shown(moments) {
    const chosen = [...this.selects].filter(([, select]) => select.value);
    const heard = moments.filter((moment) => isHeard(moment, this.sensitivity));
    const left = heard.filter((moment) => chosen.every(([name, select]) => FILTERS[name](moment, select.value)));
    this.say(heard.length, moments.filter((moment) => isHeard(moment, this.usual)).length);
    this.isNarrow = chosen.length > 0;
    this.back.hidden = !this.isNarrow && this.sensitivity === this.usual;
    this.title = this.isNarrow ? filled(this.texts.choice.narrowed, { shown: left.length, all: heard.length }) : this.texts.choice.title;
    return left;
  }

  say(n, usual) {
    const { as_usual: same, more, fewer } = this.texts.choice;
    this.count.textContent = filled(n === usual ? same : n > usual ? more : fewer, { n, by: Math.abs(n - usual) });
  }

  set(sensitivity) {
    this.sensitivity = sensitivity;
    this.slider.value = sensitivity;
    keepSensitivity(this.session, sensitivity);
    this.changed();
  }

  goBack() {
    for (const select of this.selects.values()) select.value = "";
    this.set(this.usual);
  }
}

function isHeard(moment, sensitivity) {
  return moment.added || moment.mark === "agree" || moment.strength >= 1 - sensitivity;
}
