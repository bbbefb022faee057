// What every box for messages does, of a group or of a room: it grows, keeps Ctrl+Z right, marks words, counts.
import { useLayoutEffect, type KeyboardEvent, type RefObject } from 'react';
import { mainKey } from '../../ui/keys.ts';

/** Characters of a message (`MessageText`). */
export const LONGEST = 8_000;
export const COUNT_FROM = 7_000;

/** As the server counts; exact only where it may matter. */
export function lengthOf(text: string): number {
  return text.length > COUNT_FROM / 2 ? [...text].length : text.length;
}

/** As high as its text, up to a part of the window. */
export function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}

/** Through the browser's own editing, so that Ctrl+Z takes it back; `changed` where a browser has none. */
export function insertText(area: HTMLTextAreaElement, text: string, from: number, to: number, changed: (text: string) => void, select?: [number, number]): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, from, to, 'end');
    changed(area.value);
  }
  if (select) area.setSelectionRange(select[0], select[1]);
}

export function wrapSelection(area: HTMLTextAreaElement, mark: string, changed: (text: string) => void): void {
  const { selectionStart: from, selectionEnd: to } = area;
  const inner = area.value.slice(from, to);
  insertText(area, mark + inner + mark, from, to, changed, [from + mark.length, to + mark.length]);
}

/** The Markdown that a shortcut puts around the selection. */
export function markOf(event: KeyboardEvent): string | undefined {
  if (!mainKey(event) || event.altKey) return undefined;
  if (event.shiftKey) return event.code === 'KeyX' ? '~~' : undefined;
  return { b: '**', i: '*', e: '`' }[event.key];
}
