// Keys of the whole page. They rest while somebody types, holds Ctrl, Alt or Meta, or has a dialog open.

const TYPED_INTO = "input:not([type='checkbox'], [type='range']), textarea, select, [contenteditable=''], [contenteditable='true']";
const PRESSED_BY_KEY = "button, a, summary, input[type='checkbox']"; // space and enter press what has the focus
const MOVED_BY_ARROWS = "input[type='range']";

export function listenToKeys(actions, isResting) {
  const onKey = (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isResting()) return;
    if (target instanceof Element && target.matches(TYPED_INTO)) return;
    if (event.key === " " && target instanceof Element && target.matches(PRESSED_BY_KEY)) return;
    if (event.key.startsWith("Arrow") && target instanceof Element && target.matches(MOVED_BY_ARROWS)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (event.repeat && !action.repeats)) return;
    event.preventDefault();
    event.stopPropagation();
    action.press();
  };
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}

// What each key does to a player.
export function keysOf(player) {
  const press = (action) => ({ press: action });
  const step = (by) => ({ press: () => player.step(by), repeats: true });
  return {
    ArrowRight: step(1),
    j: step(1),
    ArrowLeft: step(-1),
    k: step(-1),
    " ": press(() => player.playback.toggle()),
    l: press(() => player.toggleLoop()),
    a: press(() => player.mark("agree")),
    d: press(() => player.mark("dismiss")),
    u: press(() => player.mark("unsure")),
    t: press(() => player.card.tags.focus()),
    e: press(() => player.transcript.open(player.transcript.wordHere(player.playback.time))),
    g: press(() => player.withLine((line, beside) => player.right.askWhose(line, beside))),
    n: press(() => player.withLine((line, beside) => player.right.askKind(line, beside))),
    Delete: press(() => player.remove()),
    z: press(() => player.undo()),
    "?": press(() => player.frame.help.showModal()),
  };
}
