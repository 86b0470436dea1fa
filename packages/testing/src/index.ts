export { projectRoot, sharedFolder } from './shared-folder.js';
