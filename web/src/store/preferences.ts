// How this browser shows things. The inline script of index.html applies theme and density before the first paint; the
// keys are the same.
import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly panelOpen: boolean;
  /** Enter sends and Shift+Enter breaks the line, or the other way round. */
  readonly enterSends: boolean;
  /** After somebody left a room of the lobby, the next one is looked for by itself. */
  readonly autoNext: boolean;
  /** The group whose lobby was opened last. */
  readonly lastLobby: number | null;
  /** The group with which something was watched last. */
  readonly lastWatch: number | null;
}

export const usePreferences = create<Preferences>()(() => ({
  theme: read('theme', ['system', 'light', 'dark'], 'system'),
  density: read('density', ['comfortable', 'compact'], 'comfortable'),
  panelOpen: read('panel', ['open', 'closed'], 'open') === 'open',
  enterSends: read('enter', ['send', 'newline'], 'send') === 'send',
  autoNext: read('autonext', ['on', 'off'], 'off') === 'on',
  lastLobby: Number(read('lobby', null, '')) || null,
  lastWatch: Number(read('watchgroup', null, '')) || null,
}));

export function setTheme(theme: Theme): void {
  usePreferences.setState({ theme });
  write('theme', theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function setDensity(density: Density): void {
  usePreferences.setState({ density });
  write('density', density);
  if (density === 'compact') document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
}

export function setPanelOpen(open: boolean): void {
  usePreferences.setState({ panelOpen: open });
  write('panel', open ? 'open' : 'closed');
}

export function setEnterSends(on: boolean): void {
  usePreferences.setState({ enterSends: on });
  write('enter', on ? 'send' : 'newline');
}

export function setAutoNext(on: boolean): void {
  usePreferences.setState({ autoNext: on });
  write('autonext', on ? 'on' : 'off');
}

export function setLastLobby(group: number): void {
  usePreferences.setState({ lastLobby: group });
  write('lobby', String(group));
}

export function setLastWatch(group: number): void {
  usePreferences.setState({ lastWatch: group });
  write('watchgroup', String(group));
}

/** `allowed` is null where anything is. */
function read<T extends string>(key: string, allowed: readonly T[] | null, otherwise: T): T {
  try {
    const value = localStorage.getItem(`parlor.${key}`) as T | null;
    return value !== null && (allowed?.includes(value) ?? true) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`parlor.${key}`, value);
  } catch {
    // It holds until the page is closed.
  }
}
