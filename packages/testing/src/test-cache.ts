import path from 'node:path';
import { projectRoot } from './shared-folder.js';

/** Where fetched servers are kept between runs: `XVISION_CACHE`, else inside the project. */
export function testCache(): string {
  return path.resolve(process.env['XVISION_CACHE'] ?? path.join(projectRoot(), '.xvision', 'cache'));
}
