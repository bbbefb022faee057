// Names of keys, in the notation of aria-keyshortcuts ("Control+K"), shown as this machine's keyboard names them.
export const onMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

export function keysInWords(keys: string): string {
  const names: Record<string, string> = onMac
    ? { Control: '⌘', Alt: '⌥', Shift: '⇧', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
    : { Control: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', PageUp: 'Page Up' };
  return keys.split('+').map((key) => names[key] ?? key).join(onMac ? '' : '+');
}

/** Ctrl, or ⌘ on a Mac. */
export function mainKey(event: { ctrlKey: boolean; metaKey: boolean }): boolean {
  return onMac ? event.metaKey : event.ctrlKey;
}

/** Single letters are shortcuts only where nobody writes. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}
