// A table of figures: numbers stand under each other, the reader's own row is marked, and a narrow screen scrolls it.
import type { ReactNode } from 'react';
import styles from './table.module.css';

interface Row {
  readonly key: string | number;
  readonly mine?: boolean;
  /** The second one names the row. */
  readonly cells: readonly ReactNode[];
}

export function Table({ label, heads, rows }: { label: string; heads: readonly string[]; rows: readonly Row[] }) {
  return (
    <div className={styles.frame} role="region" aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead><tr>{heads.map((head, index) => (head === '' ? <td key={index} /> : <th key={index} scope="col">{head}</th>))}</tr></thead>
        <tbody>
          {rows.map(({ key, mine, cells }) => (
            <tr key={key} data-mine={mine || undefined}>
              {cells.map((cell, index) => (index === 1 ? <th key={index} scope="row">{cell}</th> : <td key={index}>{cell}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
