// Puts text on the clipboard. Over plain http on another host browsers offer no clipboard: then say so.
import { toast } from '../store/toasts.ts';

export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    if (copyTheOldWay(text)) toast(done);
    else toast('This browser does not let the page copy. Select the text and copy it yourself.', { tone: 'error' });
  }
}

function copyTheOldWay(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden-visually';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
