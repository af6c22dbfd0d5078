// Elements of the page, made from what they are; texts are only ever set as text, never as markup.

export function element(kind, attributes = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// A button keeps the focus where it was when it is clicked, so that the keys go on working; Tab still reaches it.
export function button(label, press, attributes = {}, ...children) {
  return element(
    "button",
    { type: "button", "aria-label": label, title: label, onclick: press, onpointerdown: leaveFocus, ...attributes },
    ...(children.length ? children : [label]),
  );
}

export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

// A shape a verdict, so that nobody needs to see its colour.
const SHAPES = {
  missed: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  met: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12Z",
  unclear: "M2.5 2.5h11v11h-11Z",
};

export function shape(verdict, isHollow = verdict !== "met") {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 16 16");
  drawn.setAttribute("class", "shape");
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[verdict] ?? SHAPES.unclear);
  path.setAttribute("class", isHollow ? "hollow" : "full");
  drawn.append(path);
  return drawn;
}

function leaveFocus(event) {
  event.preventDefault();
  const focused = event.currentTarget.getRootNode().activeElement;
  if (focused && focused.matches("textarea, input, select")) focused.blur();
}
