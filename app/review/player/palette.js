// The colours of the page as Streamlit's theme has them, and the voices' colours on that ground.

export function readPalette(host, speakers) {
  const style = getComputedStyle(host);
  const named = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const ground = named("--st-background-color", "#ffffff");
  const ink = named("--st-text-color", "#31333f");
  const isDark = brightness(ground) < 0.5;
  const voices = new Map(speakers.map((one) => [one.label, isDark ? one.colour.dark : one.colour.light]));
  return { ground, ink, isDark, voices, font: named("--st-font", "sans-serif") };
}

function brightness(colour) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

// A canvas as sharp as the screen, empty; returns its context, measured in CSS pixels.
export function freshCanvas(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

export function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}
