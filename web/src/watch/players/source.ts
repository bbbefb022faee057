// How a browser gets at what an item names, and whom it has to ask for it. Pure.

export type Way =
  | { readonly by: 'youtube'; readonly video: string }
  | { readonly by: 'hls'; readonly url: string }
  | { readonly by: 'file'; readonly url: string };

const LONGEST_TITLE = 300;
const PLAYLIST = /\.m3u8$/i;
const SOUND = /\.(mp3|ogg|oga|opus|m4a|aac|flac|wav)$/i;

/** `group` is whose screen it is: what was uploaded there is nobody else's. */
export function wayOf(source: string, group: number): Way {
  if (isFramed(source)) return { by: 'youtube', video: source.slice('youtube:'.length) };
  if (isUpload(source)) return { by: 'file', url: contentUrl(group, source.slice('upload:'.length)) };
  return { by: PLAYLIST.test(pathOf(source)) ? 'hls' : 'file', url: source };
}

/** Where the bytes of an uploaded file are. */
export function contentUrl(group: number, upload: number | string): string {
  return `/api/v1/groups/${group}/uploads/${upload}/content`;
}

/** Whom a viewer's browser would ask that is not this server; they learn its network address. */
export function strangerOf(source: string, ownHost: string): string | null {
  if (isFramed(source)) return 'YouTube';
  if (isUpload(source)) return null;
  const host = hostOf(source);
  return host === ownHost ? null : host;
}

/** Whether it is shown in a frame of another site, which may not be covered nor steered as finely. */
export function isFramed(source: string): boolean {
  return source.startsWith('youtube:');
}

/** Where it lies, in a word. */
export function whence(source: string): string {
  return isFramed(source) ? 'YouTube' : isUpload(source) ? 'Uploaded' : hostOf(source);
}

/** A guess from the name of the file, for whoever pastes an address; the speed of music is changed more gently. */
export function kindOf(address: string): 'video' | 'music' {
  return SOUND.test(pathOf(address)) || /^https?:\/\/music\.youtube\.com\//i.test(address) ? 'music' : 'video';
}

/** What something at an address may be called: the last part of it, readable. Nothing where that says nothing. */
export function titleOf(address: string): string | undefined {
  if (isFramed(address) || isUpload(address) || /^https?:\/\/([a-z]+\.)?(youtube(-nocookie)?\.com|youtu\.be)\//i.test(address)) return undefined;
  const last = pathOf(address).split('/').filter(Boolean).at(-1) ?? '';
  try {
    const title = decodeURIComponent(last).replace(/\p{C}/gu, '').trim();
    return title === '' ? undefined : [...title].slice(0, LONGEST_TITLE).join('');
  } catch {
    return undefined;
  }
}

function isUpload(source: string): boolean {
  return source.startsWith('upload:');
}

function pathOf(address: string): string {
  try {
    return new URL(address).pathname;
  } catch {
    return '';
  }
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
