import { findStudy } from '@xvision/catalogue';
import type { AuditCheck, AuditResult, Estimate, RequestOf } from '@xvision/contracts';
import { auditVerdict, judgeExternal, judgePermuted, judgeShortcut, repeatedEstimate } from '@xvision/evaluation';
import { isTested, type RunFacts, reportOnRun } from '../../run-report.js';
import { factsOfRun } from '../facts-of-run.js';
import { type StudyHooks, type StudyNeeds, UnfitStudyError } from '../study.js';
import { blankedChecks } from './blanked-pictures.js';
import { aucsOfPermutedLabels } from './permuted-labels.js';

/** Whether a run's model sees disease or acquisition: what reaches its labels without it, and what chance labels give. */
export async function auditRun(
  needs: StudyNeeds,
  { about, externals = [] }: RequestOf<'audit'>,
  hooks: StudyHooks,
): Promise<AuditResult> {
  const facts = await factsOfRun(needs.catalogue, about);
  const { report, named } = reportOnRun(facts);
  const tested = facts.members.filter(isTested);
  const { auc, baseline } = report.metrics;
  const images = tested.length;

  const checks: AuditCheck[] = [];
  if (baseline !== null) {
    const what = '15 grey statistics of the picture';
    const done = 'logistic regression on 15 grey statistics of each picture, on the same folds; no network';
    checks.push({
      check: 'grey-statistics',
      about: done,
      images,
      ...numbers(baseline),
      ...judgeShortcut(what, baseline),
    });
  }
  const covariates = { auc: named.get('covariates.auc'), gain: named.get('covariates.gain') };
  if (covariates.auc !== undefined && covariates.gain !== undefined) {
    const given = { auc: covariates.auc, gain: covariates.gain };
    const done = 'logistic regression on age, sex and view, as far as they are known, on the same folds; no picture';
    checks.push({ check: 'covariates', about: done, images, ...given, ...judgeShortcut('Age, sex and view', given) });
  }
  checks.push(...(await blankedOrWhyNot(needs, facts, hooks)));
  const permuted = repeatedEstimate(await aucsOfPermutedLabels(needs, facts, hooks));
  checks.push({
    check: 'permuted-labels',
    about: "the run's own training and test on labels dealt out anew among patients, five times; the mean",
    images,
    auc: permuted,
    gain: difference(auc, permuted),
    ...judgePermuted(permuted),
  });
  for (const id of externals) checks.push(await externalCheck(needs, { id, about, auc }));
  return {
    kind: 'audit',
    task: report.task,
    head: report.head,
    synthetic: report.synthetic,
    images,
    patients: new Set(tested.map(({ patient }) => patient)).size,
    auc,
    checks,
    verdict: auditVerdict(checks),
    notice: 'Research use only; not a medical device',
  };
}

/** Where the pictures cannot be blanked here, the audit says so instead of leaving the checks out. */
async function blankedOrWhyNot(needs: StudyNeeds, facts: RunFacts, hooks: StudyHooks): Promise<AuditCheck[]> {
  try {
    return await blankedChecks(needs, facts, hooks);
  } catch (error) {
    if (!(error instanceof UnfitStudyError)) throw error;
    const nothing = { value: null, low: null, high: null };
    const sentence = `Pictures were not blanked: ${error.message}.`;
    return (['centre-blanked', 'borders-blanked'] as const).map((check) => {
      return { check, about: 'not computed', images: 0, auc: nothing, gain: nothing, finding: 'cannot tell', sentence };
    });
  }
}

/** What an external set showed, as a check of the audit. Throws {@link UnfitStudyError} for a study that is none of this run. */
async function externalCheck(
  { catalogue }: StudyNeeds,
  { id, about, auc }: { id: string; about: string; auc: Estimate },
): Promise<AuditCheck> {
  const study = await findStudy(catalogue, id);
  if (study?.about !== about || study.result?.kind !== 'external') {
    throw new UnfitStudyError(`study ${id} is no finished examination of run ${about} on an external set`);
  }
  const { result } = study;
  return {
    check: 'external',
    about: `the model on ${result.collection}, which it never saw`,
    images: result.images,
    auc: result.auc,
    gain: difference(auc, result.auc),
    ...judgeExternal(result.collection, { internal: auc, external: result.auc }),
  };
}

function numbers({ auc, gain }: { auc: Estimate; gain: Estimate }): { auc: Estimate; gain: Estimate } {
  return { auc, gain };
}

/** Without an interval: the deals are other labels, so that nothing is paired. */
function difference(one: Estimate, other: Estimate): Estimate {
  const value = one.value === null || other.value === null ? null : one.value - other.value;
  return { value, low: null, high: null };
}
