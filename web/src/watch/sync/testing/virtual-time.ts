// Time that passes as fast as the processor allows: what is due runs in order, nothing waits.

interface Due {
  at: number;
  order: number;
  run: () => void;
}

export class VirtualTime {
  #now = 0;
  #order = 0;
  /** A heap by time, then by when it was asked for. */
  readonly #heap: Due[] = [];

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  at(time: number, run: () => void): () => void {
    const due = { at: Math.max(time, this.#now), order: this.#order++, run };
    this.#push(due);
    return () => {
      due.run = () => {};
    };
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.#now + ms, run);
  }

  every(ms: number, run: () => void, first = ms): void {
    this.after(first, () => {
      run();
      this.every(ms, run);
    });
  }

  /** Lets everything happen that is due until then. Promises do not move meanwhile: simulations use callbacks. */
  run(until: number): void {
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      this.#now = next.at;
      next.run();
    }
    this.#now = until;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index]!, heap[parent]!)) break;
      [heap[index], heap[parent]] = [heap[parent]!, heap[index]!];
      index = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let least = index;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === index) return;
      [heap[index], heap[least]] = [heap[least]!, heap[index]!];
      index = least;
    }
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
