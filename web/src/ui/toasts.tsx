// Shows the toasts. Their time stands still while the pointer or the focus is on one.
import { useEffect, useState } from 'react';
import { dismissToast, useToasts, type Toast } from '../store/toasts.ts';
import { classes } from './classes.ts';
import { CloseIcon } from './icons.tsx';
import styles from './toasts.module.css';

export function Toasts() {
  const toasts = useToasts((s) => s.toasts);
  return (
    <section className={styles.region} aria-label="Notices">
      {toasts.map((toast) => <ToastBox key={toast.id} toast={toast} />)}
    </section>
  );
}

function ToastBox({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.lastsMs === null) return;
    const timer = setTimeout(() => dismissToast(toast.id), toast.lastsMs);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return (
    <div
      className={classes(styles.toast, toast.tone === 'error' && styles.error)}
      role={toast.tone === 'error' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            toast.action?.run();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button type="button" className={styles.close} aria-label="Close" onClick={() => dismissToast(toast.id)}><CloseIcon size={16} /></button>
    </div>
  );
}
