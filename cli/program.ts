/** The commands of `hiso` with their arguments and options; what each does lies in commands/. */
import { Argument, Command, Option } from 'commander'
import { bench } from './commands/bench.ts'
import { capsule, verifyCapsule } from './commands/capsule.ts'
import { cite } from './commands/cite.ts'
import { compare } from './commands/compare.ts'
import { curvature } from './commands/curvature.ts'
import { doctor } from './commands/doctor.ts'
import { download, repositoryKinds } from './commands/download.ts'
import { exportFormats, exportTo } from './commands/export.ts'
import { extend } from './commands/extend.ts'
import { fork } from './commands/fork.ts'
import { chartNames, figure, xNames } from './commands/figure.ts'
import { help } from './commands/help.ts'
import { init } from './commands/init.ts'
import { inspect } from './commands/inspect.ts'
import { join } from './commands/join.ts'
import { checkLessonFile, lessons } from './commands/lesson.ts'
import { list } from './commands/list.ts'
import { pack } from './commands/pack.ts'
import { openLink } from './commands/openLink.ts'
import { presets } from './commands/presets.ts'
import { quickstart } from './commands/quickstart.ts'
import { replay } from './commands/replay.ts'
import { resume } from './commands/resume.ts'
import { run, runFrom, type RunOptions } from './commands/run.ts'
import { schema } from './commands/schema.ts'
import { serve } from './commands/serve.ts'
import { show } from './commands/show.ts'
import { split, splitFormats } from './commands/split.ts'
import { tryOut } from './commands/try.ts'
import { tune } from './commands/tune.ts'
import { modelForms, unpack } from './commands/unpack.ts'
import {
  comparisonFormats,
  figureFormats,
  figurePresets,
  legendPlaces,
  presetNames,
} from '../figures/index.ts'
import { candidates, wordsOf } from './completion/candidates.ts'
import { completionScripts, shells, type Shell } from './completion/scripts.ts'
import { worker } from './commands/worker.ts'
import type { CommandContext } from './context.ts'
import { exitCodes, exitCodeTexts } from './exitCodes.ts'

const configHelp = 'a preset, a YAML or JSON file, or the folder of a run to do again'
const partialHelp = 'take what is there of a run that has lost rounds'
const runHelp = 'the folder of a run'
const brokerHelp = 'where the message broker is, e.g. nats://lab-server or tls://lab-server'

/**
 * Parses the arguments and does what they ask.
 * @returns the exit code
 * @throws CommanderError for a command line that makes no sense, and whatever the command throws
 */
export async function runProgram(
  args: readonly string[],
  context: CommandContext,
  version: string,
): Promise<number> {
  let exitCode: number = exitCodes.ok
  const program = createProgram(context, version, (code) => (exitCode = code))
  await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
  return exitCode
}

type RunFlags = RunOptions & { readonly from?: string }

function scaleOption(flags: string, of: string): Option {
  return new Option(flags, of).choices(['linear', 'log']).default('linear')
}

type Finish = (exitCode: number) => void

