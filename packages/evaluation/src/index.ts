export { acceptance } from './acceptance.js';
export {
  aucEstimate,
  meanAucStatistic,
  modelAuc,
  newcombeInterval,
  oneAgainstRestAuc,
  type ScoredImages,
} from './auc-estimate.js';
export { auditVerdict, judgeBlanked, judgeExternal, judgePermuted, judgeShortcut, repeatedEstimate } from './audit.js';
export {
  type BaselineInput,
  type Covariates,
  covariateRow,
  outOfFoldLogistic,
  readCovariates,
} from './baseline.js';
export { BOOTSTRAP_SEED, type BootstrapOptions, patientBootstrap, RESAMPLES, type Statistic } from './bootstrap.js';
export {
  brierScore,
  calibrationErrors,
  logLoss,
  type ReliabilityBin,
  reliabilityBins,
  topLabelCalibrationError,
} from './calibration.js';
export { clusteredWilson, f1FromAgreement, proportion, type Trial } from './clustered-proportion.js';
export { type McNemar, mcNemar, type PairedMetrics, type PairedScores, pairedAucDifference } from './comparison.js';
export {
  type ClassificationSummary,
  type Confusion,
  confusionMatrix,
  predictedClass,
  summarise,
  thresholded,
} from './confusion.js';
export { chooseOperatingPoint, type DecisionPoint, decisionCurve, type OperatingRule } from './decisions.js';
export { type DelongAuc, delongAuc, hanleyMcNeilError, type PairedDelong, pairedDelong } from './delong.js';
export { type Evaluation, type EvaluationInput, evaluateScores } from './evaluate-scores.js';
export { externalSentence, pointAt } from './external.js';
export { type Interval, wilson } from './interval.js';
export { fitLogistic, type LogisticModel, logisticProbability } from './logistic-regression.js';
export { meanAuc } from './mean-auc.js';
export { type Descriptor, descriptorOf, fitNoveltyGuard, type NoveltyGuard, noveltyP } from './novelty.js';
export { accuracyOverSeeds, aucDifferenceOverSeeds, aucOverSeeds, type SeedScores } from './over-seeds.js';
export { permutationP, permuteLabelsByPatient } from './permutation.js';
export { type ComparableRun, type Comparison, plainComparison } from './plain-comparison.js';
export type { EvaluatedImage, ImageScore, PooledScores } from './pooled-scores.js';
export { type SeededRandom, seededRandom } from './random.js';
export { renderReport } from './render-report.js';
export { renderReportHtml } from './render-report-html.js';
export { type BandPoint, type CurveInput, type ReportCurves, reportCurves } from './report-curves.js';
export { averagePrecision, type CurvePoint, operatingCurve, rocAuc, withinFoldAuc } from './roc.js';
export { fitScoring, type Scoring } from './scoring.js';
export { foldTable, type GroupedImage, subgroupTable } from './subgroups.js';
export { applyTemperature, fitTemperature, type Temperature } from './temperature.js';
export { thinned, thresholdTable } from './threshold-table.js';
export { baselineVerdict } from './verdict.js';
export type { ReportContext } from './warnings.js';
