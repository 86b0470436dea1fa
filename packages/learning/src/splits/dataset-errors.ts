/**
 * The images at hand cannot answer the question that the task asks: none labelled, too few patients, or sets that share
 * what they must not. Trying again does not help; the message says what does.
 */
export class UnfitDatasetError extends Error {
  override readonly name = 'UnfitDatasetError';
}
