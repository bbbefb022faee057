// The usual way to guess an offset, to compare ours with: of the last eight exchanges, the one with the least round trip.
import { ServerClock, type Exchange } from '../clock.ts';

export class LeastRoundTripClock extends ServerClock {
  #kept: Exchange[] = [];

  override add(exchange: Exchange): 'added' | 'useless' | 'jumped' {
    this.#kept = [...this.#kept, exchange].slice(-8);
    return 'added';
  }

  override now(local: number): number | null {
    const best = this.#best;
    return best && local + (best.received - best.sent + best.answered - best.back) / 2;
  }

  override get quality(): 'none' | 'coarse' | 'fine' {
    return this.#kept.length === 0 ? 'none' : 'fine';
  }

  override get delay(): number {
    return this.#best ? (this.#best.back - this.#best.sent) / 2 : 0;
  }

  get #best(): Exchange | null {
    return this.#kept.toSorted((a, b) => a.back - a.sent - (b.back - b.sent))[0] ?? null;
  }
}
