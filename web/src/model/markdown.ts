// A small Markdown: text in, a tree out, never HTML. What it does not know stays the text that was typed.
//
// Bold, italic, strike, code, code blocks, quotes, lists, http(s) links, mentions. The scanner is linear but for the
// depth limit: a delimiter that found no partner once is not searched again in the same stretch of text.
import { mentionAt, type MentionNames } from './mentions.ts';

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bold' | 'italic' | 'strike'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'link'; readonly href: string; readonly text: string }
  | { readonly type: 'mention'; readonly text: string; readonly me: boolean };

export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string; readonly language: string }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly (readonly Inline[])[] };

const MAX_DEPTH = 6;
const BULLET = /^ {0,3}[-*•] +(?=\S)/;
const NUMBERED = /^ {0,3}(\d{1,4})[.)] +(?=\S)/;

export function parseMarkdown(text: string, names: MentionNames): readonly Block[] {
  return parseBlocks(text.replace(/\r\n?/g, '\n').split('\n'), names, 0);
}

function parseBlocks(lines: readonly string[], names: MentionNames, depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    // Blank lines between blocks are the blocks' own distance.
    while (paragraph.length > 0 && paragraph[0]!.trim() === '') paragraph.shift();
    while (paragraph.length > 0 && paragraph[paragraph.length - 1]!.trim() === '') paragraph.pop();
    if (paragraph.length > 0) blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n'), names) });
    paragraph = [];
  };

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const fence = /^```([\w+#.-]{0,20})\s*$/.exec(line);
    const close = fence ? lines.findIndex((other, at) => at > index && /^```\s*$/.test(other)) : -1;
    if (fence && close > index) {
      endParagraph();
      blocks.push({ type: 'code', text: lines.slice(index + 1, close).join('\n'), language: fence[1] ?? '' });
      index = close;
    } else if (line.startsWith('>') && depth < MAX_DEPTH) {
      endParagraph();
      let end = index;
      while (end < lines.length && lines[end]!.startsWith('>')) end++;
      const inner = lines.slice(index, end).map((quoted) => quoted.replace(/^> ?/, ''));
      blocks.push({ type: 'quote', children: parseBlocks(inner, names, depth + 1) });
      index = end - 1;
    } else if (BULLET.test(line) || NUMBERED.test(line)) {
      endParagraph();
      const marker = BULLET.test(line) ? BULLET : NUMBERED;
      const start = marker === NUMBERED ? Number(NUMBERED.exec(line)![1]) : null;
      const items: (readonly Inline[])[] = [];
      let end = index;
      while (end < lines.length && marker.test(lines[end]!)) {
        items.push(parseInline(lines[end]!.replace(marker, ''), names));
        end++;
      }
      blocks.push({ type: 'list', start, items });
      index = end - 1;
    } else {
      paragraph.push(line);
    }
  }
  endParagraph();
  return blocks;
}

const DELIMITERS = [
  { mark: '**', type: 'bold' },
  { mark: '__', type: 'bold' },
  { mark: '~~', type: 'strike' },
  { mark: '*', type: 'italic' },
  { mark: '_', type: 'italic' },
] as const;

