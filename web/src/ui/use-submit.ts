// One running submission of a form: busy, what went wrong, and how long to wait where the server asks for it.
import { useEffect, useState } from 'react';
import { asFailure, inWords, type Failure } from '../failure.ts';
import { countdown } from '../model/time.ts';

export interface Submission {
  readonly busy: boolean;
  /** For the form as a whole; nothing while a field carries the problem. */
  readonly problem: string | undefined;
  problemOf(field: string): string | undefined;
  run(work: () => Promise<void>): void;
  clear(): void;
}

export function useSubmit(fields: readonly string[] = [], words: (failure: Failure) => string | undefined = () => undefined): Submission {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [waitUntil, setWaitUntil] = useState<number | null>(null);
  const [now, setNow] = useState(0);

  useEffect(() => {
    if (waitUntil === null) return;
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= waitUntil) {
        setWaitUntil(null);
        setFailure(null);
      }
    }, 250);
    return () => clearInterval(timer);
  }, [waitUntil]);

  const told = failure && (words(failure) ?? (waitUntil ? `Too many tries. Wait ${countdown(waitUntil - Math.max(now, 1))} and try again.` : inWords(failure)));
  const onField = failure?.field && fields.includes(failure.field) ? failure.field : undefined;
  return {
    busy,
    problem: onField ? undefined : (told ?? undefined),
    problemOf: (field) => (field === onField ? (told ?? undefined) : undefined),
    clear: () => setFailure(null),
    run: (work) => {
      setBusy(true);
      setFailure(null);
      work()
        .catch((error: unknown) => {
          const failed = asFailure(error);
          setFailure(failed);
          setNow(Date.now());
          setWaitUntil(failed.code === 'rate_limited' && failed.retryAfter ? Date.now() + failed.retryAfter * 1000 : null);
        })
        .finally(() => setBusy(false));
    },
  };
}
