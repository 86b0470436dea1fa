export type { HeadNetwork } from './head-network.js';
export { type Cam, type CamMethod, type CamRequest, openCam } from './open-cam.js';
export { openEnsembleCam } from './open-ensemble-cam.js';
export { saliencyOf, shownMap } from './shown-map.js';
