/** Fisher and Yates, in place. */
export function shuffle<Values extends Float32Array | number[]>(values: Values, random: () => number): Values {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const place = Math.floor(random() * (last + 1));
    const moved = values[last] ?? 0;
    values[last] = values[place] ?? 0;
    values[place] = moved;
  }
  return values;
}
