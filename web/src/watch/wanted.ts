// What somebody typed where one says what to watch: an address, or words to search for. Pure.

export type Wanted = { readonly by: 'address'; readonly address: string } | { readonly by: 'words'; readonly words: string };

/** Addresses as browsers write them; `javascript:` and its like are addresses, too, which the server refuses by name. */
const SCHEME = /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:youtube|upload|javascript|data|file|blob|magnet|mailto):)/i;
/** As people copy them by hand: a host and something after it. "Mr.Robot" is a title. */
const BARE = /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i;

/** Nothing where nothing was typed. */
export function wantedOf(typed: string): Wanted | null {
  const text = typed.trim();
  if (text === '') return null;
  const isAddress = !/\s/.test(text) && (SCHEME.test(text) || BARE.test(text));
  return isAddress ? { by: 'address', address: text } : { by: 'words', words: text };
}
