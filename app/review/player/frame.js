// The parts of the player that do not change with the moment: heading, stage, controls, help.

import { button, clock, element, filled } from "./elements.js";
import { readSettings } from "./settings.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5];
const LONGEST_CONTEXT = 30; // seconds

export function makeFrame(texts, actions) {
  const { player } = texts;
  const settings = readSettings();
  const heading = element("h2", {});
  const subtitle = element("p", { class: "subtitle" });
  const spoken = element("p", { class: "for-ears", "aria-live": "polite" });
  const previous = button(`${player.previous} (K)`, actions.previous, { class: "step" }, "‹");
  const next = button(`${player.next} (J)`, actions.next, { class: "step" }, "›");
  const play = button(player.play, actions.toggle, { class: "play" });
  const loop = button(`${player.loop_long} (L)`, actions.loop, { class: "loop", "aria-pressed": "false" }, player.loop);
  const time = element("span", { class: "time" });
  const speed = element(
    "select",
    { id: "speed", onchange: (event) => actions.speed(Number(event.target.value)) },
    ...SPEEDS.map((one) => element("option", { value: one, selected: one === settings.speed }, `${one} ×`)),
  );
  const context = (id, value) =>
    element("input", {
      id, type: "number", "aria-label": player[`${id}_long`], title: player[`${id}_long`], min: 0, max: LONGEST_CONTEXT, step: 1, value,
      onchange: (event) => actions.context(id, Math.min(LONGEST_CONTEXT, Math.max(0, Number(event.target.value) || 0))),
    });
  const help = makeHelp(texts.help);
  const field = (id, label, ...input) => element("span", { class: "field" }, element("label", { for: id }, label), ...input);
  const keys = button(`${player.keys} (?)`, () => help.showModal(), { class: "keys" }, player.keys, element("kbd", { "aria-hidden": "true" }, "?"));
  const controls = element(
    "div",
    { class: "controls" },
    play,
    loop,
    time,
    field("speed", player.speed, speed),
    field("before", player.before, context("before", settings.before), player.seconds),
    field("after", player.after, context("after", settings.after), player.seconds),
  );
  const lanes = element("canvas", { class: "lanes", role: "img" });
  const playhead = element("div", { class: "playhead" });
  const stage = element("div", { class: "stage" }, lanes, playhead);
  const head = element("header", {}, previous, element("div", { class: "title" }, heading, subtitle), next);
  return { heading, subtitle, spoken, previous, next, play, loop, time, controls, lanes, playhead, stage, head, keys, help };
}

// The frame with the parts that stand in it, from top to bottom.
export function arranged(frame, texts, { overview, tools, card, transcript, right }) {
  const listening = element("div", { class: "listening" }, frame.stage, frame.controls);
  const reading = element("div", { class: "reading" }, element("h3", { class: "for-ears" }, texts.player.transcript), right.alike.root, transcript.root);
  const columns = element("div", { class: "columns" }, listening, card.root, reading);
  frame.heading.textContent = texts.player.loading;
  return [frame.head, frame.spoken, overview.root, tools.root, columns, frame.help, right.menu.root];
}

export function showPlaying({ play }, { player }, isPlaying) {
  const text = isPlaying ? player.pause : player.play;
  play.textContent = text;
  play.setAttribute("aria-label", text);
  play.title = text;
}

// Which moment it is, for eyes and for ears; `moment` is undefined where there is none.
export function showHeading(frame, texts, { moment, name, at, all, nothing }) {
  const { player, kinds, verdicts } = texts;
  const kind = moment && (kinds[moment.place.kind] ?? moment.place.kind);
  const title = moment ? filled(player.moment, { n: at + 1, all }) : nothing;
  const about = moment ? filled(player.subtitle, { time: clock(moment.place.start), name, kind }) : "";
  const said = moment ? `${title}. ${about}: ${verdicts[moment.verdict]}. ${moment.sentence}` : title;
  frame.heading.textContent = title;
  frame.subtitle.textContent = about;
  if (frame.spoken.textContent !== said) frame.spoken.textContent = said; // written again, it would be read again
  frame.lanes.setAttribute("aria-label", filled(player.lanes_long, { sentence: moment?.sentence ?? "" }));
  frame.previous.disabled = at <= 0;
  frame.next.disabled = at >= all - 1;
}

function makeHelp(texts) {
  const rows = texts.rows.map(([key, what]) => element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, key)), element("td", {}, what)));
  const dialog = element("dialog", { class: "help", "aria-label": texts.title });
  dialog.append(
    element("h3", {}, texts.title),
    element("table", {}, element("tbody", {}, ...rows)),
    element("button", { type: "button", class: "close", onclick: () => dialog.close() }, texts.close),
  );
  return dialog;
}
