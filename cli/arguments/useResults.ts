/** Commands that carry off what a run has come to: its numbers and its model. */
import { Option } from 'commander'
import { exportFormats, exportTo } from '../commands/export.ts'
import { pack } from '../commands/pack.ts'
import { tryOut } from '../commands/try.ts'
import { modelForms, unpack } from '../commands/unpack.ts'
import { partialHelp, runHelp, type Commands } from './shared.ts'

export function addResults({ program, context, finish }: Commands): void {
  program
    .command('export')
    .summary('a run’s numbers as csv or json, its model as onnx, all of it as one file')
    .description(
      'Writes the numbers of a run (to stdout), its trained model (to RUN.onnx) or the whole run for another installation (to RUN.hiso); of any number of runs one long table (csv with --tidy, parquet) or what TensorBoard reads. --out says where else.',
    )
    .argument('<runs...>', 'the folder of a run; of several for parquet, tensorboard and --tidy')
    .addOption(
      new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory(),
    )
    .option('--out <file>', 'the file to write')
    .option(
      '--tidy',
      'csv as one long table: a row per number, with run, method, seed and settings',
    )
    .option('--with <parts>', 'of the table: metrics, scalars, hessian', 'metrics,scalars')
    .option('--raw', 'of onnx: the graph without the scaling of its inputs')
    .option('--partial', partialHelp)
    .action(async (folders: string[], options: Parameters<typeof exportTo>[2]) =>
      finish(await exportTo(context, folders, options)),
    )

  program
    .command('pack')
    .summary('a run’s trained model as a file of a few kilobytes, to be mailed')
    .description(
      'Writes what the trained model of a run follows from - fingerprint of the base model, config, log of scalars - to RUN.hiso or FILE.',
    )
    .argument('<run>', runHelp)
    .argument('[file]', 'the file to write')
    .option('--partial', partialHelp)
    .action(async (folder: string, file: string | undefined, options: Parameters<typeof pack>[3]) =>
      finish(await pack(context, folder, file, options)),
    )

  program
    .command('unpack')
    .summary('the trained model from a mailed file and the base model')
    .description(
      'Rebuilds the trained model bit for bit and writes it, as one ONNX file or as a LoRA adapter for PEFT.',
    )
    .argument('<file>', 'a .hiso file')
    .option(
      '--base <model>',
      'the model that the run began with; if left out, what its config says',
    )
    .addOption(new Option('--as <form>', 'what to write').choices(modelForms).default('onnx'))
    .option('--out <path>', 'the file to write, or for peft the folder')
    .option('--partial', partialHelp)
    .option('--json', 'print JSON')
    .action(async (file: string, options: Parameters<typeof unpack>[2]) =>
      finish(await unpack(context, file, options)),
    )

  program
    .command('try')
    .summary('a fine-tuned language model on a text of your own, and what it said before')
    .description(
      'Fills the text into the run’s template and shows what the model answers, before the run and after.',
    )
    .argument('<run>', runHelp)
    .option('--text <text>', 'the text, for the template’s main field')
    .addOption(
      new Option('--field <name=text>', 'the text of another field; may be repeated')
        .default([], 'none')
        .argParser((value: string, before: readonly string[]) => [...before, value]),
    )
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Parameters<typeof tryOut>[2]) =>
      finish(await tryOut(context, folder, options)),
    )
}
