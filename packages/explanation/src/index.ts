export { type BackbonePasses, closePasses, openBackbonePasses } from './backbone-passes.js';
export type { HeadNetwork } from './head-network.js';
export { type ExplainedHead, headNetworks } from './head-networks.js';
export { integratedGradients } from './integrated-gradients.js';
export { isCellMethod, METHODS, resolutionOf } from './methods.js';
export { npyHeader, npyOf } from './npy.js';
export { meanColour, OCCLUSION_PATCH, OCCLUSION_STRIDE, occlusionMap } from './occlusion.js';
export { type Cam, type CamMethod, type CamRequest, openCam } from './open-cam.js';
export { openEnsembleCam } from './open-ensemble-cam.js';
export { openExplainer } from './open-explainer.js';
export { type Completeness, type ExplainedImage, type Mapper, openMapper, type RawMap } from './open-mapper.js';
export { saliencyOf, shownMap } from './shown-map.js';
export { type Target, targetOf } from './target.js';
export { cellOrder, curveAreas, randomOrder, withCells } from './trust/deletion.js';
export {
  judgeCurve,
  judgePlace,
  judgeRandomisation,
  judgeRepeatability,
  noRepeatability,
  stepUp,
  verdictOf,
} from './trust/judge.js';
export { energyIn, type Lesion, lesionOf, pointsAt } from './trust/lesion.js';
export { randomisedHead } from './trust/randomised-head.js';
export { rankCorrelation, structuralSimilarity } from './trust/similarity.js';
export { type KnownCard, trustOfModel } from './trust/trust-of-model.js';
export { UnexplainableError } from './unexplainable-error.js';
