// How somebody likes to listen, and where they are in a session: kept in this browser, and only here.

const HOW = "undertone.listening";
const WHERE = "undertone.moment.";
const HOW_FAINT = "undertone.sensitivity.";
const USUAL = { speed: 1, before: 4, after: 3 }; // context in seconds

export function readSettings() {
  return { ...USUAL, ...read(localStorage, HOW) };
}

export function keepSetting(name, value) {
  keep(localStorage, HOW, { ...readSettings(), [name]: value });
}

export function readPlace(session) {
  return read(sessionStorage, WHERE + session) ?? 0;
}

export function keepPlace(session, place) {
  keep(sessionStorage, WHERE + session, place);
}

export function readSensitivity(session) {
  return read(sessionStorage, HOW_FAINT + session);
}

export function keepSensitivity(session, sensitivity) {
  keep(sessionStorage, HOW_FAINT + session, sensitivity);
}

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(name));
  } catch {
    return null;
  }
}

function keep(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // a browser that keeps nothing still plays
  }
}
