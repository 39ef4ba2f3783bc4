import { describe, expect, it } from '@jest/globals';

import { toPlainLine, toPlainText } from '../../../subgraphs/apprenticeships/normalise/toPlainText.ts';

const maxLength = 1_000;

describe('toPlainText', () => {
  it.each([
    ['Pflege  und   Betreuung', 'Pflege und Betreuung'],
    ['<p>Wir suchen dich.</p><p>Komm  vorbei!</p>', 'Wir suchen dich.\n\nKomm vorbei!'],
    ['<ul><li>Technik</li><li>Sprache</li></ul>', '- Technik\n- Sprache'],
    ['<h2>Aufgaben</h2>Löten &amp; Messen', 'Aufgaben\n\nLöten & Messen'],
    ['Erste Zeile\r\nZweite Zeile', 'Erste Zeile\nZweite Zeile'],
    ['Umsatz < 5 Mio. & mehr als 3 Standorte', 'Umsatz < 5 Mio. & mehr als 3 Standorte'],
    ['<a href="https://example.org">Zur Seite</a>', 'Zur Seite'],
    ['{{ constructor }}', '{{ constructor }}'],
    ['عربي', 'عربي'],
  ])('makes text of %j', (sent, expected) => {
    expect(toPlainText(sent, { maxLength })).toBe(expected);
  });

  it.each([
    ['vor<script>alert(1)</script>nach', 'vornach'],
    ['<img src=x onerror=alert(1)>Koch', 'Koch'],
    ['<svg onload=alert(1)><script>alert(2)</script></svg>Koch', 'Koch'],
    ['<iframe src="javascript:alert(1)">x</iframe>Koch', 'Koch'],
    ['<a href="javascript:alert(1)">Koch</a>', 'Koch'],
    ['<style>*{width:expression(alert(1))}</style>Koch', 'Koch'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;Koch', 'Koch'],
    ['&amp;lt;img src=x onerror=alert(1)&amp;gt;Koch', 'Koch'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">Koch', null],
    ['<scr<script>ipt>Koch', 'ipt>Koch'],
    ['Koch<!-- <b> -->', 'Koch'],
    ['Koch <img src=x onerror=alert(1)', 'Koch'],
  ])('D-12: leaves no markup of %j', (sent, expected) => {
    expect(toPlainText(sent, { maxLength })).toBe(expected);
  });

  it('D-12: leaves no markup however deep it is escaped', () => {
    let sent = '<script>alert(1)</script>';
    for (let depth = 0; depth < 12; depth += 1) {
      sent = sent.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    }

    expect(toPlainText(sent, { maxLength })).not.toMatch(/<[a-z/!]/i);
  });

  it('D-13: takes out control characters, halves of surrogate pairs and what turns the reading direction over', () => {
    expect(toPlainText('Ko\u0000ch \u202egnublidsuA\u202c \ud800\ufeff!', { maxLength })).toBe('Ko ch gnublidsuA !');
  });

  it('D-13: cuts what is too long, never through a character', () => {
    expect(toPlainText('x'.repeat(10_000_000), { maxLength: 10 })).toBe(`${'x'.repeat(9)}…`);
    expect(toPlainText('12345678👩‍🔧', { maxLength: 10 })).toBe('12345678…');
  });

  it.each([null, undefined, '', '  \n ', '<p> </p>', '&nbsp;'])('is null when nothing is left of %j', (sent) => {
    expect(toPlainText(sent, { maxLength })).toBeNull();
  });
});

describe('toPlainLine', () => {
  it('puts everything on one line', () => {
    expect(toPlainLine('<b>Anlagen</b><br>mechaniker/in\n (m/w/d)')).toBe('Anlagen mechaniker/in (m/w/d)');
  });

  it('keeps 300 characters', () => {
    expect(toPlainLine('y'.repeat(400))).toHaveLength(300);
  });
});
