// Notices outside the page: a notification of the system, and the page's icon. Asked for only from a click.

export type MayNotify = 'yes' | 'no' | 'ask' | 'never';

/** `never`: this browser has none, as over plain http on another host. */
export function mayNotify(): MayNotify {
  if (!('Notification' in window) || !window.isSecureContext) return 'never';
  return { granted: 'yes', denied: 'no', default: 'ask' }[Notification.permission] as MayNotify;
}

export async function askToNotify(): Promise<boolean> {
  return mayNotify() !== 'never' && (await Notification.requestPermission()) === 'granted';
}

/** Only where nobody looks at the page; a click on it brings the page to the front. */
export function notify(title: string, body: string): void {
  if (mayNotify() !== 'yes' || document.hasFocus()) return;
  try {
    const shown = new Notification(title, { body, tag: 'parlor-lobby', icon: '/icon.svg' });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Phones show them only from a service worker: the title of the page has to do.
  }
}

/** The icon in the tab, with a dot while something waits for the reader. */
export function markIcon(on: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const icon = on ? '/icon-notice.svg' : '/icon.svg';
  if (link && link.getAttribute('href') !== icon) link.href = icon;
}
