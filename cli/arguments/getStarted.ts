/** Commands to begin with: configs, lessons, links, this machine. */
import { bench } from '../commands/bench.ts'
import { doctor } from '../commands/doctor.ts'
import { init } from '../commands/init.ts'
import { checkLessonFile, lessons } from '../commands/lesson.ts'
import { openLink } from '../commands/openLink.ts'
import { presets } from '../commands/presets.ts'
import type { Commands } from './shared.ts'

export function addStarting({ program, context, finish }: Commands): void {
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
}
