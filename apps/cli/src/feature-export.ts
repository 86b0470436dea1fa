import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { imageDetailSchema, imageSummarySchema, POOL5_LENGTH, type Task } from '@xvision/contracts';
import { npyHeader } from '@xvision/explanation';
import { labelOf } from '@xvision/learning';
import { stringify } from 'csv-stringify/sync';
import type { ApiClient } from './api-client.js';
import { CommandError } from './failure.js';

export interface FeatureRow {
  readonly imageId: string;
  readonly file: string;
}

/** Writes the rows one by one, so that a large export needs no memory; a broken one leaves no file under the final name. */
export async function writeFeatures(api: ApiClient, rows: readonly FeatureRow[], out: string): Promise<void> {
  const unfinished = `${out}.part`;
  const file = await open(unfinished, 'w').catch((error: unknown) => {
    throw new CommandError(`${out} cannot be written`, { cause: error });
  });
  try {
    await file.write(npyHeader([rows.length, POOL5_LENGTH]));
    for (const row of rows) {
      const bytes = await api.bytes(`/api/images/${row.imageId}/features`);
      if (bytes.byteLength !== POOL5_LENGTH * 4)
        throw new CommandError(
          `the features of ${row.file} are ${bytes.byteLength} bytes long, not ${POOL5_LENGTH * 4}`,
        );
      await file.write(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, out);
}

/** Every image of the task that has features, with its class: `features.npy` and `labels.csv`. Returns the number of rows. */
export async function exportFeatures(api: ApiClient, task: Task, folder: string): Promise<number> {
  const rows: (FeatureRow & { patient: string; view: string; label: string })[] = [];
  for await (const image of api.all('/api/images?stage=extracted', imageSummarySchema)) {
    const label = labelOf(task, image.labels);
    if (label === undefined || !task.views.includes(image.view)) continue;
    const { patient } = await api.get(`/api/images/${image.id}`, imageDetailSchema);
    rows.push({
      imageId: image.id,
      file: image.file,
      patient,
      view: image.view,
      label: task.classes[label]?.name ?? '',
    });
  }
  if (rows.length === 0) throw new CommandError(`no collected image has features and a class of the task ${task.name}`);
  await mkdir(folder, { recursive: true });
  await writeFeatures(api, rows, path.join(folder, 'features.npy'));
  await writeFile(
    path.join(folder, 'labels.csv'),
    // A name like =1+1 gets an apostrophe before it: a spreadsheet would compute it. `imageId` names the row in any case.
    stringify(rows, {
      header: true,
      columns: ['file', 'label', 'patient', 'view', 'imageId'],
      escape_formulas: true,
    }),
  );
  return rows.length;
}
