export type { HeadNetwork } from './head-network.js';
export { type Cam, type CamMethod, type CamRequest, openCam } from './open-cam.js';
