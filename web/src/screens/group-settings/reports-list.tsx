// What was reported of the lobby: who, about whom, why, and the lines that the reporter saw. For those who keep order.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import { inWords } from '../../failure.ts';
import { clock, fullTime } from '../../model/time.ts';
import type { Report } from '../../shapes.ts';
import { toast } from '../../store/toasts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorState } from '../../ui/states.tsx';
import styles from './group-settings.module.css';

export function ReportsList({ group }: { group: number }) {
  const [reports, setReports] = useState<readonly Report[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Report | null>(null);

  const load = (cursor: string | null) => {
    setProblem(null);
    api.reports(group, cursor).then(
      (page) => {
        setReports((before) => (cursor ? [...(before ?? []), ...page.reports] : page.reports));
        setNext(page.next);
      },
      (error: unknown) => setProblem(inWords(error)),
    );
  };
  useEffect(() => load(null), [group]);

  return (
    <section className={styles.section} aria-labelledby="reports">
      <h3 id="reports" className={styles.heading}>Reports from the lobby</h3>
      {problem ? (
        <ErrorState title="The list did not load" text={problem} onRetry={() => load(null)} />
      ) : reports?.length === 0 ? (
        <p className={styles.hint}>Nothing was reported.</p>
      ) : (
        <ul className={styles.reports}>
          {reports?.map((report) => <ReportItem key={report.id} report={report} onDelete={() => setDeleting(report)} />)}
        </ul>
      )}
      {next && <div className={styles.row}><Button onClick={() => load(next)}>More</Button></div>}
      {deleting && (
        <ConfirmDialog
          title="Delete this report?" about="It is deleted with the lines in it, for everybody who keeps order here." action="Delete" danger onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await api.deleteReport(group, deleting.id);
            setReports((before) => before?.filter((other) => other.id !== deleting.id) ?? null);
            toast('The report is deleted.');
          }}
        />
      )}
    </section>
  );
}

function ReportItem({ report, onDelete }: { report: Report; onDelete: () => void }) {
  const { by, about, lines } = report;
  return (
    <li className={styles.report}>
      <p className={styles.reportHead}>
        <span><bdi className={styles.banName}>{by.name}</bdi> about <bdi className={styles.banName}>{about.name}</bdi></span>
        <span className={styles.hint}>{fullTime(Date.parse(report.at))}</span>
      </p>
      {report.reason ? <p className={styles.prose} dir="auto">{report.reason}</p> : <p className={styles.hint}>Without a reason.</p>}
      {lines.length === 0 ? (
        <p className={styles.hint}>Nothing had been said.</p>
      ) : (
        <details>
          <summary className={styles.summary}>{lines.length === 1 ? 'The one line' : `The ${lines.length} lines`} that {by.name} saw</summary>
          <ol className={styles.lines}>
            {lines.map((line, index) => (
              <li key={index} className={styles.line}>
                <span><bdi className={styles.banName}>{line.by.name}</bdi> <time className={styles.hint} dateTime={line.at}>{clock(Date.parse(line.at))}</time></span>
                <span className={styles.prose} dir="auto">{line.text}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      <div className={styles.row}><Button onClick={onDelete} aria-label={`Delete the report of ${by.name} about ${about.name}`}>Delete</Button></div>
    </li>
  );
}
