// Who is meant by an @: the names that the members of this group go by. A mention is plain text on the wire, so that it
// reads the same in every client; a name is recognised, never guessed.

export interface MentionNames {
  /** Lower-case, the longest first: "@ada lovelace" must not stop at "@ada". */
  readonly names: readonly string[];
  /** Those that mean the reader. */
  readonly mine: ReadonlySet<string>;
}

export const NO_NAMES: MentionNames = { names: [], mine: new Set() };

interface Named {
  readonly id: number;
  readonly username: string | null;
  readonly display_name: string;
}

export function mentionNames(accounts: readonly Named[], me: number): MentionNames {
  const names = new Set<string>();
  const mine = new Set<string>();
  for (const account of accounts) {
    for (const name of [account.display_name, account.username]) {
      if (!name) continue;
      names.add(name.toLocaleLowerCase());
      if (account.id === me) mine.add(name.toLocaleLowerCase());
    }
  }
  return { names: [...names].sort((a, b) => b.length - a.length), mine };
}

export function mentionAt(text: string, at: number, known: MentionNames): { text: string; me: boolean } | undefined {
  const lower = text.slice(at + 1, at + 1 + 64).toLocaleLowerCase();
  for (const name of known.names) {
    if (!lower.startsWith(name)) continue;
    const after = text[at + 1 + name.length];
    // "@ada.lovelace" is another name; the full stop of "@ada." belongs to the sentence.
    if (after !== undefined && /^[._-]*[\p{L}\p{N}]/u.test(text.slice(at + 1 + name.length, at + 9 + name.length))) continue;
    return { text: text.slice(at, at + 1 + name.length), me: known.mine.has(name) };
  }
  return undefined;
}

export function mentionsMe(text: string, known: MentionNames): boolean {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (mentionAt(text, at, known)?.me) return true;
  }
  return false;
}

/** The @word that is being typed at the caret, if there is one. */
export function mentionQuery(text: string, caret: number): { from: number; query: string } | undefined {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(])@([^\s@]{0,40})$/.exec(before);
  if (!match) return undefined;
  return { from: caret - match[1]!.length - 1, query: match[1]!.toLocaleLowerCase() };
}

/** What is written to name somebody: the username, which the server knows too; a guest has only the display name. */
export function mentionOf(account: Named): string {
  return `@${account.username ?? account.display_name}`;
}

/** Those whose name fits what is typed: beginnings of the name first, then beginnings of later words. */
export function matchMembers<T extends { account: Named }>(members: readonly T[], query: string, limit: number): readonly T[] {
  const ranked: { member: T; rank: number }[] = [];
  for (const member of members) {
    const display = member.account.display_name.toLocaleLowerCase();
    const user = member.account.username?.toLocaleLowerCase() ?? '';
    const rank = display.startsWith(query) ? 0 : user.startsWith(query) ? 1 : display.includes(` ${query}`) ? 2 : -1;
    if (rank >= 0) ranked.push({ member, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || a.member.account.display_name.localeCompare(b.member.account.display_name));
  return ranked.slice(0, limit).map((r) => r.member);
}
