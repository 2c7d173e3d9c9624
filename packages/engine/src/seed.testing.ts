/** The seed of a random test: `PORTCULLIS_SEED`, else any; printed, so that a failure can be had again. */
export function printedSeed(test: string): number {
  const seed = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${test}: PORTCULLIS_SEED=${seed}`);
  return seed;
}
