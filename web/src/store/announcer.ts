// What a screen reader is told of arriving messages: at most one sentence a second, and a number instead of a flood.
import { create } from 'zustand';
import { plainText } from '../model/markdown.ts';
import { newMessages } from '../model/sentences.ts';

export const useAnnouncement = create<{ readonly text: string }>()(() => ({ text: '' }));

let arrived: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const LONGEST = 200;

export function announceMessage(author: string, text: string): void {
  arrived.push(`${author}: ${plainText(text).slice(0, LONGEST)}`);
  timer ??= setTimeout(() => {
    useAnnouncement.setState({ text: arrived.length === 1 ? arrived[0]! : newMessages(arrived.length) });
    arrived = [];
    timer = undefined;
  }, 1_000);
}

export function announce(text: string): void {
  useAnnouncement.setState({ text });
}
