/** Commands that show runs, one or several beside each other. */
import { Option, type Command } from 'commander'
import {
  comparisonFormats,
  figureFormats,
  figurePresets,
  legendPlaces,
  presetNames,
} from '../../figures/index.ts'
import { compare } from '../commands/compare.ts'
import { curvature } from '../commands/curvature.ts'
import { chartNames, figure, xNames } from '../commands/figure.ts'
import { list } from '../commands/list.ts'
import { show } from '../commands/show.ts'
import { runHelp, scaleOption, type Commands } from './shared.ts'

export function addExamination({ program, context, finish }: Commands): void {
  program
    .command('list')
    .summary('the runs in a folder')
    .description('Lists the runs in a folder, and those one level down.')
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
    .addOption(new Option('--json', 'print JSON').conflicts('format'))
    .action(async (folders: string[], options: Parameters<typeof compare>[2], command: Command) => {
      if (options.out !== undefined && options.format === undefined)
        return command.error(
          `error: --out is for --format: add --format and one of ${comparisonFormats.join(', ')}`,
        )
      return finish(await compare(context, folders, options))
    })

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
      new Option(
        '--format <format>',
        'tex: pgfplots source; vega: Vega-Lite; if left out, what --out ends in, or pdf',
      ).choices(figureFormats),
    )
    .addOption(
      new Option('--legend <place>', 'where the legend is').choices(legendPlaces).default('out'),
    )
    .option('--transparent', 'without a white page')
    .option('--title', 'with the chart’s title, which papers put in the caption')
    .option('--dpi <n>', 'of png: pixels per inch; if left out, the preset’s')
    .option('--probes <n>', 'of curvature charts: random probes; fewer are quicker and less exact')
    .option('--samples <n>', 'of curvature charts: samples that the loss is the mean of')
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
}
