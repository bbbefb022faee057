// What is said of searches. Pure.
import { inWords, sentence, type Failure } from '../failure.ts';
import type { VideoQuota } from '../shapes.ts';

/** "98 of 100 searches left today". */
export function quotaInWords({ used, limit }: VideoQuota): string {
  const left = Math.max(0, limit - used);
  return left === 0 ? 'No searches left today' : `${left} of ${limit} ${limit === 1 ? 'search' : 'searches'} left today`;
}

export function searchProblem(failure: Failure): string {
  if (failure.code !== 'unavailable' && failure.code !== 'rate_limited') return inWords(failure);
  const why = sentence(failure.message) || 'Nothing can be searched at the moment.';
  return failure.retryAfter ? `${why} ${sentence(`search again ${inAWhile(failure.retryAfter)}`)}` : why;
}

function inAWhile(seconds: number): string {
  if (seconds <= 90) return `in ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? `in ${minutes} min` : `in ${Math.ceil(minutes / 60)} hours`;
}
