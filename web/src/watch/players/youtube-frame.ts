// The frame in which YouTube shows a video, and the messages that go in and come out.

/** The frame, as far as we need it; a stand-in in tests. */
export interface Frame {
  readonly element: HTMLElement;
  post(message: string): void;
  /** Messages from the frame itself, from its origin only. */
  onMessage(listener: (message: unknown) => void): () => void;
  remove(): void;
}

/** The frame on a page. Messages of other windows, and of other origins in this one, are not heard. */
export function youTubeFrame(video: string, origin: string, beginMs: number): Frame {
  const element = document.createElement('iframe');
  const settings = new URLSearchParams({
    enablejsapi: '1', origin: location.origin, playsinline: '1', rel: '0', controls: '0', disablekb: '1', start: String(Math.floor(beginMs / 1_000)),
  });
  element.src = `${origin}/embed/${encodeURIComponent(video)}?${settings}`;
  element.allow = 'autoplay; encrypted-media; picture-in-picture; fullscreen';
  // It does not play for those who do not say which site shows it; the site is all that it is told.
  element.referrerPolicy = 'strict-origin-when-cross-origin';
  element.sandbox.add('allow-scripts', 'allow-same-origin', 'allow-presentation', 'allow-popups', 'allow-popups-to-escape-sandbox');
  element.title = 'YouTube';
  return {
    element,
    post: (message) => element.contentWindow?.postMessage(message, origin),
    onMessage: (listener) => {
      const onMessage = (event: MessageEvent) => {
        if (event.origin === origin && event.source !== null && event.source === element.contentWindow) listener(event.data);
      };
      window.addEventListener('message', onMessage);
      return () => window.removeEventListener('message', onMessage);
    },
    remove: () => element.remove(),
  };
}
