// One tooltip for the whole page. Controls carry `data-tip` (and `data-tip-keys`); a pointer that rests or a keyboard
// that arrives shows it. It only repeats the control's accessible name, so nothing is lost where it does not appear.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { keysInWords } from './keys.ts';
import styles from './tooltip.module.css';

const REST_MS = 500;
const NEXT_WITHIN_MS = 300;
const GAP = 6;
const MARGIN = 8;

interface Shown {
  readonly target: HTMLElement;
  readonly text: string;
  readonly keys: string | undefined;
}

export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current: HTMLElement | null = null;
    let hiddenAt = 0;
    const hide = () => {
      clearTimeout(timer);
      if (current) hiddenAt = performance.now();
      current = null;
      setShown(null);
    };
    const show = (target: HTMLElement, wait: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!target.isConnected || target.getAttribute('aria-expanded') === 'true') return;
        current = target;
        setShown({ target, text: target.dataset.tip ?? '', keys: target.dataset.tipKeys });
      }, wait);
    };
    const tipOf = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null);
    const onOver = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return;
      const target = tipOf(event);
      if (target === current && target) return;
      const soon = current !== null || performance.now() - hiddenAt < NEXT_WITHIN_MS;
      hide();
      if (target) show(target, soon ? 0 : REST_MS);
    };
    const onFocus = (event: FocusEvent) => {
      const target = tipOf(event);
      if (target?.matches(':focus-visible')) show(target, 0);
    };
    const options = { capture: true, passive: true } as const;
    document.addEventListener('pointerover', onOver, options);
    document.addEventListener('focusin', onFocus, options);
    for (const type of ['focusout', 'pointerdown', 'keydown', 'scroll'] as const) document.addEventListener(type, hide, options);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', onOver, options);
      document.removeEventListener('focusin', onFocus, options);
      for (const type of ['focusout', 'pointerdown', 'keydown', 'scroll'] as const) document.removeEventListener(type, hide, options);
    };
  }, []);

  useLayoutEffect(() => {
    if (!shown || !box.current) return;
    const target = shown.target.getBoundingClientRect();
    const tip = box.current.getBoundingClientRect();
    const below = target.bottom + GAP + tip.height < window.innerHeight - MARGIN;
    const middle = target.left + target.width / 2 - tip.width / 2;
    box.current.style.left = `${Math.max(MARGIN, Math.min(middle, window.innerWidth - tip.width - MARGIN))}px`;
    box.current.style.top = `${below ? target.bottom + GAP : target.top - GAP - tip.height}px`;
  }, [shown]);

  if (!shown) return null;
  return (
    <div ref={box} className={styles.tip} aria-hidden="true">
      {shown.text}
      {shown.keys && <span className={styles.keys}>{keysInWords(shown.keys)}</span>}
    </div>
  );
}
