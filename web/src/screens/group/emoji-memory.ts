// The six emojis that were used last, in this browser.
const KEY = 'parlor.emoji';
const FIRST = ['👍', '❤️', '😂', '🎉', '👀', '🙏'];

export function lastUsed(): readonly string[] {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown;
    const emojis = Array.isArray(stored) ? stored.filter((emoji): emoji is string => typeof emoji === 'string' && emoji.length <= 16) : [];
    return [...new Set([...emojis, ...FIRST])].slice(0, FIRST.length);
  } catch {
    return FIRST;
  }
}

export function rememberUsed(emoji: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([emoji, ...lastUsed().filter((other) => other !== emoji)].slice(0, FIRST.length)));
  } catch {
    // Then the list stays as it is.
  }
}
