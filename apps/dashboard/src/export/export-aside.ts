import { openAside } from '../aside.js';
import type { ExportNeeds, ExportQuestion, ExportReply, StoredExport } from './export-question.js';

/** Exports whose names are kept; their files lie in the store. */
const KEPT = 200;

/** Writes models without holding up whoever else asks the API. */
export interface ModelWriter {
  /** Rejects with an error of the name and message that the thread met. */
  write(question: Omit<ExportQuestion, 'where'>): Promise<readonly StoredExport[]>;
}

/** One model at a time; the same one asked for twice is written once, since its bytes are the same each time. */
export function openModelWriter(where: ExportNeeds): ModelWriter {
  const write: (question: ExportQuestion) => Promise<ExportReply> = openAside<ExportReply>('export/export-worker.js');
  const kept = new Map<string, Promise<readonly StoredExport[]>>();

  async function written(question: ExportQuestion): Promise<readonly StoredExport[]> {
    const reply = await write(question);
    if ('files' in reply) return reply.files;
    throw Object.assign(new Error(reply.error.message), { name: reply.error.name });
  }

  return {
    write: ({ model, format, stem }) => {
      const key = JSON.stringify([model, format, stem]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const files = written({ model, format, stem, where });
      kept.set(key, files);
      files.catch(() => kept.delete(key));
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      return files;
    },
  };
}
