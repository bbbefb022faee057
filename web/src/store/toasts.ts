// Short messages at the edge of the screen. Never for what one sees anyway; errors stay until they are closed.
import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly lastsMs: number | null;
}

const MOST = 3;
let nextId = 1;

export const useToasts = create<{ readonly toasts: readonly Toast[] }>()(() => ({ toasts: [] }));

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const tone = options.tone ?? 'info';
  // `null` stays until it is closed; what is missing is not the same.
  const lastsMs = options.lastsMs !== undefined ? options.lastsMs : tone === 'error' ? null : 5_000;
  const shown: Toast = { id: nextId++, text, tone, action: options.action, lastsMs };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, shown].slice(-MOST) }));
  return shown.id;
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((shown) => shown.id !== id) }));
}
