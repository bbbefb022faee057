// A file of captions on the picture of a media element: shown or hidden, earlier or later.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import { MOST_BYTES, shiftCues, toWebVtt } from '../../watch/subtitles.ts';

export interface Subtitles {
  /** Not on a frame of another site. */
  readonly possible: boolean;
  readonly any: boolean;
  readonly shown: boolean;
  readonly shiftMs: number;
  toggle(): void;
  shift(byMs: number): void;
  /** What is wrong with the file, in words. */
  load(file: File): Promise<string | undefined>;
}

interface Captions {
  readonly url: string;
  readonly item: number;
}

/** `item` is what they belong to: they go with it. */
export function useSubtitles(player: ShownPlayer | null, item: number | null): Subtitles {
  const video = player?.element instanceof HTMLVideoElement ? player.element : null;
  const [captions, setCaptions] = useState<Captions | null>(null);
  const [shown, setShown] = useState(true);
  const [shiftMs, setShiftMs] = useState(0);
  const track = useRef<HTMLTrackElement | null>(null);
  const any = captions !== null && captions.item === item;

  useEffect(() => {
    if (!captions || !video || captions.item !== item) return;
    const element = document.createElement('track');
    element.kind = 'subtitles';
    element.label = 'Your file';
    element.src = captions.url;
    video.append(element);
    track.current = element;
    return () => {
      element.remove();
      track.current = null;
      URL.revokeObjectURL(captions.url);
    };
  }, [captions, video, item]);

  useEffect(() => {
    if (track.current) track.current.track.mode = shown ? 'showing' : 'hidden';
  }, [captions, video, item, shown]);

  const toggle = useCallback(() => setShown((before) => !before), []);
  return {
    possible: video !== null, any, shown: any && shown, shiftMs, toggle,
    shift: (byMs) => {
      shiftCues(Array.from(track.current?.track.cues ?? []), byMs);
      setShiftMs((before) => before + byMs);
    },
    load: async (file) => {
      if (file.size > MOST_BYTES) return 'The file is larger than 2 MB: that is no file of captions.';
      const text = toWebVtt(await file.text());
      if (text === null) return 'The file holds no captions of a kind that is known here: WebVTT or SubRip.';
      if (item === null) return 'Nothing is on.';
      setCaptions({ url: URL.createObjectURL(new Blob([text], { type: 'text/vtt' })), item });
      setShiftMs(0);
      setShown(true);
      return undefined;
    },
  };
}
