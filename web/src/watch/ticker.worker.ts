// Ticks ten times a second. In a worker, since pages out of sight are let run their own timers once a second only.
import { TICK_MS } from './sync/controller.ts';

setInterval(() => postMessage(null), TICK_MS);
