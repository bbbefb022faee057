// The reader's own code of a round, in local storage: a reload, a crash or a lost connection takes nothing.
//
// The keys begin as those of drafts do, so that signing out forgets them together (`store/drafts.ts`).
import type { DuelMine, DuelStarters, Language } from '../shapes.ts';

export interface OwnCode {
  readonly language: Language;
  /** What was written in each; a language that was not used yet has its starter. */
  readonly codes: Readonly<Partial<Record<Language, string>>>;
  /** The server has the code of `language` as it is here. */
  readonly kept: boolean;
}

export interface Place {
  readonly account: number;
  readonly duel: number;
  readonly round: number;
}

/** Rounds whose code is kept in this browser; a best of five has at most a few void ones more. */
const MOST_ROUNDS = 12;

/**
 * What the editor begins with. What is here counts while the server does not have it; otherwise the server's is the same,
 * or was written later on another machine.
 */
export function firstCode(saved: OwnCode | null, mine: DuelMine | null, agreed: Language | null, liked: Language): OwnCode {
  const fit = (code: OwnCode): OwnCode => (agreed !== null && code.language !== agreed ? { ...code, language: agreed, kept: false } : code);
  if (saved && !saved.kept) return fit(saved);
  if (mine?.code != null && mine.language) return fit({ language: mine.language, codes: { ...saved?.codes, [mine.language]: mine.code }, kept: true });
  return fit(saved ?? { language: agreed ?? liked, codes: {}, kept: false });
}

export function codeIn({ codes }: OwnCode, language: Language, starters: DuelStarters): string {
  return codes[language] ?? starters[language];
}

/** Characters as the server counts them in a round of the shortest program: what is blank around it is not counted. */
export function lengthOf(code: string): number {
  return [...code.trim()].length;
}

const keyOf = ({ account, duel, round }: Place) => `parlor.draft.${account}.duel.${duel}.${round}`;

export function loadCode(storage: Storage, place: Place): OwnCode | null {
  try {
    const value = JSON.parse(storage.getItem(keyOf(place)) ?? 'null') as Partial<OwnCode> | null;
    if (value === null || (value.language !== 'python' && value.language !== 'javascript')) return null;
    const { python, javascript } = value.codes ?? {};
    return {
      language: value.language,
      codes: { ...(typeof python === 'string' ? { python } : {}), ...(typeof javascript === 'string' ? { javascript } : {}) },
      kept: value.kept === true,
    };
  } catch {
    return null;
  }
}

export function saveCode(storage: Storage, place: Place, code: OwnCode): void {
  try {
    storage.setItem(keyOf(place), JSON.stringify(code));
  } catch {
    // Storage is full or forbidden: what the server keeps has to do.
  }
}

/** Of old duels nothing is kept: the newest rounds stay. */
export function forgetOldCode(storage: Storage, account: number): void {
  const prefix = `parlor.draft.${account}.duel.`;
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index)!).filter((key) => key.startsWith(prefix));
  const age = (key: string) => key.slice(prefix.length).split('.').map(Number) as [number, number];
  keys.sort((a, b) => age(b)[0] - age(a)[0] || age(b)[1] - age(a)[1]);
  for (const key of keys.slice(MOST_ROUNDS)) storage.removeItem(key);
}

const LIKED = 'parlor.duel.language';

/** The language that was chosen last. */
export function likedLanguage(storage: Storage): Language {
  try {
    return storage.getItem(LIKED) === 'javascript' ? 'javascript' : 'python';
  } catch {
    return 'python';
  }
}

export function likeLanguage(storage: Storage, language: Language): void {
  try {
    storage.setItem(LIKED, language);
  } catch {
    // It is asked for again the next time.
  }
}
