// What a key means while the focus is in the player. Pure.
import { isWriting } from '../../ui/keys.ts';

export type PlayerKey =
  | { readonly do: 'toggle' | 'mute' | 'fullscreen' | 'captions' }
  | { readonly do: 'by'; readonly ms: number }
  | { readonly do: 'volume'; readonly step: number };

const KEYS: Readonly<Record<string, PlayerKey>> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'by', ms: -10_000 },
  l: { do: 'by', ms: 10_000 },
  ArrowLeft: { do: 'by', ms: -5_000 },
  ArrowRight: { do: 'by', ms: 5_000 },
  ArrowUp: { do: 'volume', step: 0.05 },
  ArrowDown: { do: 'volume', step: -0.05 },
  m: { do: 'mute' },
  f: { do: 'fullscreen' },
  c: { do: 'captions' },
};

interface Pressed {
  readonly key: string;
  readonly target: EventTarget | null;
  readonly defaultPrevented: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Nothing where the key belongs to what has the focus: a button its space bar, a slider and a list their arrows. */
export function playerKey({ key, target, defaultPrevented, ctrlKey, metaKey, altKey }: Pressed): PlayerKey | null {
  if (defaultPrevented || ctrlKey || metaKey || altKey) return null;
  const isSlider = target instanceof HTMLInputElement && target.type === 'range';
  if (isWriting(target) && !isSlider) return null;
  if (target instanceof HTMLButtonElement && key === ' ') return null;
  if (target instanceof HTMLElement && target.closest('[role="menu"], [role="dialog"]')) return null;
  if (isSlider && key.startsWith('Arrow')) return null;
  return KEYS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}
