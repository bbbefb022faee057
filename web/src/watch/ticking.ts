// The two timers that steering needs: one that goes on while the page is out of sight, one that is exact.
import { TICK_MS } from './sync/controller.ts';

/** Calls ten times a second until it is ended. */
export function tick(run: () => void): () => void {
  let worker: Worker;
  try {
    worker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' });
  } catch {
    const timer = setInterval(run, TICK_MS);
    return () => clearInterval(timer);
  }
  worker.onmessage = run;
  return () => worker.terminate();
}

/** A timer is late by some milliseconds: the last of them are waited for on the spot. */
const SPIN_MS = 6;

/** Runs at that moment of `performance.now()`, to a fraction of a millisecond while the page is in sight. */
export function at(moment: number, run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const look = () => {
    const left = moment - performance.now();
    if (left > SPIN_MS) {
      timer = setTimeout(look, left - SPIN_MS);
      return;
    }
    while (performance.now() < moment);
    run();
  };
  // Never at once: who asks does not expect to be called before it has an answer.
  timer = setTimeout(look, Math.max(0, moment - performance.now() - SPIN_MS));
  return () => clearTimeout(timer);
}