export function createProgram(context: CommandContext, version: string, finish: Finish): Command {
  const { terminal } = context
  const program = new Command('hiso')
    .description('Scalar-only federated learning: run, resume, verify and compare experiments.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // Errors are reported in one place, with all others.
      writeErr: () => {},
      getOutHasColors: () => terminal.isColoured,
    })
    .configureHelp({
      styleTitle: (title) => terminal.paint('bold', title),
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText('after', exitCodeHelp)

  program
    .command('quickstart')
    .summary('train on real images with HiSo and with DeComFL, and compare (2 runs)')
    .description('Plays the preset quickstart with HiSo and with DeComFL, then compares them.')
    .addOption(setOption())
    .action(async ({ set }: { readonly set: string[] }) => finish(await quickstart(context, set)))

  program
    .command('run')
    .summary('play a config')
    .description('Plays a config in a new run folder.')
    .argument('[config]', configHelp)
    .option('--from <run>', 'the config of this run, with the rounds that it has now')
    .addOption(
      setOption('; with --methods also for one of them, e.g. fedavg:method.learningRate=0.1'),
    )
    .option('--out <folder>', 'the run folder; if left out, a new one in runs/')
    .option('--methods <names>', 'play it once with each, then compare, e.g. hiso,decomfl')
    .option('--log <form:folder>', 'write what TensorBoard follows, e.g. tensorboard:logs')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (config: string | undefined, options: RunFlags, command: Command) => {
      const { from, ...rest } = options
      if (from !== undefined && config === undefined)
        return finish(await runFrom(context, from, rest))
      if (from === undefined && config !== undefined)
        return finish(await run(context, config, rest))
      return command.error('error: name a config, or a run with --from, and not both')
    })

  program
    .command('tune')
    .summary('find the learning rate of one method or of several, with equal effort')
    .description(
      'Tries learning rates (and numbers of directions) for each method with the same rounds: drops the worse half after R/4 and after R/2 rounds. A stopped search continues with the same command.',
    )
    .argument('<config>', configHelp)
    .addOption(setOption('; with --methods also for one of them'))
    .option('--methods <names>', 'search for each, e.g. hiso,decomfl,decomfl-implicit')
    .option('--rates <list>', 'learning rates; if left out, an eighth to 16 times the config’s')
    .option('--perturbations <list>', 'numbers of directions P; if left out, the config’s')
    .option('--halvings <n>', 'how often the worse half is given up', '2')
    .option('--out <folder>', 'where its runs are; if left out, a folder in tuning/')
    .option('--json', 'print {"rungs": …, "methods": …}')
    .action(async (config: string, options: Parameters<typeof tune>[2]) =>
      finish(await tune(context, config, options)),
    )

  program
    .command('resume')
    .summary('go on with an interrupted run')
    .description(
      'Goes on with an interrupted or stopped run; the result has the same bits as if it had never stopped.',
    )
    .argument('<run>', runHelp)
    .option(
      '--discard-damaged',
      'go on from before what is damaged, or comes out differently, instead of refusing',
    )
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof resume>[2]) =>
      finish(await resume(context, folder, options)),
    )

  program
    .command('extend')
    .summary('play more rounds of a run')
    .description(
      'Goes on with a run beyond its last round, in the same folder; its log records it. With a constant learning rate the result has the same bits as if the run had been longer from the start; what a cosine over all rounds means from there on is said.',
    )
    .argument('<run>', runHelp)
    .requiredOption('--rounds <n>', 'how many rounds to add')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof extend>[2]) =>
      finish(await extend(context, folder, options)),
    )

  program
    .command('fork')
    .summary('a new run that shares its first rounds with another')
    .description(
      'Copies the first rounds of a run into a new folder and plays the rest with other settings: learning rate, Hessian smoothing (nu), number of rounds, name, evaluation, compute. Both runs verify.',
    )
    .argument('<run>', runHelp)
    .requiredOption('--at <round>', 'how many rounds both share; 0 is before the first')
    .addOption(setOption())
    .option('--out <folder>', 'the folder of the new run; if left out, a new one in runs/')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (folder: string, options: Parameters<typeof fork>[2]) =>
      finish(await fork(context, folder, options)),
    )

  program
    .command('replay')
    .summary('rebuild a run’s model from its log alone')
    .description('Rebuilds the model of a run from its log alone and prints the hash of its state.')
    .argument('<run>', runHelp)
    .option('--verify', 'compare with the hash that the run recorded; exit code 6 if it differs')
    .option('--json', 'print {"verified": …, "rounds": …, "stateHash": …}')
    .action(async (folder: string, options: Parameters<typeof replay>[2]) =>
      finish(await replay(context, folder, options)),
    )

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

  program
    .command('list')
    .summary('the runs in a folder')
    .description('Lists the runs in a folder.')
    .argument('[folder]', 'the folder that holds run folders', 'runs')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Parameters<typeof list>[2]) =>
      finish(await list(context, folder, options)),
    )

  program
    .command('show')
    .summary('all there is to say of a run')
    .description('Shows a run: settings, results, bytes, fingerprints, environment.')
    .argument('<run>', runHelp)
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Parameters<typeof show>[2]) =>
      finish(await show(context, folder, options)),
    )

  program
    .command('compare')
    .summary('rounds, bytes and time that runs need to the same target')
    .description('Compares what runs needed to reach a target, each with the first.')
    .argument('<runs...>', 'the folders of runs')
    .option(
      '--target <metric=value>',
      'e.g. accuracy=0.85 or loss=0.4; if left out, the hardest that all reached',
    )
    .addOption(
      new Option(
        '--format <format>',
        'a table for papers or notebooks; curves: means, bands and each run; differences: of settings',
      ).choices(comparisonFormats),
    )
    .option('--out <file>', 'of --format: the file to write')
    .option('--json', 'print JSON')
    .action(async (folders: string[], options: Parameters<typeof compare>[2]) =>
      finish(await compare(context, folders, options)),
    )

  program
    .command('figure')
    .summary('a chart for a paper, a slide or a poster')
    .description(
      'Writes a chart of a run, or of several runs over each other, at the size that it is printed at. The window makes the same file.',
    )
    .argument('<runs...>', 'the folders of runs')
    .addOption(
      new Option('--chart <name>', 'what it shows').choices(chartNames).default('accuracy'),
    )
    .addOption(
      new Option('--x <axis>', 'what it is drawn against')
        .choices(Object.keys(xNames))
        .default('round'),
    )
    .addOption(scaleOption('--x-scale <scale>', 'of the x axis'))
    .addOption(scaleOption('--y-scale <scale>', 'of the y axis'))
    .option('--smoothing <share>', 'weight of the past, from 0 to below 1', '0')
    .addOption(
      new Option('--band <kind>', 'around means over seeds')
        .choices(['confidence', 'std', 'none'])
        .default('confidence'),
    )
    .option('--compare', 'lay runs over each other even if there is only one')
    .option('--group-by <key>', 'auto, none (every run by itself), or a setting', 'auto')
    .option('--sweep <key>', 'draw against a setting, one line per method')
    .addOption(
      new Option('--value <which>', 'of a sweep: the last value or the best')
        .choices(['final', 'best'])
        .default('final'),
    )
    .addOption(
      new Option(
        '--preset <name>',
        presetNames
          .map(
            (name) => `${name} ${figurePresets[name].widthMm} × ${figurePresets[name].heightMm} mm`,
          )
          .join(', '),
      )
        .choices(presetNames)
        .default('one-column'),
    )
    .addOption(
      new Option('--format <format>', 'tex: pgfplots source; vega: Vega-Lite')
        .choices(figureFormats)
        .default('pdf'),
    )
    .addOption(
      new Option('--legend <place>', 'where the legend is').choices(legendPlaces).default('out'),
    )
    .option('--transparent', 'without a white page')
    .option('--title', 'with the chart’s title, which papers put in the caption')
    .option('--dpi <n>', 'of png: pixels per inch; if left out, the preset’s')
    .option('--out <file>', 'the file to write')
    .action(async (folders: string[], options: Parameters<typeof figure>[2]) =>
      finish(await figure(context, folders, options)),
    )

  program
    .command('curvature')
    .summary('whether the H that a run has learned is the Hessian')
    .description(
      'Rebuilds a run’s state at chosen rounds, differentiates its model and compares the learned H with the true Hessian.',
    )
    .argument('<run>', runHelp)
    .option('--rounds <list>', 'rounds to look at, 0 is the initial model, e.g. 0,100,last', 'last')
    .option(
      '--probes <n>',
      'random probes for the true diagonal, or exact; if left out, exact for up to 10,000 parameters, else 400',
    )
    .option('--samples <n>', 'training samples that the loss is the mean of', '512')
    .option('--out <file>', 'write all figures as csv')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Parameters<typeof curvature>[2]) =>
      finish(await curvature(context, folder, options)),
    )

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

  program
    .command('serve')
    .summary('the server of a federation of real clients')
    .description(
      'Opens a federation at a message broker and plays its rounds with the clients that join it, which keep their data. Goes on from its log when it is started again with the same folder. With --invite it writes credentials instead.',
    )
    .argument('<config>', configHelp)
    .addOption(setOption())
    .option('--broker <address>', brokerHelp)
    .requiredOption('--out <folder>', 'the run folder, new or to go on with')
    .option('--invite <names...>', 'write a credentials file for each, and the broker’s users')
    .addOption(credentialsOption())
    .option(
      '--start <n>',
      'the first round of a sitting waits for so many clients; if left out, for all',
    )
    .option('--quorum <n>', 'a round needs so many answers; if left out, half of its participants')
    .option('--deadline <seconds>', 'how long a round waits for those who are there', '60')
    .option('--json', 'stream events, one JSON object per line, and nothing else on stdout')
    .action(async (config: string, options: Parameters<typeof serve>[2]) =>
      finish(await serve(context, config, options)),
    )

  program
    .command('join')
    .summary('one client of a federation, with its own data')
    .description(
      'Joins a federation until it ends. Nothing but answers to rounds leaves this machine: the scalars that docs/wire-format.md describes.',
    )
    .argument('<broker>', brokerHelp)
    .requiredOption('--client <name>', 'who this is')
    .option(
      '--data <path>',
      'this client’s own data; if left out, its share of the dataset that the config names',
    )
    .option('--model <file>', 'the model’s file here, if the config names one')
    .addOption(credentialsOption())
    .action(async (address: string, options: Parameters<typeof join>[2]) =>
      finish(await join(context, address, options)),
    )

  program
    .command('worker')
    .summary('let this machine work for runs elsewhere')
    .description(
      'Offers this machine’s workers to runs whose config names the same broker as compute.cluster. It needs neither their models nor their data: it fetches them once, and keeps them. Ctrl-C ends it; runs go on without it.',
    )
    .argument('<broker>', brokerHelp)
    .option('--workers <n>', 'how many workers; if left out, as many as there are cores')
    .option('--name <name>', 'what runs call this machine; if left out, its host name')
    .addOption(credentialsOption())
    .action(async (address: string, options: Parameters<typeof worker>[2]) =>
      finish(await worker(context, address, options)),
    )

  program
    .command('init')
    .summary('write a config to start from, every key explained')
    .description('Writes a config to start from, every key explained; never overwrites.')
    .argument('[file]', 'the file to write', 'hiso.yaml')
    .action(async (file: string) => finish(await init(context, file)))

  program
    .command('presets')
    .summary('the configs that come with the program')
    .description('Lists the configs that come with the program.')
    .option('--json', 'print JSON')
    .action(async (options: Parameters<typeof presets>[1]) =>
      finish(await presets(context, options)),
    )

  program
    .command('open')
    .summary('what a hiso:// link holds; plays it on a yes')
    .description(
      'Shows the run that a link holds and what it changes of a preset, asks, and plays it. A link holds no path and no command.',
    )
    .argument('<link>', 'hiso://…, as “Copy link” of the app gives it')
    .option('--yes', 'do not ask')
    .option('--json', 'stream events, one JSON object per line')
    .action(async (link: string, options: Parameters<typeof openLink>[2]) =>
      finish(await openLink(context, link, options)),
    )

  const lesson = program
    .command('lesson')
    .summary('check a lesson of your own, or list those that come with the program')
    .description(
      'Lessons are files that the app teaches from; docs/lessons.md says what they hold.',
    )
    .helpCommand(false)
  lesson
    .command('check')
    .description('Says whether a file is a lesson, or everything that is wrong with it.')
    .argument('<file>', 'a YAML file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: Parameters<typeof checkLessonFile>[2]) =>
      finish(await checkLessonFile(context, file, options)),
    )
  lesson
    .command('list')
    .description('Lists the lessons that come with the program.')
    .option('--json', 'print JSON')
    .action(async (options: Parameters<typeof lessons>[1]) =>
      finish(await lessons(context, options)),
    )

  program
    .command('doctor')
    .summary('what this machine offers, and what is missing')
    .description('Reports the machine, providers, bundled data and write access.')
    .option('--json', 'print JSON')
    .action(async (options: Parameters<typeof doctor>[1]) => finish(await doctor(context, options)))

  program
    .command('bench')
    .summary('time this machine: what it can do, and what will be used')
    .description(
      'Times noise, forward passes and rounds, in under a minute, and says which provider and how many workers a config with auto gets, and why.',
    )
    .option('--json', 'print JSON')
    .action(async (options: Parameters<typeof bench>[1]) => finish(await bench(context, options)))

  const packing = program
    .command('capsule')
    .summary('runs with all that is needed to play them again, in one zip')
    .description(
      'Packs runs, configs, fingerprints, versions, figures with their commands, references and an RO-Crate description. hiso capsule verify FILE replays the runs and compares every hash.',
    )
    .argument('<runs...>', 'the folders of runs')
    .option('--out <file>', 'the file to write')
    .action(async (folders: string[], options: { readonly out?: string }) =>
      finish(await capsule(context, folders, { ...options, version })),
    )
  packing
    .command('verify')
    .summary('replay the runs of a capsule and compare every hash; exit code 6 if one differs')
    .argument('<file>', 'a capsule')
    .action(async (file: string) => finish(await verifyCapsule(context, file)))

  program
    .command('cite')
    .summary('what a paper that uses runs should cite, as BibTeX')
    .argument('<runs...>', 'the folders of runs')
    .action(async (folders: string[]) => finish(await cite(context, folders, version)))

  program
    .command('schema')
    .summary('the JSON Schema of a config, for editors')
    .description(
      'Prints the JSON Schema (draft 7) of a config, or writes it to a file. Editors that know YAML complete and check a config whose first line names it: # yaml-language-server: $schema=./hiso.schema.json',
    )
    .option('--out <file>', 'the file to write')
    .action(async (options: Parameters<typeof schema>[1]) => finish(await schema(context, options)))

  program
    .command('completion')
    .summary('what your shell reads so that Tab completes hiso')
    .description(
      'Prints a script. bash: source <(hiso completion bash); zsh the same, behind compinit; fish: hiso completion fish | source; PowerShell: hiso completion powershell | Out-String | Invoke-Expression',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action((shell: Shell) => terminal.write(completionScripts[shell]))

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .option('--line <line>')
    .action((words: string[], { line }: { readonly line?: string }) => {
      const asked = line === undefined ? words : wordsOf(line).slice(1)
      for (const { value, text } of candidates(program, asked, context))
        terminal.print(text === undefined ? value : `${value}\t${text}`)
    })

  program
    .command('help')
    .summary('a command, a setting, a method or a word of the glossary')
    .description('Explains a command, a setting such as method.mu, a method or a term.')
    .argument('[topic]', 'settings, methods, glossary, exit-codes, or any name')
    .action(async (topic: string | undefined) => finish(await help(context, program, topic)))
  return program
}

function credentialsOption(): Option {
  return new Option(
    '--credentials <file>',
    'the file with what the broker asks for; if left out, HISO_CREDENTIALS',
  )
}

function setOption(more = ''): Option {
  return new Option(
    '--set <key.path=value>',
    `change a value of the config; may be repeated${more}`,
  )
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value])
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '')
  return argument.required ? `<${name}>` : `[${name}]`
}

const exitCodeHelp = `
Exit codes:
${exitCodeTexts.map(([code, meaning]) => `  ${code.padEnd(20)}${meaning}`).join('\n')}

Start with:  hiso quickstart`
