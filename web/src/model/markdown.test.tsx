import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { MarkdownView } from '../screens/group/markdown-view.tsx';
import { dice } from '../testing/dice.ts';
import { parseMarkdown, plainText, safeAddress } from './markdown.ts';
import { mentionNames, NO_NAMES } from './mentions.ts';

const names = mentionNames(
  [
    { id: 1, username: 'mia', display_name: 'Mia' },
    { id: 2, username: 'ada', display_name: 'Ada Lovelace' },
  ],
  1,
);

/** Without class names, which are the build's. */
function html(text: string): string {
  return renderToStaticMarkup(<MarkdownView text={text} names={names} />).replace(/ (class|dir|tabindex|aria-label)="[^"]*"/g, '').replace(/^<div>|<\/div>$/g, '');
}

describe('inline', () => {
  test.each([
    ['**bold** and *italic* and _italic_', '<p><strong>bold</strong> and <em>italic</em> and <em>italic</em></p>'],
    ['~~gone~~', '<p><s>gone</s></p>'],
    ['`a * b * c`', '<p><code>a * b * c</code></p>'],
    ['``a ` b``', '<p><code>a ` b</code></p>'],
    ['**a *b* c**', '<p><strong>a <em>b</em> c</strong></p>'],
    ['***both***', '<p><strong><em>both</em></strong></p>'],
    ['snake_case_name and 2*3*4', '<p>snake_case_name and 2*3*4</p>'],
    ['a * b * c', '<p>a * b * c</p>'],
    ['\\*not\\*', '<p>*not*</p>'],
    ['** open', '<p>** open</p>'],
    ['**', '<p>**</p>'],
    ['`', '<p>`</p>'],
  ])('%s', (text, expected) => expect(html(text)).toBe(expected));
});

describe('links', () => {
  const link = (href: string, text = href) => `<a href="${href}" target="_blank" rel="noopener noreferrer nofollow ugc">${text}</a>`;
  test('bare addresses without the full stop', () => {
    expect(html('see https://example.org/a_b?c=d&e=f.')).toBe(`<p>see ${link('https://example.org/a_b?c=d&amp;e=f')}.</p>`);
    expect(html('(https://example.org/x)')).toBe(`<p>(${link('https://example.org/x')})</p>`);
    expect(html('https://example.org/x_(y)')).toBe(`<p>${link('https://example.org/x_(y)')}</p>`);
  });
  test('masked ones show where they lead', () => {
    expect(html('[docs](https://example.org/)')).toContain('title="https://example.org/"');
  });
  test('a label that looks like another address is not a link', () => {
    expect(html('[https://bank.example](https://evil.example/)')).not.toContain('href="https://evil.example/" title');
    expect(html('[bank.example](https://evil.example/)')).toBe(`<p>[bank.example](${link('https://evil.example/')})</p>`);
  });
  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://a@b.example/', 'vbscript:x', 'file:///etc', 'http://', 'https://:0x'])('%s is not safe', (address) => {
    expect(safeAddress(address)).toBeUndefined();
  });
});

describe('mentions', () => {
  test('names of members, by username or display name, the longest first', () => {
    expect(html('hi @ada and @Ada Lovelace!')).toBe('<p>hi <span>@ada</span> and <span>@Ada Lovelace</span>!</p>');
  });
  test('nobody else, and no mail address', () => {
    expect(html('@nobody a@ada.example @adam @ada.smith')).toBe('<p>@nobody a@ada.example @adam @ada.smith</p>');
    expect(html('@ada.')).toBe('<p><span>@ada</span>.</p>');
  });
  test('the reader is told apart', () => {
    const [block] = parseMarkdown('@mia', names);
    expect(block).toMatchObject({ children: [{ type: 'mention', me: true }] });
  });
});

describe('blocks', () => {
  test('code keeps everything as it is', () => {
    expect(html('```ts\nconst a = **1**;\n\n<b>\n```')).toBe('<pre><code>const a = **1**;\n\n&lt;b&gt;</code></pre>');
    expect(html('```\nopen')).toBe('<p>```\nopen</p>');
  });
  test('quotes nest, lists count', () => {
    expect(html('> a\n> > b\nc')).toBe('<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>');
    expect(html('- a\n- *b*')).toBe('<ul><li>a</li><li><em>b</em></li></ul>');
    expect(html('3. a\n4. b')).toBe('<ol start="3"><li>a</li><li>b</li></ol>');
    expect(html('-5 degrees\n1.5 m')).toBe('<p>-5 degrees\n1.5 m</p>');
  });
});

describe('nothing becomes HTML', () => {
  const attacks = [
    '<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '[x](javascript:alert(1))', '[x](data:text/html;base64,PHN2Zz4=)', '<svg onload=alert(1)>',
    '"><iframe src="javascript:alert(1)">', '[<img src=x onerror=alert(1)>](https://example.org)', '**<b onmouseover=alert(1)>x</b>**', '`<img src=x>`', '```\n<script>\n```',
    'https://example.org/"onmouseover="alert(1)', 'https://example.org/<script>', '@<img src=x onerror=alert(1)>', '> <style>*{display:none}</style>', '- <a href="javascript:1">x</a>', '&lt;b&gt; &#60;b&#62;',
    'http://example.org/\u202Egpj.exe', '[x](https://example.org/" onclick="alert(1))',
  ];
  test.each(attacks)('%s', (attack) => {
    const out = html(attack);
    expect(out.match(/<(?!\/?(p|strong|em|s|code|pre|blockquote|ul|ol|li|a|span)\b)/g)).toBeNull();
    expect(out.match(/<[^>]*\son\w+=/g)).toBeNull();
    for (const [, href] of out.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//);
  });
});

test('whatever is typed, every letter of it stays and it takes no time', () => {
  const pieces = ['*', '**', '_', '__', '~~', '`', '```', '\n', '> ', '- ', '1. ', '[', '](', 'https://', ')', '@ada', '@', ' ', 'word', '\\', 'é', '😀', 'http://x.y/z'];
  for (let seed = 1; seed <= 400; seed++) {
    const d = dice(seed);
    const text = Array.from({ length: 1 + d.below(60) }, () => d.pick(pieces)).join('');
    const out = html(text);
    const letters = (s: string) => s.replace(/[^a-zé😀]/gu, '');
    const body = out.replace(/<[^>]*>/g, '').replace(/&[a-z]+;/g, '');
    // A language name behind a fence is the one thing that is not shown as text.
    if (!text.includes('```')) expect(letters(body), `seed ${seed}`).toBe(letters(text));
  }
  for (const nasty of ['*'.repeat(8000), '**a'.repeat(2600), '_a '.repeat(2600), '`'.repeat(8000), '[a]('.repeat(2000), '> '.repeat(4000), '@'.repeat(8000), '~~'.repeat(4000), 'h'.repeat(8000)]) {
    const started = performance.now();
    parseMarkdown(nasty, NO_NAMES);
    expect(performance.now() - started).toBeLessThan(250);
  }
});

test('plain text for previews', () => {
  expect(plainText('**Hi** `there`\n> quoted\n```js\ncode\n```')).toBe('Hi there quoted code');
});
