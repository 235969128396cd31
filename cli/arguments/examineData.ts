/** Commands that show data and models before anything is trained, and fetch them. */
import { Argument, Option } from 'commander'
import { download, repositoryKinds } from '../commands/download.ts'
import { inspect } from '../commands/inspect.ts'
import { split, splitFormats } from '../commands/split.ts'
import { configHelp, setOption, type Commands } from './shared.ts'

export function addData({ program, context, finish }: Commands): void {
  program
    .command('split')
    .summary('which client gets how many samples of which class')
    .description('Prints the split of a config’s training samples as a client × class table.')
    .argument('<config>', configHelp)
    .addOption(setOption())
    .addOption(
      new Option('--format <format>', 'what to print').choices(splitFormats).default('table'),
    )
    .option('--out <file>', 'the file to write')
    .option('--export <folder>', 'write each client’s images to a folder of its own, for hiso join')
    .option('--json', 'print JSON')
    .action(async (config: string, options: Parameters<typeof split>[2]) =>
      finish(await split(context, config, options)),
    )

  program
    .command('inspect')
    .summary('what is in a dataset or an ONNX file, or what a decoder of full size would take')
    .description(
      'Shows a dataset (samples, classes, value ranges, first rows) or an ONNX file (weights, and which of them can be trained; of a decoder also what they are for), or plans what training one of OPT’s shapes would take on this machine. Exit code 3 for a model that can’t be trained.',
    )
    .argument(
      '<name>',
      'a bundled dataset, a folder of idx files, a CSV file, texts (JSON Lines, CSV, TSV, Parquet, hf:owner/name), an ONNX file, a decoder (opt-mail, its folder, hf:owner/name), or opt-125m to opt-2.7b',
    )
    .option('--label-column <name>', 'the column of a CSV file that holds the class')
    .option('--json', 'print JSON')
    .action(async (word: string, options: Parameters<typeof inspect>[2]) =>
      finish(await inspect(context, word, options)),
    )

  program
    .command('download')
    .summary('a model or texts from the Hugging Face hub')
    .description(
      'Downloads the files of a repository on the hub that a language task needs; an interrupted download continues where it stopped. Respects HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE.',
    )
    .addArgument(new Argument('<kind>', 'model or dataset').choices(repositoryKinds))
    .argument('<id>', 'owner/name, as the hub shows it')
    .option('--revision <name>', 'a branch, a tag or a commit')
    .option('--file <name>', 'of a model: the ONNX file, e.g. onnx/model_fp16.onnx')
    .option('--config <name>', 'of a dataset with several configurations: which one')
    .option('--json', 'stream progress and result, one JSON object per line')
    .action(
      async (
        kind: (typeof repositoryKinds)[number],
        id: string,
        options: Parameters<typeof download>[3],
      ) => finish(await download(context, kind, id, options)),
    )
}
