// The player for what is on: made when its kind is needed, kept from one file to the next, gone with the screen.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { WatchItem } from '../../shapes.ts';
import { loadHls } from '../../watch/players/hls.ts';
import { loadFile, MediaElementPlayer } from '../../watch/players/media-element.ts';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import { isFramed, wayOf, type Way } from '../../watch/players/source.ts';
import { YouTubePlayer } from '../../watch/players/youtube.ts';
import { youTubeFrame } from '../../watch/players/youtube-frame.ts';
import { useOwnSettings } from '../../watch/own-settings.ts';
import { EMBEDDED, MUSIC, VIDEO, type Steering } from '../../watch/sync/player.ts';

/** For whoever does not tell otherwise. */
const YOUTUBE = 'https://www.youtube-nocookie.com';

interface Wanted {
  readonly group: number;
  readonly item: WatchItem | null;
  /** Where it will begin; a frame is told before it is loaded. */
  readonly beginMs: number;
  readonly youTube: string | undefined;
  /** Counts how often one has asked to try again. */
  readonly attempt: number;
}

export function usePlayer(place: RefObject<HTMLElement | null>, { group, item, beginMs, youTube, attempt }: Wanted): ShownPlayer | null {
  const [player, setPlayer] = useState<ShownPlayer | null>(null);
  const held = useRef<{ player: ShownPlayer; as: string } | null>(null);
  const { volume, muted } = useOwnSettings();

  useEffect(() => {
    if (!item || !place.current) {
      held.current?.player.dispose();
      held.current?.player.element.remove();
      held.current = null;
      setPlayer(null);
      return;
    }
    const way = wayOf(item.source, group);
    const as = way.by === 'youtube' ? `youtube:${item.id}:${attempt}` : `element:${item.kind}`;
    if (held.current?.as !== as) {
      held.current?.player.dispose();
      held.current?.player.element.remove();
      const made = make(way, beginMs, youTube ?? YOUTUBE);
      place.current.prepend(made.element);
      held.current = { player: made, as };
    }
    const { player: shown } = held.current;
    if (shown instanceof MediaElementPlayer && way.by !== 'youtube') shown.show(way.by === 'hls' ? loadHls(way.url) : loadFile(way.url));
    setPlayer(shown);
    // Where it begins matters only when it is made.
  }, [group, item?.id, item?.source, item?.kind, youTube, attempt, place]);

  useEffect(
    () => () => {
      held.current?.player.dispose();
      held.current?.player.element.remove();
      held.current = null;
    },
    [],
  );
  useEffect(() => player?.setVolume(volume, muted), [player, volume, muted]);
  return item ? player : null;
}

export function steeringOf(item: WatchItem): Steering {
  return isFramed(item.source) ? EMBEDDED : item.kind === 'music' ? MUSIC : VIDEO;
}

function make(way: Way, beginMs: number, youTube: string): ShownPlayer {
  if (way.by === 'youtube') {
    const ports = {
      now: () => performance.now(),
      later: (ms: number, run: () => void) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    };
    return new YouTubePlayer(youTubeFrame(way.video, youTube, beginMs), way.video, beginMs, ports);
  }
  const element = document.createElement('video');
  element.playsInline = true;
  element.disableRemotePlayback = true;
  return new MediaElementPlayer(element);
}
