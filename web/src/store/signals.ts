// What is true only now: who types, who is here, how many wait in the lobby. In a store of its own, so that a keystroke elsewhere costs no row.
import { create } from 'zustand';
import type { Signal } from '../shapes.ts';

interface SignalsState {
  readonly typing: Readonly<Record<number, readonly { readonly id: number; readonly name: string }[]>>;
  readonly here: Readonly<Record<number, ReadonlySet<number>>>;
  /** How many wait in the lobby of a group. */
  readonly waiting: Readonly<Record<number, number>>;
}

export const useSignals = create<SignalsState>()(() => ({ typing: {}, here: {}, waiting: {} }));

/** A typist who fell silent without saying so. */
const TYPING_MS = 6_000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

export function applySignal(signal: Signal, me: number): void {
  const { group } = signal;
  switch (signal.type) {
    case 'typing':
      if (signal.by.id !== me) setTyping(group, signal.by.id, signal.by.name, signal.on);
      return;
    case 'here':
      // The server names the others; whoever reads this is here.
      useSignals.setState(({ here }) => ({ here: { ...here, [group]: new Set([...signal.accounts, me]) } }));
      return;
    case 'presence':
      useSignals.setState(({ here }) => {
        const now = new Set(here[group]);
        if (signal.online || signal.by.id === me) now.add(signal.by.id);
        else now.delete(signal.by.id);
        return { here: { ...here, [group]: now } };
      });
      return;
    case 'lobby':
      setWaiting(group, signal.waiting);
      return;
    default:
  }
}

export function setWaiting(group: number, count: number): void {
  useSignals.setState(({ waiting }) => ({ waiting: { ...waiting, [group]: count } }));
}

/** Also called with `on: false` when a message of theirs arrives: what was being typed has been said. */
export function setTyping(group: number, id: number, name: string, on: boolean): void {
  const key = `${group}:${id}`;
  clearTimeout(timers.get(key));
  timers.delete(key);
  const now = useSignals.getState().typing[group] ?? [];
  if (!on && !now.some((typist) => typist.id === id)) return;
  if (on) timers.set(key, setTimeout(() => setTyping(group, id, name, false), TYPING_MS));
  const others = now.filter((typist) => typist.id !== id);
  const next = on ? [...others, { id, name }] : others;
  useSignals.setState(({ typing }) => ({ typing: { ...typing, [group]: next } }));
}

/** Without a connection nobody knows who is here, or who waits. */
export function forgetSignals(): void {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  useSignals.setState({ typing: {}, here: {}, waiting: {} });
}
