import { type Task, taskSchema } from '@xvision/contracts';

/** MeSH majors of Open-i that say that a record was not judged, rather than that something was found. */
const NOT_JUDGED = ['No Indexing', 'Technical Quality of Image Unsatisfactory'];

const normal = { name: 'normal', rule: { kind: 'mesh-exactly' as const, terms: ['normal'] } };

function finding(name: string, description: string): Task {
  return taskSchema.parse({
    name,
    description,
    classes: [normal, { name, rule: { kind: 'mesh-contains', anyOf: [name] } }],
  });
}

/** Tasks that are there without writing a file, by name. Lateral views are left out, except under the seed's own rule. */
export const presetTasks: Readonly<Record<string, Task>> = Object.freeze({
  nodule: finding('nodule', 'any MeSH term naming a nodule against exactly normal, no lateral views'),
  abnormal: taskSchema.parse({
    name: 'abnormal',
    description: 'any judged finding against exactly normal, no lateral views',
    classes: [normal, { name: 'abnormal', rule: { kind: 'mesh-none-of', terms: ['normal', ...NOT_JUDGED] } }],
  }),
  cardiomegaly: finding('cardiomegaly', 'any MeSH term naming cardiomegaly against exactly normal, no lateral views'),
  pneumonia: finding('pneumonia', 'any MeSH term naming pneumonia against exactly normal, no lateral views'),
  seed: taskSchema.parse({
    name: 'seed',
    description: 'the published student project: its labels, its split and its faults, for comparison only',
    labelRule: 'seed',
    classes: [
      { name: 'normal', rule: { kind: 'mesh-exactly', terms: ['normal'] } },
      { name: 'nodule', rule: { kind: 'mesh-contains', anyOf: ['nodule', 'calcinosisnodule'] } },
    ],
    views: ['frontal', 'lateral', 'unknown'],
    split: { kind: 'seed' },
  }),
});
