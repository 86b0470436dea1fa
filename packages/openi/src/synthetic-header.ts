/** Set to `true` by the simulator on each of its answers; the live service knows no such header. */
export const SYNTHETIC_HEADER = 'x-xvision-synthetic';
