// A stand-in for YouTube's Data API v3, in the shapes that its documentation shows: searches answer with ids, lengths are
// ISO 8601, and nothing at all is said of what is private.
import type { IncomingMessage, ServerResponse } from 'node:http';

interface Known {
  readonly id: string;
  readonly title: string;
  readonly channel: string;
  readonly duration: string;
  readonly live?: boolean;
  readonly embeddable?: boolean;
}

const CATALOGUE: readonly Known[] = [
  { id: 'metropolis1', title: 'Metropolis & its city', channel: 'Silent films', duration: 'PT2H33M12S' },
  { id: 'metropolis2', title: 'Metropolis, how it was made, with many words about every building in it and who drew them', channel: 'A channel with a long name about films', duration: 'PT48M' },
  { id: 'metropolis3', title: 'Metropolis 🏙 tonight', channel: 'Cinema', duration: 'P0D', live: true },
  { id: 'notoutside1', title: 'Only at home', channel: 'Them', duration: 'PT3S', embeddable: false },
];

export function answerYouTubeApi(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  const items = pathname.endsWith('/search') ? found(searchParams.get('q') ?? '') : (searchParams.get('id') ?? '').split(',').filter((id) => id !== 'private0001').map(video);
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ items }));
}

function found(words: string): readonly unknown[] {
  return CATALOGUE.filter(({ title }) => title.toLowerCase().includes(words.toLowerCase())).map(({ id }) => ({ kind: 'youtube#searchResult', id: { kind: 'youtube#video', videoId: id } }));
}

/** Whatever the catalogue does not know is some film of three and a half minutes. */
function video(id: string): unknown {
  const { title, channel, duration, live = false, embeddable = true } = CATALOGUE.find((known) => known.id === id) ?? { title: `Film ${id}`, channel: 'Somebody', duration: 'PT3M33S' } as Known;
  return {
    kind: 'youtube#video', id,
    snippet: { title, channelTitle: channel, categoryId: '1', liveBroadcastContent: live ? 'live' : 'none' },
    contentDetails: { duration, contentRating: {} },
    status: { uploadStatus: 'processed', privacyStatus: 'public', embeddable },
  };
}
