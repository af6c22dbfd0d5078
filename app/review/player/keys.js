// Keys of the whole page. They rest while somebody types, holds Ctrl, Alt or Meta, or has a dialog open.

const TYPED_INTO = "input, textarea, select, [contenteditable=''], [contenteditable='true']";
const PRESSED_BY_KEY = "button, a, summary"; // space and enter press what has the focus

export function listenToKeys(actions, isResting) {
  const onKey = (event) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isResting()) return;
    if (target instanceof Element && target.matches(TYPED_INTO)) return;
    if (event.key === " " && target instanceof Element && target.matches(PRESSED_BY_KEY)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || (event.repeat && !action.repeats)) return;
    event.preventDefault();
    event.stopPropagation();
    action.press();
  };
  document.addEventListener("keydown", onKey, true);
  return () => document.removeEventListener("keydown", onKey, true);
}
