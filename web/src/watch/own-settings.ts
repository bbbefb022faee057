// How this browser plays: volume, captions, how late its sound comes out, whom it may ask for media.
import { create } from 'zustand';

interface OwnSettings {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
  /** Headphones without a cord are late by this, in milliseconds, and no browser knows. */
  readonly soundLateMs: number;
  /** Those that may learn this browser's address, because its user said so. */
  readonly hosts: readonly string[];
}

const KEY = 'parlor.watch';
const FIRST: OwnSettings = { volume: 1, muted: false, soundLateMs: 0, hosts: [] };
const MOST_HOSTS = 200;
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
    };
  } catch {
    return FIRST;
  }
}
