// The keys of keyboards, headphones and lock screens: pressed, they are a wish like that of our own buttons. Left to the
// browser they would stop one's own player alone, which is then brought back to the others.
import { useEffect, useRef } from 'react';

export interface MediaKeys {
  readonly title: string | null;
  readonly plays: boolean;
  readonly onPlay: (() => void) | null;
  readonly onPause: (() => void) | null;
  /** By so many milliseconds. */
  readonly onBy: ((ms: number) => void) | null;
}

const STEP_MS = 10_000;

export function useMediaKeys(keys: MediaKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  const { title, plays } = keys;

  useEffect(() => {
    const session = navigator.mediaSession as MediaSession | undefined;
    if (!session || title === null) return;
    session.metadata = new MediaMetadata({ title });
    session.setActionHandler('play', () => latest.current.onPlay?.());
    session.setActionHandler('pause', () => latest.current.onPause?.());
    session.setActionHandler('seekbackward', () => latest.current.onBy?.(-STEP_MS));
    session.setActionHandler('seekforward', () => latest.current.onBy?.(STEP_MS));
    return () => {
      session.metadata = null;
      for (const action of ['play', 'pause', 'seekbackward', 'seekforward'] as const) session.setActionHandler(action, null);
    };
  }, [title]);

  useEffect(() => {
    const session = navigator.mediaSession as MediaSession | undefined;
    if (session) session.playbackState = title === null ? 'none' : plays ? 'playing' : 'paused';
  }, [title, plays]);
}
