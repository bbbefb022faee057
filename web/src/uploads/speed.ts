// How long the rest of a file will take: from what came in the last seconds, so that it follows the line. Pure.
const WINDOW_MS = 10_000;
/** Before that a guess would only jump about. */
const LEAST_MS = 2_000;

export class Speed {
  #samples: { readonly at: number; readonly sent: number }[] = [];

  leftMs(sent: number, size: number, now: number): number | null {
    this.#samples = [...this.#samples.filter(({ at }) => at >= now - WINDOW_MS), { at: now, sent }];
    const first = this.#samples[0]!;
    const [took, came] = [now - first.at, sent - first.sent];
    return took < LEAST_MS || came <= 0 ? null : ((size - sent) * took) / came;
  }

  /** After a pause what came before says nothing. */
  forget(): void {
    this.#samples = [];
  }
}
