import { SEED_FAULTS, type SeedFault } from '@xvision/contracts';

/** A set of faults by a name. */
export interface Arm {
  readonly name: string;
  readonly faults: ReadonlySet<SeedFault>;
}

/** The ablation: no fault, each alone, all of them (the published project), all but each. */
export function parityArms(): Arm[] {
  return [
    { name: 'no fault', faults: new Set() },
    ...SEED_FAULTS.map((fault) => ({ name: `only ${fault}`, faults: new Set([fault]) })),
    { name: 'all faults', faults: new Set(SEED_FAULTS) },
    ...SEED_FAULTS.map((fault) => ({
      name: `all but ${fault}`,
      faults: new Set(SEED_FAULTS.filter((one) => one !== fault)),
    })),
  ];
}
