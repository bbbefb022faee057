// The two calls of tus 1.0 whose bodies are no JSON: how much of a file is there, and the next part of it. By
// XMLHttpRequest, since `fetch` tells nobody how far a body is.
import { Failure } from '../failure.ts';
import type { Problem } from '../shapes.ts';

/** Not one more byte for so long is a lost connection. */
const STALLED_MS = 45_000;

export async function offsetOf(group: number, upload: number, signal: AbortSignal): Promise<number> {
  const answer = await ask('HEAD', group, upload, { signal });
  return offsetIn(answer);
}

export async function appendPart(group: number, upload: number, from: number, part: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<number> {
  const answer = await ask('PATCH', group, upload, { signal, from, part, onSent });
  return offsetIn(answer);
}

interface Asked {
  readonly signal: AbortSignal;
  readonly from?: number;
  readonly part?: Blob;
  readonly onSent?: (bytes: number) => void;
}

function ask(method: 'HEAD' | 'PATCH', group: number, upload: number, { signal, from, part, onSent }: Asked): Promise<XMLHttpRequest> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED_MS);
    };
    const onAbort = () => request.abort();
    request.open(method, `/api/v1/groups/${group}/uploads/${upload}`);
    request.setRequestHeader('tus-resumable', '1.0.0');
    if (part) {
      request.setRequestHeader('content-type', 'application/offset+octet-stream');
      request.setRequestHeader('upload-offset', String(from));
    }
    request.upload.onprogress = (event) => {
      alive();
      onSent?.(event.loaded);
    };
    request.onload = () => (request.status < 300 ? done(request) : failed(Failure.fromProblem(problemIn(request), request.status)));
    request.onerror = () => failed(new Failure('offline', ''));
    request.onabort = () => failed(signal.aborted ? signal.reason : new Failure('no_answer', ''));
    request.onloadend = () => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) return failed(signal.reason);
    signal.addEventListener('abort', onAbort);
    alive();
    request.send(part);
  });
}

function offsetIn(answer: XMLHttpRequest): number {
  const offset = Number(answer.getResponseHeader('upload-offset') ?? NaN);
  if (!Number.isSafeInteger(offset)) throw new Failure('no_answer', '');
  return offset;
}

/** Empty for an answer without a body: then its status says it. */
function problemIn({ responseText }: XMLHttpRequest): Partial<Problem> {
  try {
    return JSON.parse(responseText) as Partial<Problem>;
  } catch {
    return {};
  }
}
