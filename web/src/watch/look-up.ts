// What a pasted address leads to, asked before it is queued: its title, whether it plays here, and why not.
import { api } from '../api.ts';
import { asFailure, sentence, type Failure } from '../failure.ts';
import type { NewMedia, VideoLookup } from '../shapes.ts';

export type LookedUp =
  | { readonly ok: true; readonly media: NewMedia; readonly lengthMs: number | null }
  /** `mayInsist` where a viewer's browser may know better than the server. */
  | { readonly ok: false; readonly why: string; readonly mayInsist: boolean };

export async function lookUp(address: string): Promise<LookedUp> {
  try {
    return judge(address, await api.lookUpVideo(address));
  } catch (error) {
    return refused(address, asFailure(error));
  }
}

/** The address stays as it was pasted: it may say from where to begin. */
export function judge(address: string, { video }: Pick<VideoLookup, 'video'>): LookedUp {
  if (video.live) return { ok: false, why: `“${video.title}” is live: there is no place in it that all could share.`, mayInsist: false };
  if (video.embeddable === false) return { ok: false, why: 'Its owner does not allow this video to be shown outside of YouTube.', mayInsist: false };
  return { ok: true, media: { source: address, title: video.title, kind: video.kind }, lengthMs: video.length_ms };
}

/** Nobody is kept from watching something because the server has no answer about it. */
export function refused(address: string, failure: Failure): LookedUp {
  if (failure.code !== 'invalid') return { ok: true, media: { source: address }, lengthMs: null };
  const rule = failure.message.replace(/^url\s+/i, '');
  return { ok: false, why: sentence(`this address ${rule}`), mayInsist: /^(leads|redirects)/.test(rule) };
}