export function parseInline(text: string, names: MentionNames, depth = 0): readonly Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const hopeless = new Set<string>();
  const endPlain = () => {
    if (plain) out.push({ type: 'text', text: plain });
    plain = '';
  };
  const put = (inline: Inline, length: number) => {
    endPlain();
    out.push(inline);
    at += length;
  };

  let at = 0;
  scan: while (at < text.length) {
    const char = text[at]!;
    if (char === '\\' && at + 1 < text.length && /[\\`*_~[\]()>@#-]/.test(text[at + 1]!)) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    if (char === '`' && !hopeless.has('`')) {
      const ticks = /^`+/.exec(text.slice(at, at + 8))![0];
      const end = text.indexOf(ticks, at + ticks.length);
      if (end > at + ticks.length - 1 && end !== at + ticks.length) {
        put({ type: 'code', text: text.slice(at + ticks.length, end) }, end + ticks.length - at);
        continue;
      }
      if (ticks.length === 1) hopeless.add('`');
    }
    if (char === '[') {
      const link = maskedLink(text, at);
      if (link) {
        put(link.inline, link.length);
        continue;
      }
    }
    if (char === 'h' && !wordBefore(text, at)) {
      const link = bareLink(text, at);
      if (link) {
        put(link.inline, link.length);
        continue;
      }
    }
    if (char === '@' && !wordBefore(text, at)) {
      const mention = mentionAt(text, at, names);
      if (mention) {
        put({ type: 'mention', text: mention.text, me: mention.me }, mention.text.length);
        continue;
      }
    }
    if ((char === '*' || char === '_' || char === '~') && depth < MAX_DEPTH) {
      for (const { mark, type } of DELIMITERS) {
        // `***both***` is bold around italic: the inner pair is found when the inside is parsed.
        const nested = mark === '**' && /^\*{3}[^\s*][^*]*[^\s*]\*{3}(?!\*)|^\*{3}[^\s*]\*{3}(?!\*)/.exec(text.slice(at, at + 500));
        if (nested) {
          put({ type: 'bold', children: parseInline(nested[0].slice(2, -2), names, depth + 1) }, nested[0].length);
          continue scan;
        }
        if (!text.startsWith(mark, at) || hopeless.has(mark) || !opens(text, at, mark)) continue;
        const end = closing(text, at + mark.length, mark);
        if (end < 0) {
          hopeless.add(mark);
          continue;
        }
        const inner = text.slice(at + mark.length, end);
        put({ type, children: parseInline(inner, names, depth + 1) }, inner.length + 2 * mark.length);
        continue scan;
      }
    }
    plain += char;
    at++;
  }
  endPlain();
  return out;
}

/** What a message says without its marks: for a preview, a notification, a screen reader. */
export function plainText(text: string): string {
  return text.replace(/```[\w+#.-]*\n?/g, '').replace(/\*\*|__|~~|`/g, '').replace(/^> ?/gm, '').replace(/\s+/g, ' ').trim();
}

function opens(text: string, at: number, mark: string): boolean {
  const after = text[at + mark.length];
  if (after === undefined || /\s/.test(after) || after === mark[0]) return false;
  // snake_case and 2*3*4 are no emphasis.
  return !wordBefore(text, at);
}

function closing(text: string, from: number, mark: string): number {
  for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
    const before = text[end - 1]!;
    const after = text[end + mark.length];
    if (end > from && !/\s/.test(before) && before !== '\\' && after !== mark[0] && (before !== mark[0] || mark.length > 1) && !isWord(after)) {
      return end;
    }
  }
  return -1;
}

function wordBefore(text: string, at: number): boolean {
  return at > 0 && isWord(text[at - 1]);
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}

function bareLink(text: string, at: number): { inline: Inline; length: number } | undefined {
  if (!text.startsWith('http://', at) && !text.startsWith('https://', at)) return undefined;
  let address = /^https?:\/\/[^\s<>"`]+/.exec(text.slice(at, at + 2048))?.[0] ?? '';
  // The full stop of a sentence is not part of the address, nor is the bracket that was opened before it.
  for (;;) {
    const last = address[address.length - 1];
    if (last === undefined) break;
    const unpaired = last === ')' && address.split('(').length < address.split(')').length;
    if (!/[.,:;!?'*_~\]]/.test(last) && !unpaired) break;
    address = address.slice(0, -1);
  }
  const href = safeAddress(address);
  return href ? { inline: { type: 'link', href, text: address }, length: address.length } : undefined;
}

function maskedLink(text: string, at: number): { inline: Inline; length: number } | undefined {
  const match = /^\[([^[\]\n]{1,200})\]\((https?:\/\/[^\s()<>"]{1,2000})\)/.exec(text.slice(at, at + 2300));
  if (!match) return undefined;
  const href = safeAddress(match[2]!);
  if (!href) return undefined;
  // A label that itself looks like an address may lie about where it leads: then everything is shown as typed.
  if (/:\/\/|^www\.|\.\w{2,}(\/|$)/i.test(match[1]!.trim())) return undefined;
  return { inline: { type: 'link', href, text: match[1]! }, length: match[0].length };
}

/** Only http and https, and no user name in front of the host: `https://bank.example@evil.example` is a lie. */
export function safeAddress(address: string): string | undefined {
  try {
    const url = new URL(address);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    return url.username || url.password ? undefined : url.href;
  } catch {
    return undefined;
  }
}
