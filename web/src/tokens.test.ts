// The contrast of every pair that text or a control stands on, by the formula of WCAG 2, in both themes.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function colour(token: string, theme: 'light' | 'dark'): string {
  const value = new RegExp(`--${token}:\\s*(?:light-dark\\((#[0-9a-f]{6}),\\s*(#[0-9a-f]{6})\\)|(#[0-9a-f]{6}))`).exec(css);
  if (!value) throw new Error(`no colour --${token}`);
  return value[3] ?? (theme === 'light' ? value[1]! : value[2]!);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const TEXT: readonly (readonly [string, readonly string[]])[] = [
  ['text', ['bg', 'surface', 'hover', 'accentSoft', 'mentionBg']],
  ['text2', ['bg', 'surface', 'hover', 'accentSoft', 'mentionBg']],
  ['text3', ['bg', 'surface']],
  ['accentText', ['bg', 'surface', 'hover', 'accentSoft']],
  ['onAccent', ['accent']],
  ['danger', ['bg', 'surface', 'hover']],
  ['onDanger', ['danger']],
  ['success', ['bg', 'surface']],
  ['warn', ['bg', 'surface']],
  ['onAvatar', ['avatar0', 'avatar1', 'avatar2', 'avatar3', 'avatar4', 'avatar5']],
];
const GRAPHIC: readonly (readonly [string, readonly string[]])[] = [
  ['borderStrong', ['bg', 'surface']],
  ['accent', ['bg', 'surface']],
  ['accentText', ['bg', 'surface', 'hover']],
  ['success', ['bg']],
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  for (const [least, pairs] of [[4.5, TEXT], [3, GRAPHIC]] as const) {
    for (const [front, backs] of pairs) {
      test.each(backs)(`${front} on %s is at least ${least}`, (back) => {
        expect(contrast(colour(front, theme), colour(back, theme))).toBeGreaterThanOrEqual(least);
      });
    }
  }
});

test('the formula itself', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});
