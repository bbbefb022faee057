// One file on its way to the server, in portions, and taken up again wherever it broke off. Pure: who asks the server, what
// waits and what time it is come in.
import { asFailure, Failure } from '../failure.ts';
import type { Upload } from '../shapes.ts';

export interface Ports {
  announce(signal: AbortSignal): Promise<Upload>;
  /** How many bytes of it are there. */
  offset(upload: number, signal: AbortSignal): Promise<number>;
  /** Sends what lies between, and says how many are there then. */
  append(upload: number, from: number, to: number, onSent: (bytes: number) => void, signal: AbortSignal): Promise<number>;
  show(upload: number): Promise<Upload>;
  /** Less where there is a reason to try sooner. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds. */
  now(): number;
}

export type Step =
  | { readonly state: 'announced'; readonly upload: number }
  | { readonly state: 'sending'; readonly sent: number }
  /** All of it is there, and the server looks at it. */
  | { readonly state: 'looking' }
  /** The connection is lost, or the server has no time: tried again by itself. */
  | { readonly state: 'away' };

/** Small enough for the proxies that people have before their servers, at first. */
export const FIRST_PORTION = 1024 * 1024;
const LARGEST_PORTION = 16 * 1024 * 1024;
/** A portion that comes sooner may be larger, one that takes four times as long has to be smaller. */
const LIVELY_MS = 2_000;
const LONGEST_WAIT_MS = 15_000;
/** A part that another tab sends is refused here; two that fight for one file come to an end. */
const MOST_CONFLICTS = 6;

/** `known` is an upload that was begun before. Ends with the file as every member sees it, or with the refusal. */
export async function send(size: number, known: number | null, ports: Ports, tell: (step: Step) => void, signal: AbortSignal): Promise<Upload> {
  const upload = known ?? (await ports.announce(signal)).id;
  tell({ state: 'announced', upload });
  let offset = known === null ? 0 : null;
  let portion = FIRST_PORTION;
  let [losses, conflicts] = [0, 0];
  for (;;) {
    try {
      offset ??= await ports.offset(upload, signal);
      if (offset >= size) return await ports.show(upload);
      const from = offset;
      const to = Math.min(size, from + portion);
      const began = ports.now();
      tell({ state: 'sending', sent: from });
      offset = await ports.append(upload, from, to, (bytes) => tell(from + bytes >= size ? { state: 'looking' } : { state: 'sending', sent: from + bytes }), signal);
      portion = nextPortion(portion, ports.now() - began);
      [losses, conflicts] = [0, 0];
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = asFailure(error);
      if (failure.code === 'conflict' ? ++conflicts > MOST_CONFLICTS : !passes(failure)) throw failure;
      // What came of the part is kept; how much that is, only the server knows.
      offset = null;
      if (failure.code !== 'conflict') tell({ state: 'away' });
      await ports.wait(waitBefore(losses++, failure), signal);
    }
  }
}

export function nextPortion(bytes: number, tookMs: number): number {
  if (tookMs < LIVELY_MS) return Math.min(bytes * 2, LARGEST_PORTION);
  if (tookMs > 4 * LIVELY_MS) return Math.max(bytes / 2, FIRST_PORTION);
  return bytes;
}

function passes({ code }: Failure): boolean {
  return code === 'offline' || code === 'no_answer' || code === 'timeout' || code === 'unavailable' || code === 'rate_limited';
}

function waitBefore(losses: number, { retryAfter }: Failure): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(500 * 2 ** Math.min(losses, 6), (retryAfter ?? 0) * 1_000));
}
