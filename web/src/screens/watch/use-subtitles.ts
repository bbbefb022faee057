// Captions on the picture of a media element: a file of the group or of one's own, shown or hidden, earlier or later. What
// is chosen of the group's files, and the shift, are kept for each film.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { WatchItem } from '../../shapes.ts';
import { chooseCaptions, useOwnSettings } from '../../watch/own-settings.ts';
import { contentUrl } from '../../watch/players/source.ts';
import type { ShownPlayer } from '../../watch/players/shown-player.ts';
import { MOST_BYTES, shiftCues, toWebVtt } from '../../watch/subtitles.ts';

export interface Subtitles {
  /** Not on a frame of another site. */
  readonly possible: boolean;
  readonly any: boolean;
  readonly shown: boolean;
  readonly shiftMs: number;
  /** The group's file that is chosen. */
  readonly chosen: number | null;
  /** A file of one's own that is shown instead, as WebVTT. */
  readonly own: File | null;
  /** Why the chosen file is not shown. */
  readonly problem: string | null;
  toggle(): void;
  shift(byMs: number): void;
  choose(upload: number | null): void;
  /** What is wrong with the file, in words. */
  load(file: File): Promise<string | undefined>;
}

interface Captions {
  /** What they belong to: they go with it. */
  readonly item: number;
  /** A file of the group, or one's own. */
  readonly of: number | File;
  readonly text: string;
}

export function useSubtitles(player: ShownPlayer | null, group: number, item: WatchItem | null): Subtitles {
  const video = player?.element instanceof HTMLVideoElement ? player.element : null;
  const choice = useOwnSettings((s) => (item ? s.captions[item.source] : undefined));
  const [captions, setCaptions] = useState<Captions | null>(null);
  const [shown, setShown] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const track = useRef<HTMLTrackElement | null>(null);
  // By how much the cues of the track are moved already.
  const moved = useRef(0);
  const id = item?.id ?? null;
  const source = item?.source ?? '';
  const chosen = choice?.upload ?? null;
  const shiftMs = choice?.shiftMs ?? 0;
  const wanted = useRef(shiftMs);
  wanted.current = shiftMs;
  const current = captions !== null && captions.item === id ? captions : null;

  useEffect(() => {
    setProblem(null);
    if (id === null || chosen === null) return;
    const gone = new AbortController();
    fetchCaptions(group, chosen, gone.signal).then(
      (text) => setCaptions({ item: id, of: chosen, text }),
      () => gone.signal.aborted || setProblem('These captions did not load; the file may have been deleted.'),
    );
    return () => gone.abort();
  }, [group, id, chosen]);

  const move = useCallback(() => {
    const cues = Array.from(track.current?.track.cues ?? []);
    if (cues.length === 0) return;
    shiftCues(cues, wanted.current - moved.current);
    moved.current = wanted.current;
  }, []);

  useEffect(() => {
    if (!current || !video) return;
    const url = URL.createObjectURL(new Blob([current.text], { type: 'text/vtt' }));
    const element = document.createElement('track');
    element.kind = 'subtitles';
    element.label = 'Captions';
    element.src = url;
    element.addEventListener('load', move);
    video.append(element);
    track.current = element;
    moved.current = 0;
    return () => {
      element.remove();
      track.current = null;
      URL.revokeObjectURL(url);
    };
  }, [current, video, move]);

  useEffect(() => {
    if (track.current) track.current.track.mode = shown ? 'showing' : 'hidden';
  }, [current, video, shown]);
  useEffect(move, [move, shiftMs]);

  const toggle = useCallback(() => setShown((before) => !before), []);
  return {
    possible: video !== null, any: current !== null, shown: current !== null && shown, shiftMs, chosen, problem, toggle,
    own: current?.of instanceof File ? current.of : null,
    shift: (byMs) => chooseCaptions(source, { shiftMs: shiftMs + byMs }),
    choose: (upload) => {
      setCaptions(null);
      setShown(true);
      // What is given to the group stays as late as it was.
      chooseCaptions(source, current?.of instanceof File ? { upload } : { upload, shiftMs: 0 });
    },
    load: async (file) => {
      if (file.size > MOST_BYTES) return 'The file is larger than 2 MB: that is no file of captions.';
      const text = toWebVtt(await file.text());
      if (text === null) return 'The file holds no captions of a kind that is known here: WebVTT or SubRip.';
      if (id === null) return 'Nothing is on.';
      chooseCaptions(source, { upload: null, shiftMs: 0 });
      setCaptions({ item: id, of: new File([text], file.name.replace(/\.srt$/i, '.vtt'), { type: 'text/vtt' }), text });
      setShown(true);
      return undefined;
    },
  };
}

async function fetchCaptions(group: number, upload: number, signal: AbortSignal): Promise<string> {
  const answer = await fetch(contentUrl(group, upload), { credentials: 'same-origin', signal });
  const text = answer.ok ? toWebVtt(await answer.text()) : null;
  if (text === null) throw new Error('no captions');
  return text;
}
