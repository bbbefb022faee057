// The colour of somebody who may have no account.
import type { Somebody } from '../../shapes.ts';

export function colourOf(who: Pick<Somebody, 'id' | 'key'>): number {
  return who.id ?? (Number(who.key.slice(-6)) || 0);
}
