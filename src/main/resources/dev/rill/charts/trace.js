'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const root = document.getElementById('trace');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const GATES = ['input', 'forget', 'output', 'update', 'reset'];

  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const floats = text => new Float32Array(bytes(text).buffer);
  const make = (tag, name, parent, text) => {
    const e = document.createElement(tag);
    if (name) e.className = name;
    if (text !== undefined) e.textContent = text;
    parent.append(e);
    return e;
  };

  /** Values of a row, [steps][units]; decoded when they are first looked at. */
  function values(track, row) {
    track.decoded = track.decoded || [];
    if (!track.decoded[row]) {
      if (!track.ranges) {
        track.decoded[row] = floats(track.data[row]);
      } else {
        const levels = bytes(track.data[row]), range = floats(track.ranges[row]), all = new Float32Array(levels.length);
        for (let i = 0; i < levels.length; i++) {
          const u = 2 * (i % track.units);
          all[i] = range[u] + levels[i] / 255 * (range[u + 1] - range[u]);
        }
        track.decoded[row] = all;
      }
    }
    return track.decoded[row];
  }

  /** Two colours of a scale that has its middle, or its start, in the colour of the ground. */
  const palette = () => dark.matches
    ? { ground: [13, 17, 23], low: [88, 166, 255], high: [255, 140, 66], bad: [160, 0, 160] }
    : { ground: [255, 255, 255], low: [5, 80, 174], high: [188, 76, 0], bad: [200, 0, 200] };

  function colour(p, part) {
    if (!(part >= -1 && part <= 1)) return p.bad;
    const end = part < 0 ? p.low : p.high, a = Math.abs(part);
    return [0, 1, 2].map(i => Math.round(p.ground[i] + (end[i] - p.ground[i]) * a));
  }

  /** The greatest of what is finite, so that one colour means one size in every row. */
  function scale(track) {
    if (!track.most) {
      track.most = GATES.includes(track.kind) ? 1 : 0;
      for (let row = 0; row < data.rows && !track.most; row++) {
        for (const v of values(track, row)) if (Math.abs(v) < Infinity) track.top = Math.max(track.top || 0, Math.abs(v));
      }
      track.most = track.most || track.top || 1;
    }
    return track.most;
  }

  const series = (track, row, unit) => {
    const v = values(track, row), s = new Float64Array(track.steps);
    for (let t = 0; t < track.steps; t++) s[t] = v[t * track.units + unit];
    return s;
  };

  const variance = s => {
    let sum = 0, squares = 0;
    for (const v of s) { sum += v; squares += v * v; }
    return squares / s.length - (sum / s.length) ** 2;
  };

  /** Units in the order of a chain: the one that varies most, then each time the one that goes most with the last, either way. */
  function chain(track, row) {
    const n = track.units, stride = Math.ceil(track.steps / 256), normal = [];
    const spread = [];
    for (let u = 0; u < n; u++) {
      const s = series(track, row, u).filter((v, t) => t % stride === 0), mean = s.reduce((a, b) => a + b, 0) / s.length;
      const d = s.map(v => v - mean), norm = Math.sqrt(d.reduce((a, b) => a + b * b, 0));
      spread.push(norm);
      normal.push(norm > 0 ? d.map(v => v / norm) : d);
    }
    let last = spread.indexOf(Math.max(...spread));
    const order = [Math.max(last, 0)], left = new Set(normal.keys());
    left.delete(order[0]);
    while (left.size) {
      let best = -1, most = -1;
      for (const u of left) {
        let dot = 0;
        const a = normal[order[order.length - 1]], b = normal[u];
        for (let i = 0; i < a.length; i++) dot += a[i] * b[i];
        if (!(Math.abs(dot) <= most)) { most = Math.abs(dot); best = u; }
      }
      order.push(best);
      left.delete(best);
    }
    return order;
  }

  function order(track) {
    const key = view.sort + ' ' + view.row;
    track.orders = track.orders || {};
    if (!track.orders[key]) {
      const units = [...Array(track.units).keys()];
      if (view.sort === 'variance') {
        const by = units.map(u => variance(series(track, view.row, u)));
        units.sort((a, b) => by[b] - by[a] || a - b);
      }
      track.orders[key] = view.sort === 'correlation' && track.units > 1 ? chain(track, view.row) : units;
    }
    return track.orders[key];
  }

  /** From and to are parts of the whole time. */
  const view = { row: 0, sort: 'none', from: 0, to: 1, unit: null };
  const most = Math.max(...data.tracks.map(t => t.steps));
  // The axis counts steps of the input: what runs within one of them has more, what reads a window of them has fewer.
  const read = Math.max(...data.tracks.filter(t => t.kind === 'x').map(t => t.steps)), counted = read > 1 ? read : most;

  const bar = make('div', 'bar', root);
  if (data.rows > 1) {
    const label = make('label', '', bar, 'row');
    const slider = make('input', '', label), shown = make('output', '', label, '0');
    Object.assign(slider, { type: 'range', min: 0, max: data.rows - 1, value: 0, id: 'row' });
    slider.addEventListener('input', () => { view.row = +slider.value; shown.value = slider.value; draw(); });
  }
  const sortLabel = make('label', '', bar, 'units'), sort = make('select', '', sortLabel);
  sort.id = 'sort';
  for (const [value, text] of [['none', 'as they are'], ['variance', 'by variance'], ['correlation', 'by correlation']]) {
    make('option', '', sort, text).value = value;
  }
  sort.addEventListener('change', () => { view.sort = sort.value; draw(); });
  for (const [text, title, act] of [['+', 'zoom in', () => zoom(0.5, 0.5)], ['\u2212', 'zoom out', () => zoom(2, 0.5)],
      ['\u2190', 'earlier', () => pan(-0.5)], ['\u2192', 'later', () => pan(0.5)], ['all', 'all steps and units', all]]) {
    const button = make('button', '', bar, text);
    button.title = title;
    button.addEventListener('click', act);
  }
  const value = make('div', 'value', bar);
  const IDLE = counted + ' steps. Point at a value; click to choose a unit; drag to move; zoom by the wheel, with Ctrl in time, with Shift in units.';
  value.textContent = IDLE;

  const axis = make('div', 'axis', bar);

  /** Steps at round places along what is seen. */
  function label() {
    const from = view.from * counted, seen = (view.to - view.from) * counted;
    const rough = seen / 8, ten = 10 ** Math.floor(Math.log10(rough));
    const every = Math.max(1, ten * [1, 2, 5, 10].find(n => n * ten >= rough));
    axis.replaceChildren();
    for (let step = Math.ceil(from / every) * every; step < from + seen; step += every) {
      const part = (step - from) / seen;
      // Half a number would be another one.
      if ((1 - part) * axis.clientWidth > 8 * String(step).length + 4) make('span', '', axis, String(step)).style.left = part * 100 + '%';
    }
  }

  function zoom(factor, at) {
    const width = Math.min(1, Math.max(Math.min(1, 4 / most), (view.to - view.from) * factor));
    const from = view.from + (view.to - view.from) * at - width * at;
    move(from, width);
  }
  function zoomUnits(panel, factor, at) {
    const part = panel.seen * factor, seen = Math.min(panel.track.units, Math.max(1, factor < 1 ? Math.floor(part) : Math.ceil(part)));
    moveUnits(panel, panel.first + Math.round((panel.seen - seen) * at), seen);
    draw();
  }
  function moveUnits(panel, first, seen) {
    panel.first = Math.min(panel.track.units - seen, Math.max(0, first));
    panel.seen = seen;
  }
  function all() {
    view.from = 0;
    view.to = 1;
    for (const panel of panels) { panel.first = 0; panel.seen = panel.track.units; }
    draw();
  }
  const pan = part => move(view.from + (view.to - view.from) * part, view.to - view.from);
  function move(from, width) {
    view.from = Math.min(1 - width, Math.max(0, from));
    view.to = view.from + width;
    draw();
  }

  const texts = [];
  const panels = data.tracks.map(track => {
    const section = make('section', '', root);
    section.dataset.layer = track.layer;
    section.dataset.kind = track.kind;
    const title = make('h2', '', section, track.layer + ' \u00b7 ' + track.kind + ' ');
    const size = make('span', '', title);
    if (track.text) texts.push({ track, text: make('div', 'text', section), line: make('div', 'line', section), spans: [] });
    const map = make('div', 'map', section), canvas = make('canvas', '', map), cursor = make('div', 'cursor', map);
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', track.layer + ' ' + track.kind + ' over time');
    const legend = make('div', 'scale', section);
    const panel = { track, canvas, cursor, whole: null, wide: document.createElement('canvas'), title: size, first: 0, seen: track.units, low: make('span', '', legend), ramp: make('canvas', '', legend), high: make('span', '', legend) };
    listen(panel);
    return panel;
  });

  /** Which step and unit lie under the pointer. */
  function under(panel, event) {
    const box = panel.canvas.getBoundingClientRect(), { track } = panel;
    const x = Math.min(0.999999, Math.max(0, (event.clientX - box.left) / box.width));
    const y = Math.min(0.999999, Math.max(0, (event.clientY - box.top) / box.height));
    const time = view.from + x * (view.to - view.from);
    return { x, y, time, step: Math.min(track.steps - 1, Math.floor(time * track.steps)), unit: order(track)[Math.floor(panel.first + y * panel.seen)] };
  }

  const digits = v => Number.isFinite(v) ? String(+v.toPrecision(6)) : String(v);

  function listen(panel) {
    const { canvas, track } = panel;
    let grip = null;
    // The bare wheel scrolls the page, which maps fill.
    canvas.addEventListener('wheel', e => {
      if (!e.ctrlKey && !e.shiftKey) return;
      e.preventDefault();
      const at = under(panel, e), out = (e.deltaY || e.deltaX) > 0;
      if (e.ctrlKey) zoom(out ? 1.25 : 0.8, at.x); else zoomUnits(panel, out ? 1.25 : 0.8, at.y);
    }, { passive: false });
    canvas.addEventListener('dblclick', all);
    canvas.addEventListener('pointerdown', e => { grip = { x: e.clientX, y: e.clientY, from: view.from, first: panel.first, moved: false }; canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener('pointerup', e => {
      if (grip && !grip.moved) {
        const unit = under(panel, e).unit;
        view.unit = view.unit && view.unit.track === track && view.unit.unit === unit ? null : { track, unit };
        draw();
      }
      grip = null;
    });
    canvas.addEventListener('pointermove', e => {
      if (grip && (grip.moved || Math.hypot(e.clientX - grip.x, e.clientY - grip.y) > 3)) {
        grip.moved = true;
        const width = view.to - view.from;
        moveUnits(panel, grip.first - Math.round((e.clientY - grip.y) / canvas.clientHeight * panel.seen), panel.seen);
        move(grip.from - (e.clientX - grip.x) / canvas.clientWidth * width, width);
      }
      point(panel, under(panel, e));
    });
    canvas.addEventListener('pointerleave', () => point(panel, null));
  }

  function point(panel, at) {
    for (const other of panels) {
      other.cursor.style.display = at ? 'block' : 'none';
      if (at) other.cursor.style.left = at.x * 100 + '%';
    }
    for (const { track, spans } of texts) {
      spans.forEach((span, t) => span.classList.toggle('at', !!at && t === Math.floor(at.time * track.steps)));
    }
    if (!at) {
      value.textContent = view.unit ? chosen() : IDLE;
      return;
    }
    const { track } = panel, v = values(track, view.row)[at.step * track.units + at.unit];
    const read = texts.map(({ track: t }) => t.text[view.row][Math.floor(at.time * t.steps)]).filter(c => c).map(c => ' \u00b7 \u201c' + c + '\u201d').join('');
    let near = '';
    if (track.ranges) {
      const range = floats(track.ranges[view.row]);
      near = ' \u00b1 ' + ((range[2 * at.unit + 1] - range[2 * at.unit]) / 510).toPrecision(2);
    }
    value.textContent = 'step ' + at.step + ' \u00b7 ' + track.layer + ' ' + track.kind + '[' + at.unit + '] = ' + digits(v) + near + read;
  }

  const chosen = () => 'chosen: ' + view.unit.track.layer + ' ' + view.unit.track.kind + '[' + view.unit.unit + ']'
    + (texts.length ? ', which colours the text' : '') + '; click it again to let it go';

  function picture(track, p) {
    const v = values(track, view.row), units = order(track), top = scale(track);
    const image = new ImageData(track.steps, track.units), ramp = [];
    for (let i = -255; i <= 255; i++) ramp.push(colour(p, i / 255));
    for (let y = 0; y < units.length; y++) {
      for (let t = 0, at = 4 * y * track.steps; t < track.steps; t++, at += 4) {
        const part = v[t * track.units + units[y]] / top;
        const c = part >= -1 && part <= 1 ? ramp[Math.round(part * 255) + 255] : p.bad;
        image.data[at] = c[0]; image.data[at + 1] = c[1]; image.data[at + 2] = c[2]; image.data[at + 3] = 255;
      }
    }
    const whole = document.createElement('canvas');
    whole.width = track.steps;
    whole.height = track.units;
    whole.getContext('2d').putImageData(image, 0, 0);
    return whole;
  }

  function draw() {
    const p = palette(), key = view.row + view.sort + dark.matches;
    for (const panel of panels) {
      const { track, canvas } = panel, ratio = devicePixelRatio || 1;
      const height = Math.round(Math.min(260, Math.max(18, track.units * (track.units < 40 ? 9 : 3))));
      const width = canvas.clientWidth || 800;
      canvas.style.height = height + 'px';
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      if (panel.key !== key) { panel.whole = picture(track, p); panel.key = key; }
      const context = canvas.getContext('2d');
      const from = view.from * track.steps, seen = (view.to - view.from) * track.steps, high = canvas.height / panel.seen;
      // Time first, then units: neighbours are mixed only along an axis that has too little room.
      panel.wide.width = canvas.width;
      panel.wide.height = panel.seen;
      const wide = panel.wide.getContext('2d');
      wide.imageSmoothingEnabled = canvas.width < seen;
      wide.drawImage(panel.whole, from, panel.first, seen, panel.seen, 0, 0, canvas.width, panel.seen);
      context.imageSmoothingEnabled = high < 1;
      context.drawImage(panel.wide, 0, 0, canvas.width, canvas.height);
      const place = view.unit && view.unit.track === track ? order(track).indexOf(view.unit.unit) - panel.first : -1;
      if (place >= 0 && place < panel.seen) {
        context.strokeStyle = dark.matches ? '#e6edf3' : '#1f2328';
        context.lineWidth = ratio;
        context.strokeRect(0.5, place * high, canvas.width - 1, Math.max(2, high));
      }
      panel.title.textContent = (panel.seen < track.units ? panel.seen + ' of ' : '') + track.units
        + (track.units === 1 ? ' unit, ' : ' units, ') + track.steps + (track.steps === 1 ? ' step' : ' steps');
      const gate = GATES.includes(track.kind), top = scale(track), ramp = panel.ramp.getContext('2d');
      panel.ramp.width = 120;
      panel.ramp.height = 1;
      for (let x = 0; x < 120; x++) {
        ramp.fillStyle = 'rgb(' + colour(p, gate ? x / 119 : x / 59.5 - 1).join() + ')';
        ramp.fillRect(x, 0, 1, 1);
      }
      panel.low.textContent = gate ? '0' : digits(-top);
      panel.high.textContent = digits(top);
    }
    label();
    for (const entry of texts) { write(entry, p); place(entry); }
    if (!value.textContent.startsWith('step')) value.textContent = view.unit ? chosen() : IDLE;
  }

  /** The text that was read, each character at its time, where there is room. */
  function place(entry) {
    const characters = entry.track.text[view.row], seen = (view.to - view.from) * characters.length;
    entry.line.replaceChildren();
    const room = entry.line.clientWidth / seen >= 8;
    entry.line.hidden = !room;
    for (let t = Math.floor(view.from * characters.length); room && t < Math.min(characters.length, view.to * characters.length); t++) {
      const span = make('span', '', entry.line, characters[t].replace('\n', '\u23ce').replace(' ', '\u2423'));
      span.style.left = (t + 0.5 - view.from * characters.length) / seen * 100 + '%';
    }
  }

  /** The text that was read, coloured by the unit that is chosen. */
  function write(entry, p) {
    const characters = entry.track.text[view.row];
    if (entry.row !== view.row) {
      entry.row = view.row;
      entry.text.replaceChildren();
      entry.spans = characters.map(c => make('span', '', entry.text, c));
    }
    const unit = view.unit, v = unit && values(unit.track, view.row);
    entry.spans.forEach((span, t) => {
      const step = unit && Math.min(unit.track.steps - 1, Math.floor(t / characters.length * unit.track.steps));
      span.style.background = unit ? 'rgb(' + colour(p, v[step * unit.track.units + unit.unit] / scale(unit.track)).join() + ')' : '';
      const strong = unit && Math.abs(v[step * unit.track.units + unit.unit]) / scale(unit.track) > 0.55;
      span.style.color = strong ? (dark.matches ? '#0d1117' : '#ffffff') : '';
    });
  }

  dark.addEventListener('change', draw);
  addEventListener('resize', draw);
  draw();
  document.body.dataset.ready = 'true';
})();
