// HLS: by the browser itself where it can, else by hls.js, which is loaded only then.
import type { Load } from './media-element.ts';

const TYPE = 'application/vnd.apple.mpegurl';

export function loadHls(url: string): Load {
  return (element, failed) => {
    if (element.canPlayType(TYPE) !== '') {
      element.src = url;
      return () => {};
    }
    let end = () => {};
    let ended = false;
    import('hls.js/light').then(
      ({ default: Hls }) => {
        if (ended) return;
        if (!Hls.isSupported()) return failed('This browser cannot play streams of this kind.');
        // Without a worker: it would be made of a blob, which the page's policy has no other need to allow. And nobody but
        // our controller changes the speed.
        const hls = new Hls({ enableWorker: false, maxLiveSyncPlaybackRate: 1 });
        hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
          if (fatal) failed(type === Hls.ErrorTypes.NETWORK_ERROR ? 'The stream did not come: it is not there, or not shared with other sites.' : 'The stream cannot be played.');
        });
        hls.loadSource(url);
        hls.attachMedia(element);
        end = () => hls.destroy();
      },
      () => failed('What plays such streams did not load. Check your connection and reload the page.'),
    );
    return () => {
      ended = true;
      end();
    };
  };
}
