// Plots as SVG texts: plain shapes, a white ground so that they read on a dark page too.
const INK = '#1f2933';
const FAINT = '#d9dee4';
const MUTED = '#5f6c7b';

export const COLOURS = { ours: '#1463b8', other: '#8a5a00', limit: '#6b7785', bound: '#b3261e' };

const escapeText = (text) =>
  String(text).replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);
const round = (number) => Math.round(number * 100) / 100;

export function text(x, y, content, { size = 12, anchor = 'start', colour = INK, weight = 'normal', rotate } = {}) {
  const turned = rotate === undefined ? '' : ` transform="rotate(${rotate} ${round(x)} ${round(y)})"`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}" font-weight="${weight}"${turned}>${escapeText(content)}</text>`;
}

export function line(x1, y1, x2, y2, { colour = FAINT, width = 1, dash } = {}) {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"${dashes}/>`;
}

export function dot(x, y, { colour = COLOURS.ours, radius = 4, hollow = false } = {}) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${hollow ? 'white' : colour}" stroke="${colour}" stroke-width="1.5"/>`;
}

export function polyline(points, { colour = COLOURS.ours, width = 2, dash } = {}) {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<polyline points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="${width}"${dashes}/>`;
}

/** A whole picture; `title` is also what a screen reader says. */
export function picture({ width, height, title, subtitle, parts }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">
<title>${escapeText(title)}</title>
<rect width="${width}" height="${height}" fill="white"/>
${text(20, 28, title, { size: 16, weight: 'bold' })}
${text(20, 46, subtitle, { size: 11, colour: MUTED })}
${parts.join('\n')}
</svg>
`;
}

/** From values to pixels; on a logarithmic scale with powers of ten as ends and ticks. */
export function createScale({ from, to, pixels: [start, end], isLog }) {
  if (isLog) {
    const [low, high] = [Math.floor(Math.log10(from) + 0.01), Math.ceil(Math.log10(to) - 0.01)];
    return {
      at: (value) => start + ((Math.log10(value) - low) / (high - low)) * (end - start),
      ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
      from: 10 ** low,
      to: 10 ** high,
    };
  }
  const step = niceStep((to - from) / 5);
  const top = Math.ceil(to / step) * step;
  return {
    at: (value) => start + ((value - from) / (top - from)) * (end - start),
    ticks: Array.from({ length: Math.round((top - from) / step) + 1 }, (_, index) => from + index * step),
    from,
    to: top,
  };
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}

/** 1000 -> 1 k; 1000000 -> 1 M. */
export function shortNumber(value) {
  if (value >= 1e6) {
    return `${round(value / 1e6)} M`;
  }
  return value >= 1e3 ? `${round(value / 1e3)} k` : String(Number(value.toPrecision(3)));
}

const AREA = { left: 70, right: 600, top: 70, bottom: 330 };
const SIZE = { width: 640, height: 390 };

/**
 * One plot with two axes: `x` and `y` are `{ label, isLog, values, format? }`, `draw(at)` returns its parts, where `at(x, y)` gives
 * pixels, and `legend` lists `[label, colour, isLine]`.
 */
export function chart({ title, subtitle, x, y, draw, legend = [] }) {
  const scaleOf = ({ values, isLog }, pixels) =>
    createScale({ from: isLog ? Math.min(...values) : 0, to: Math.max(...values), pixels, isLog });
  const across = scaleOf(x, [AREA.left, AREA.right]);
  const up = scaleOf(y, [AREA.bottom, AREA.top]);
  const { format: formatX = shortNumber } = x;
  const { format: formatY = shortNumber } = y;
  const axes = [
    ...across.ticks.flatMap((tick) => [
      line(across.at(tick), AREA.top, across.at(tick), AREA.bottom),
      text(across.at(tick), AREA.bottom + 18, formatX(tick), { anchor: 'middle', size: 11 }),
    ]),
    ...up.ticks.flatMap((tick) => [
      line(AREA.left, up.at(tick), AREA.right, up.at(tick)),
      text(AREA.left - 8, up.at(tick) + 4, formatY(tick), { anchor: 'end', size: 11 }),
    ]),
    line(AREA.left, AREA.bottom, AREA.right, AREA.bottom, { colour: INK }),
    line(AREA.left, AREA.top, AREA.left, AREA.bottom, { colour: INK }),
    text((AREA.left + AREA.right) / 2, AREA.bottom + 42, x.label, { anchor: 'middle' }),
    text(22, (AREA.top + AREA.bottom) / 2, y.label, { anchor: 'middle', rotate: -90 }),
  ];
  const keys = legend.flatMap(([label, colour, isLine], index) => {
    const top = AREA.top + 18 + index * 18;
    return [
      isLine
        ? line(AREA.left + 14, top - 4, AREA.left + 34, top - 4, {
            colour,
            width: 2,
            dash: isLine === 'dashed' ? '6 4' : undefined,
          })
        : dot(AREA.left + 24, top - 4, { colour }),
      text(AREA.left + 42, top, label, { size: 11 }),
    ];
  });
  const drawn = draw((valueX, valueY) => [across.at(valueX), up.at(valueY)], { across, up, area: AREA });
  return picture({ ...SIZE, title, subtitle, parts: [...axes, ...drawn, ...keys] });
}
