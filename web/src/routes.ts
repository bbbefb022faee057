// The addresses of the client, in both directions. Pure; everything else asks here.

export type Place =
  | { readonly screen: 'home' }
  | { readonly screen: 'welcome' }
  | { readonly screen: 'groups' }
  | { readonly screen: 'group'; readonly id: number; readonly part: 'log' | 'members' | 'settings'; readonly seq: number | null }
  /** Without a group: which one is still to be chosen. */
  | { readonly screen: 'lobby'; readonly group: number | null }
  /** `replay`: where in the log begins what is watched once more, alone. */
  | { readonly screen: 'watch'; readonly group: number | null; readonly replay: number | null }
  /** `group`: whose challenges come first. */
  | { readonly screen: 'duels'; readonly group: number | null }
  | { readonly screen: 'duel'; readonly id: number }
  | { readonly screen: 'profile'; readonly account: number }
  | { readonly screen: 'settings' }
  | { readonly screen: 'nowhere' };

export function placeOf(path: string): Place {
  const parts = path.split('/').filter(Boolean);
  const [first, second, third, fourth] = parts;
  if (!first) return { screen: 'home' };
  if (first === 'welcome' && parts.length === 1) return { screen: 'welcome' };
  if (first === 'settings') return { screen: 'settings' };
  if (first === 'g' && !second) return { screen: 'groups' };
  if (first === 'lobby' && !second) return { screen: 'lobby', group: null };
  if (first === 'watch' && !second) return { screen: 'watch', group: null, replay: null };
  if (first === 'duel' && !second) return { screen: 'duels', group: null };
  const id = number(second);
  if (first === 'duel' && id !== null && parts.length === 2) return { screen: 'duel', id };
  if (first === 'duel' && second === 'group' && parts.length === 3 && number(third) !== null) return { screen: 'duels', group: number(third) };
  if (first === 'u' && id !== null && parts.length === 2) return { screen: 'profile', account: id };
  if (first === 'lobby' && id !== null && parts.length === 2) return { screen: 'lobby', group: id };
  if (first === 'watch' && id !== null) {
    if (parts.length === 2) return { screen: 'watch', group: id, replay: null };
    const replay = number(fourth);
    if (parts.length === 4 && third === 'replay' && replay !== null) return { screen: 'watch', group: id, replay };
  }
  if (first === 'g' && id !== null) {
    if (parts.length === 2) return { screen: 'group', id, part: 'log', seq: null };
    if (parts.length === 3 && (third === 'members' || third === 'settings')) return { screen: 'group', id, part: third, seq: null };
    const seq = number(fourth);
    if (parts.length === 4 && third === 'm' && seq !== null) return { screen: 'group', id, part: 'log', seq };
  }
  return { screen: 'nowhere' };
}

export const paths = {
  welcome: '/welcome',
  groups: '/g',
  settings: '/settings',
  group: (id: number) => `/g/${id}`,
  message: (id: number, seq: number) => `/g/${id}/m/${seq}`,
  members: (id: number) => `/g/${id}/members`,
  groupSettings: (id: number) => `/g/${id}/settings`,
  lobbies: '/lobby',
  lobby: (group: number) => `/lobby/${group}`,
  duels: '/duel',
  duelsOf: (group: number) => `/duel/group/${group}`,
  duel: (id: number) => `/duel/${id}`,
  profile: (account: number) => `/u/${account}`,
  watches: '/watch',
  watch: (group: number) => `/watch/${group}`,
  replay: (group: number, from: number) => `/watch/${group}/replay/${from}`,
};

/** What one sends to a friend. */
export function inviteLink(code: string): string {
  return `${location.origin}/welcome?code=${encodeURIComponent(code)}`;
}

function number(text: string | undefined): number | null {
  return text && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}
