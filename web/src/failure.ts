// One kind of failure for everything that the server or the network refuses, and its words for people: what happened,
// what is kept, what to do. Codes come from the wire; `offline` and `no_answer` are ours.
import type { Code, Problem, AckError } from './shapes.ts';

export type FailureCode = Code | 'offline' | 'no_answer';

export class Failure extends Error {
  readonly code: FailureCode;
  readonly field: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(code: FailureCode, detail: string, field?: string, retryAfter?: number) {
    super(detail);
    this.name = 'Failure';
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
  }

  static fromProblem(problem: Partial<Problem>, status: number): Failure {
    const code = problem.code ?? (status === 401 ? 'unauthorized' : status === 404 ? 'not_found' : status >= 500 ? 'unavailable' : 'malformed');
    return new Failure(code, problem.detail ?? '', problem.field, problem.retry_after);
  }

  static fromAck(error: AckError): Failure {
    return new Failure(error.code, error.message, error.field, error.retry_after);
  }
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('internal', error instanceof Error ? error.message : '');
}

/** One or two sentences. A sentence of the server is used where it says more than the code does. */
export function inWords(error: unknown): string {
  const failure = asFailure(error);
  const wait = failure.retryAfter ? ` Try again in ${failure.retryAfter} s.` : ' Try again in a moment.';
  switch (failure.code) {
    case 'offline':
      return 'You are offline. Nothing is lost; try again when you are back.';
    case 'no_answer':
      return 'The server did not answer in time. Try again.';
    case 'unauthorized':
      return 'You are signed out. Sign in again; your drafts are kept.';
    case 'forbidden':
      return sentence(failure.message) || 'Your role in this group does not allow that.';
    case 'not_found':
      return 'That is not here any more, or you are no longer a member.';
    case 'conflict':
      return sentence(failure.message) || 'That is not possible as things are now.';
    case 'invalid':
      return sentence(failure.message) || 'Something in there is not accepted. Check it and try again.';
    case 'too_large':
      return 'That is too long to be sent. Shorten it and try again.';
    case 'rate_limited':
      // Also a group's slow mode, which the server's sentence names.
      return `${sentence(failure.message) || 'That was a lot in a short time.'}${wait}`;
    case 'unavailable':
      return `The server cannot take this right now; nothing is lost.${wait}`;
    case 'client_id_reused':
      return 'This message was sent before with another text. Copy it and send it as a new one.';
    default:
      return 'Something went wrong on the server. Try again in a moment.';
  }
}

/** The server's details are fragments or sentences; shown, they are always sentences. */
export function sentence(detail: string): string {
  const text = detail.trim();
  if (!text) return '';
  return text.charAt(0).toLocaleUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.');
}
