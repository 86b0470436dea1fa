import type { Command } from 'commander';
import type { Context } from '../context.js';
import { checkExport } from '../export/checksums.js';

export function addCheckExport(program: Command, context: Context): void {
  program
    .command('check-export')
    .description('whether an exported model is byte for byte what was written; needs no stack')
    .argument('<out>', 'what --out of the export said: the file, or the folder of a TF.js model')
    .addHelpText('after', '\nExample:\n  xvision check-export nodule.onnx')
    .action(async (out: string) => {
      const files = await checkExport(out);
      context.output.result({ out, files, unaltered: true }, () =>
        [...files.map((file) => `${file}: unaltered`), 'Research use only; not a medical device'].join('\n'),
      );
    });
}
