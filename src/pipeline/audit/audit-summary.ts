import type { AuditFinding, AuditSummary } from '../../contracts/checkpoint.ts';

const MAX_FINDINGS_KEPT = 20;
const NO_AUDITS: AuditSummary = { compared: 0, notComparable: {}, lastAtMillis: 0, findings: [] };

/** What was found takes the place of what was found of the same minute before and not repaired. */
export function withCompared(
  audits: AuditSummary = NO_AUDITS,
  nowMillis: number,
  minuteMillis: number,
  finding?: AuditFinding,
): AuditSummary {
  const others = audits.findings.filter(
    (one) => one.minuteMillis !== minuteMillis || one.repaired === one.missing,
  );
  return {
    ...audits,
    compared: audits.compared + 1,
    lastAtMillis: nowMillis,
    findings: finding === undefined ? others : [...others, finding].slice(-MAX_FINDINGS_KEPT),
  };
}

export function withNotComparable(
  audits: AuditSummary = NO_AUDITS,
  nowMillis: number,
  reason: string,
): AuditSummary {
  const { notComparable } = audits;
  return {
    ...audits,
    lastAtMillis: nowMillis,
    notComparable: { ...notComparable, [reason]: (notComparable[reason] ?? 0) + 1 },
  };
}
