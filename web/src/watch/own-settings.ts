// How this browser plays: volume, captions and their shift, how late its sound comes out, whom it may ask for media.
import { create } from 'zustand';

interface OwnSettings {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
  /** Headphones without a cord are late by this, in milliseconds, and no browser knows. */
  readonly soundLateMs: number;
  /** Those that may learn this browser's address, because its user said so. */
  readonly hosts: readonly string[];
  /** By the source of what is watched; the newest last. */
  readonly captions: Readonly<Record<string, CaptionChoice>>;
}

/** What one reads below a film. */
export interface CaptionChoice {
  /** A file of the group; `null` is none of them. */
  readonly upload: number | null;
  /** So much later than the file says, in milliseconds. */
  readonly shiftMs: number;
}

const KEY = 'parlor.watch';
const FIRST: OwnSettings = { volume: 1, muted: false, soundLateMs: 0, hosts: [], captions: {} };
const MOST_HOSTS = 200;
const MOST_FILMS = 200;
/** Nobody's captions are further off; they are another film's then. */
export const MOST_SHIFT_MS = 600_000;
export const MOST_LATE_MS = 1_000;

export const useOwnSettings = create<OwnSettings>()(() => read());

export function setOwn(change: Partial<OwnSettings>): void {
  useOwnSettings.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(useOwnSettings.getState()));
  } catch {
    // It holds until the page is closed.
  }
}

export function allowHost(host: string): void {
  const { hosts } = useOwnSettings.getState();
  if (!hosts.includes(host)) setOwn({ hosts: [...hosts, host].slice(-MOST_HOSTS) });
}

export function chooseCaptions(source: string, change: Partial<CaptionChoice>): void {
  const { [source]: before = { upload: null, shiftMs: 0 }, ...others } = useOwnSettings.getState().captions;
  const choice = { ...before, ...change };
  const entries = [...Object.entries(others), [source, { ...choice, shiftMs: Math.max(-MOST_SHIFT_MS, Math.min(MOST_SHIFT_MS, choice.shiftMs)) }] as const];
  setOwn({ captions: Object.fromEntries(entries.slice(-MOST_FILMS)) });
}

function read(): OwnSettings {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof OwnSettings, unknown>>;
    const number = (value: unknown, least: number, most: number, otherwise: number) =>
      typeof value === 'number' && value >= least && value <= most ? value : otherwise;
    return {
      volume: number(stored.volume, 0, 1, FIRST.volume),
      muted: stored.muted === true,
      soundLateMs: number(stored.soundLateMs, -MOST_LATE_MS, MOST_LATE_MS, FIRST.soundLateMs),
      hosts: Array.isArray(stored.hosts) ? stored.hosts.filter((host): host is string => typeof host === 'string').slice(-MOST_HOSTS) : [],
      captions: choices(stored.captions),
    };
  } catch {
    return FIRST;
  }
}

function choices(stored: unknown): OwnSettings['captions'] {
  if (typeof stored !== 'object' || stored === null) return {};
  const isChoice = (value: unknown): value is CaptionChoice => {
    const { upload, shiftMs } = (value ?? {}) as Partial<Record<keyof CaptionChoice, unknown>>;
    return (upload === null || Number.isSafeInteger(upload)) && Number.isFinite(shiftMs);
  };
  return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, CaptionChoice] => isChoice(entry[1])));
}
